package org.m2ib.results;

import java.util.List;
import java.util.UUID;
import org.m2ib.attribution.Interactions;
import org.m2ib.clip.ModelCard;
import org.m2ib.imaging.Geometry;

/**
 * Which word of a result's sentence goes with which region of its image, as given out: by {@code
 * /api} and, with the notice, as the attachment of a FHIR DocumentReference. Programs read these
 * names, so they do not change.
 *
 * @param id of the result
 * @param text the sentence
 * @param sopInstanceUid of the image (0008,0018)
 * @param frame counted from 1
 * @param method that made them, and where it is published
 * @param layer of both encoders, counted from 0, behind which the states are taken
 * @param geometry the model's square in the image
 * @param similarity cosine of image and sentence, [-1, 1]; values of a map are parts of it
 * @param wordsSimilarity the sum of all words' maps. The rest is of start, end and class token and
 *     of the reference
 * @param greatest absolute value in the words' maps, for one scale for all words
 * @param words in the order of the sentence
 */
public record InteractionsDocument(
    UUID id,
    String text,
    String sopInstanceUid,
    int frame,
    ModelCard model,
    String method,
    int layer,
    Geometry geometry,
    double similarity,
    double wordsSimilarity,
    double greatest,
    List<WordMap> words) {

  /**
   * @param start offset in the sentence, UTF-16 units, inclusive
   * @param end offset, exclusive
   * @param sum of the map
   * @param map of the image's patches, [rows][columns]; negative where word and patch speak against
   *     the match
   */
  public record WordMap(String text, int start, int end, double sum, double[][] map) {
    private WordMap(Interactions.Word word) {
      this(word.text(), word.start(), word.end(), word.sum(), word.map());
    }
  }

  /** Null for a result without interactions. */
  public static InteractionsDocument of(SentenceResult result) {
    Interactions found = result.interactions();
    return found == null
        ? null
        : new InteractionsDocument(
            result.key().id(),
            result.sentence().text(),
            result.image().sopInstanceUid(),
            result.image().frame(),
            result.model(),
            Interactions.TITLE + " (" + Interactions.SOURCE + ")",
            result.attribution().settings().layer(),
            result.image().geometry(),
            found.similarity(),
            found.sum(),
            found.greatest(),
            found.words().stream().map(WordMap::new).toList());
  }
}
