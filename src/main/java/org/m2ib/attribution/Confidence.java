package org.m2ib.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.m2ib.clip.Tokens;
import org.m2ib.clip.loading.ClipModel;

/**
 * What the model itself says of maps and token scores, as the published evaluations ask it: its
 * similarities with parts of the image or of a sentence taken away.
 */
public final class Confidence {
  private final ClipModel model;
  private final EncodedText text;
  private final List<float[]> images; // a sentence's
  private final List<List<TokenScore>> words = new ArrayList<>();
  private final NDArray kept;
  private final NDArray removed;
  private final NDArray reduced;

  /**
   * @param images of the text's sentences, in their order
   * @param relevances the same
   */
  Confidence(
      ClipModel model, List<EncodedImage> images, EncodedText text, List<Relevance> relevances) {
    this.model = model;
    this.text = text;
    this.images = images.stream().map(image -> image.embedding().toFloatArray()).toList();
    List<Tokens> best = new ArrayList<>();
    for (int i = 0; i < relevances.size(); i++) {
      Tokens tokens = text.sentences().get(i);
      double[] scores = relevances.get(i).tokens();
      words.add(scores == null ? List.of() : TokenScores.of(tokens, scores));
      best.add(scores == null ? tokens : TokenScores.aboveMedian(tokens, words.get(i)));
    }
    NDArray maps = maps(relevances);
    NDArray pixels = EncodedImage.rows(text.manager(), images, EncodedImage::pixels);
    this.kept = model.image().embed(maps.mul(pixels));
    this.removed = model.image().embed(maps.neg().add(1).mul(pixels));
    this.reduced = model.text().embed(text.manager(), best);
  }

  /** Scores of a sentence's own tokens; none where the method has none. */
  List<TokenScore> words(int i) {
    return words.get(i);
  }

  /** Cosine of the whole image and the whole sentence, [-1, 1]. */
  double similarity(int i) {
    return cosine(images.get(i), text.embeddings(), i);
  }

  /** That of the image times its scaled map. */
  double withMap(int i) {
    return cosine(row(text.embeddings(), i), kept, i);
  }

  /** That of the image times 1 minus its scaled map. */
  double withoutMap(int i) {
    return cosine(row(text.embeddings(), i), removed, i);
  }

  /** That of the sentence without the tokens up to the median. */
  double withBestWords(int i) {
    return cosine(images.get(i), reduced, i);
  }

  /**
   * The similarity of a sentence's own tokens, and that of those above the median.
   *
   * @return empty where the method scores no token, or the model pools one that is left out
   */
  Optional<double[]> ofWordsAlone(int i) {
    if (words.get(i).isEmpty()) {
      return Optional.empty();
    }
    Tokens own = TokenScores.own(text.sentences().get(i));
    List<Tokens> both = List.of(own, TokenScores.aboveMedian(own, words.get(i)));
    try (NDManager step = text.manager().newSubManager()) {
      NDArray embeddings = model.text().embed(step, both);
      float[] image = images.get(i);
      return Optional.of(new double[] {cosine(image, embeddings, 0), cosine(image, embeddings, 1)});
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // the end token that is pooled
    }
  }

  /**
   * @return 100 * max(0, similarity - changed)
   */
  public static double drop(double similarity, double changed) {
    return 100 * Math.max(0, similarity - changed);
  }

  /**
   * @return 100 where {@code changed} is higher, else 0
   */
  public static double increase(double similarity, double changed) {
    return changed > similarity ? 100 : 0;
  }

  /** The scaled maps in the size of the input, (N, 1, S, S). */
  private NDArray maps(List<Relevance> relevances) {
    int size = model.image().imageSize();
    float[] maps = new float[relevances.size() * size * size];
    for (int i = 0; i < relevances.size(); i++) {
      float[] map = Upsampling.toInput(relevances.get(i).map(), size, size);
      System.arraycopy(map, 0, maps, i * map.length, map.length);
    }
    return text.manager().create(maps, new Shape(relevances.size(), 1, size, size));
  }

  private static float[] row(NDArray rows, int i) {
    return rows.get(i).toFloatArray();
  }

  static double cosine(float[] a, NDArray rows, int i) {
    float[] b = row(rows, i);
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int k = 0; k < a.length; k++) {
      ab += (double) a[k] * b[k];
      aa += (double) a[k] * a[k];
      bb += (double) b[k] * b[k];
    }
    return ab / Math.max(Math.sqrt(aa * bb), Double.MIN_NORMAL);
  }
}
