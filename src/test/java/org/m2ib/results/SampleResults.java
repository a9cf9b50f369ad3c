package org.m2ib.results;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.TokenScore;
import org.m2ib.cases.StudyKey;
import org.m2ib.clip.ModelCard;
import org.m2ib.imaging.Geometry;
import org.m2ib.report.Sentence;

/** Made-up results of made-up sentences. */
public final class SampleResults {
  public static final StudyKey STUDY = new StudyKey("1.2.3", "A1", null, null, "P1", null);
  private static final String HASH = "0123456789abcdef".repeat(4);

  /** An alarm of each kind. */
  public static final Audit AUDIT =
      new Audit(
          0.75,
          0.125,
          0.375,
          true,
          "en",
          "right",
          false,
          0.875,
          null,
          Map.of("chefer", 0.5),
          null,
          null);

  private SampleResults() {}

  /**
   * @param index order in the report; its map of 2 rows and 3 columns is hottest at the right below
   */
  public static SentenceResult of(int index, String text) {
    Attribution attribution =
        new Attribution(
            "m2ib",
            new double[][] {{0.25, 0.5, 0.25}, {0.5, 0.75, 2.25}},
            List.of(new TokenScore(text, 0, text.length(), 1.5, 1)),
            0.28,
            null,
            12.5,
            0,
            3.5,
            0,
            7.5,
            100,
            null,
            null,
            List.of(-0.1, -0.2),
            List.of(-0.3, -0.4),
            0.75,
            1.5,
            false,
            null,
            M2ibSettings.PAPER);
    Geometry geometry = new Geometry(200, 300, 2, 3, 0, 0, 2, 3);
    return new SentenceResult(
        STUDY,
        new SentenceResult.Report("R1", HASH),
        new SentenceResult.Image(
            "1.2.3.4",
            "1.2.3.4.1",
            "1.2.840.10008.5.1.4.1.1.1.1",
            1,
            1,
            "DX",
            "2024-05-06T07:08:09",
            "L\\F",
            geometry,
            HASH,
            HASH),
        new Sentence(index, "findings", text, 10 * index, 10 * index + text.length()),
        1,
        attribution,
        List.of(),
        null,
        MapLocation.of(attribution.scaled(), geometry, "L\\F"),
        AUDIT,
        new ModelCard("sample", "1", "MIT", HASH, "Its maps mean nothing."),
        Instant.parse("2024-05-06T08:00:00.123Z"),
        null);
  }
}
