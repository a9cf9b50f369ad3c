package org.m2ib.results;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.TokenScore;
import org.m2ib.cases.KeptDiscordance;
import org.m2ib.cases.StoredDiscordance;
import org.m2ib.cases.StudyKey;
import org.m2ib.clip.ModelCard;
import org.m2ib.imaging.Geometry;
import org.m2ib.report.Sentence;
import org.m2ib.results.fhir.FhirBundle;
import org.m2ib.results.fhir.FhirNames;

/** Results made up by hand. */
public final class FhirSamples {
  public static final String REPORT = "FINDINGS: Small pleural effusion. Heart size is normal.\n";
  public static final StudyKey STUDY =
      new StudyKey("1.2.3.4", "A-17", "RIS", "P-4", "PAT-9", "1.2.840.99", "V-3");
  static final ModelCard MODEL =
      new ModelCard(
          "tiny",
          "7",
          "MIT",
          "c0".repeat(32),
          "Formula weights: its maps mean nothing.",
          "Tests alone.",
          "",
          3,
          0.1,
          List.of(),
          List.of(),
          "Test board",
          "2024-05-01");
  public static final Attribution ATTRIBUTION =
      new Attribution(
          "m2ib",
          new double[][] {{0, 1}, {2, 4}},
          List.of(
              new TokenScore("small", 0, 5, 0.25, 0.5), new TokenScore("pleural", 6, 13, 0.5, 1)),
          0.31416,
          0.625,
          1.5,
          0,
          4.5,
          0,
          2.5,
          100,
          null,
          null,
          List.of(3.0, 2.0),
          List.of(1.0, 0.5),
          1.75,
          0.375,
          false,
          null,
          new M2ibSettings(3, 0.1, 10, 5, 0.5, "m2ib"));
  public static final MapLocation PLACE =
      new MapLocation(
          150.5, 250.5, 140.25, 240.75, 0.25, 100, 200, 201, 301, "right", "left", "lower");

  static final Audit AUDIT =
      new Audit(
          0.75,
          0.125,
          0.0625,
          false,
          "en",
          "left",
          true,
          0.875,
          -0.5,
          Map.of("chefer", 0.25),
          new Audit.Alternative("There is no small left effusion.", 0.125, false),
          new Audit.Alternative("Small right effusion.", 0.5, true));

  private FhirSamples() {}

  public static FhirBundle.Settings settings() {
    return FhirBundle.Settings.of("1.0", ZoneId.of("Europe/Berlin"));
  }

  public static FhirBundle.Settings settings(
      String patientIdSystem, String accessionNumberSystem, String reportIdSystem, String wado) {
    return new FhirBundle.Settings(
        "audit",
        "1.0",
        ZoneId.of("UTC"),
        Optional.of(patientIdSystem),
        Optional.of(accessionNumberSystem),
        Optional.of(reportIdSystem),
        FhirNames.defaults(),
        true,
        Optional.of(wado));
  }

  /** "Small pleural effusion." on the first image. */
  public static SentenceResult effusion() {
    return of(STUDY, sentence(0, "Small pleural effusion."), image(1), PLACE, ATTRIBUTION);
  }

  /** The sentence may name the wrong side; its result is {@link #effusion}. */
  public static KeptDiscordance wrongSide(boolean holds) {
    return new KeptDiscordance(
        discordance(
            1,
            "side",
            "effusion",
            effusion().key().id(),
            1,
            3.5,
            new DiscordanceBody(
                "The report says the pleural effusion is on the left; the image fits \"right\" better.",
                "Small pleural effusion.",
                null,
                new TreeMap<>(Map.of("other-side", -0.25, "on-side", -3.125)),
                0.31416,
                AUDIT.otherSide())),
        holds);
  }

  /** A finding that no sentence mentions. */
  public static KeptDiscordance omitted() {
    return new KeptDiscordance(
        discordance(
            2,
            "omitted",
            "nodule",
            null,
            1,
            1.5,
            new DiscordanceBody("Not mentioned.", null, null, Map.of("seen", 1.5), null, null)),
        true);
  }

  /** Two sentences contradict each other; there is no score. */
  public static KeptDiscordance contradiction() {
    return new KeptDiscordance(
        discordance(
            3,
            "contradiction",
            "effusion",
            effusion().key().id(),
            null,
            null,
            new DiscordanceBody(
                "Two sentences disagree.",
                "Small pleural effusion.",
                "No pleural effusion.",
                Map.of(),
                null,
                null)),
        true);
  }

  private static StoredDiscordance discordance(
      int number,
      String kind,
      String finding,
      UUID result,
      Integer image,
      Double logOdds,
      DiscordanceBody body) {
    return new StoredDiscordance(
        new UUID(0, number),
        new UUID(0, 0),
        kind,
        finding,
        result,
        null,
        image,
        logOdds,
        0,
        body.json(),
        Instant.parse("2024-05-02T10:00:00.250Z"),
        null);
  }

  /** "Heart size is normal." on the first image. */
  public static SentenceResult heart() {
    return of(STUDY, sentence(1, "Heart size is normal."), image(1), PLACE, ATTRIBUTION);
  }

  /** "Heart size is normal." on the second image. */
  public static SentenceResult heartLateral() {
    return of(STUDY, sentence(1, "Heart size is normal."), image(2), PLACE, ATTRIBUTION);
  }

  public static SentenceResult of(
      StudyKey study,
      Sentence sentence,
      SentenceResult.Image image,
      MapLocation place,
      Attribution a) {
    return new SentenceResult(
        study,
        new SentenceResult.Report("R-5", "ab".repeat(32)),
        image,
        sentence,
        1,
        a,
        List.of(),
        null,
        place,
        AUDIT,
        MODEL,
        Instant.parse("2024-05-02T10:00:00.250Z"),
        null);
  }

  public static Sentence sentence(int index, String text) {
    int start = Math.max(0, REPORT.indexOf(text));
    return new Sentence(index, "findings", text, start, start + text.length());
  }

  public static SentenceResult.Image image(int number) {
    return image(number, "2024-05-01T23:30:00");
  }

  public static SentenceResult.Image image(int number, String studyDateTime) {
    return new SentenceResult.Image(
        "1.2.3.4.1",
        "1.2.3.4.1." + number,
        "1.2.840.10008.5.1.4.1.1.1.1",
        1,
        1,
        "DX",
        studyDateTime,
        "L\\F",
        new Geometry(400, 300, 299, 224, 37, 0, 224, 224),
        "de".repeat(32),
        "ad".repeat(32));
  }
}
