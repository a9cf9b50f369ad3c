package org.m2ib.results;

import java.time.Instant;
import java.util.List;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.Interactions;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.cases.StudyKey;
import org.m2ib.clip.ModelCard;
import org.m2ib.imaging.Geometry;
import org.m2ib.report.Sentence;

/** Made-up results for tests. */
public final class MadeResults {
  static final Instant COMPUTED = Instant.parse("2026-03-04T23:30:15Z");

  private MadeResults() {}

  public static Attribution attribution(double[][] bits) {
    return new Attribution(
        "m2ib",
        bits,
        List.of(),
        0.3,
        null,
        2,
        0,
        3,
        0,
        1,
        0,
        null,
        null,
        List.of(1.0),
        List.of(1.0),
        0.4,
        0.2,
        false,
        null,
        M2ibSettings.PAPER);
  }

  /** The same figures as another method's, which has no loop. */
  public static Attribution by(String method, Attribution a) {
    return with(a, method, List.of(), a.cut());
  }

  /**
   * The same of a sentence that was too long.
   *
   * @param at offset in the sentence
   */
  public static Attribution cut(Attribution a, int at) {
    return with(a, a.method(), a.imageLoss(), at);
  }

  /** The same with other settings. */
  public static Attribution in(Attribution a, M2ibSettings settings) {
    return with(a, a.method(), a.imageLoss(), a.cut(), settings);
  }

  private static Attribution with(Attribution a, String method, List<Double> losses, Integer cut) {
    return with(a, method, losses, cut, a.settings());
  }

  private static Attribution with(
      Attribution a, String method, List<Double> losses, Integer cut, M2ibSettings settings) {
    return new Attribution(
        method,
        a.map(),
        a.tokens(),
        a.similarity(),
        a.probability(),
        a.confidenceDrop(),
        a.confidenceIncrease(),
        a.removedConfidenceDrop(),
        a.removedConfidenceIncrease(),
        a.textConfidenceDrop(),
        a.textConfidenceIncrease(),
        null,
        null,
        losses,
        losses,
        a.imageCapacity(),
        a.textCapacity(),
        cut != null,
        cut,
        settings);
  }

  /** The result with another method delivered, and additional ones stored. */
  public static SentenceResult with(
      SentenceResult r, Attribution delivered, Attribution... beside) {
    return new SentenceResult(
        r.study(),
        r.report(),
        r.image(),
        r.sentence(),
        r.occurrence(),
        delivered,
        List.of(beside),
        r.interactions(),
        r.place(),
        r.audit(),
        r.model(),
        r.computed(),
        null);
  }

  /** The result with interactions of its first two words, of which the second lowers the match. */
  public static SentenceResult withInteractions(SentenceResult r) {
    String text = r.sentence().text();
    int first = text.indexOf(' ');
    int next = text.indexOf(' ', first + 1);
    int second = next < 0 ? text.length() : next;
    Interactions interactions =
        new Interactions(
            r.attribution().similarity(),
            List.of(
                new Interactions.Word(
                    text.substring(0, first), 0, first, new double[][] {{0.0625, -0.03125}}),
                new Interactions.Word(
                    text.substring(first + 1, second),
                    first + 1,
                    second,
                    new double[][] {{-0.125, 0}})));
    return new SentenceResult(
        r.study(),
        r.report(),
        r.image(),
        r.sentence(),
        r.occurrence(),
        r.attribution(),
        r.additional(),
        interactions,
        r.place(),
        r.audit(),
        r.model(),
        r.computed(),
        null);
  }

  /** The result with an audit. */
  public static SentenceResult audited(SentenceResult r, Audit audit) {
    return new SentenceResult(
        r.study(),
        r.report(),
        r.image(),
        r.sentence(),
        r.occurrence(),
        r.attribution(),
        r.additional(),
        r.interactions(),
        r.place(),
        audit,
        r.model(),
        r.computed(),
        null);
  }

  /** A smooth hill in a grid, 2 bits high. */
  public static double[][] hill(int rows, int columns, double row, double column) {
    double[][] bits = new double[rows][columns];
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++) {
        bits[y][x] = 2 * Math.exp(-(Math.pow(y - row, 2) + Math.pow(x - column, 2)) / 3);
      }
    }
    return bits;
  }

  /** The whole of an image, squeezed into a model's square. */
  public static Geometry whole(int rows, int columns) {
    return new Geometry(rows, columns, 224, 224, 0, 0, 224, 224);
  }

  public static SentenceResult.Image image(
      String sopClass, int frame, int frames, Geometry geometry) {
    return new SentenceResult.Image(
        "1.2.3.4", "1.2.3.4.5", sopClass, frame, frames, "CR", null, "L\\F", geometry, "00", "00");
  }

  public static SentenceResult result(String sentence, SentenceResult.Image image) {
    return result(sentence, image, "");
  }

  public static SentenceResult result(String sentence, SentenceResult.Image image, String warning) {
    Attribution attribution = attribution(hill(7, 7, 4, 2));
    return new SentenceResult(
        new StudyKey("1.2.3", "A1", null, null, "P1", null),
        new SentenceResult.Report("R1", "0f"),
        image,
        new Sentence(0, "findings", sentence, 0, sentence.length()),
        1,
        attribution,
        MapLocation.of(
            attribution.scaled(), image.geometry(), image.patientOrientation(), image.modality()),
        new ModelCard("tiny-clip", "1", "", "ab".repeat(32), warning),
        COMPUTED);
  }
}
