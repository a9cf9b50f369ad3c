package org.m2ib.results;

import java.util.ArrayList;
import java.util.List;
import org.m2ib.attribution.Attribution;

/**
 * A figure of a result under its code, for outputs that list figures one by one: the structured
 * report and the HL7 message.
 *
 * @param scheme {@code DCM}, or this project's 99M2IB
 * @param code value of the code
 * @param meaning at most 64 characters
 * @param value may be NaN, for a computation that diverged
 * @param unit UCUM: {@code 1} or {@code %}
 */
public record ResultFigure(String scheme, String code, String meaning, double value, String unit) {
  /** Private coding scheme of this project. */
  public static final String OWN = "99M2IB";

  public static final String NO_UNIT = "1";
  public static final String PERCENT = "%";

  /** Those of the map itself, the similarity first. */
  public static List<ResultFigure> ofMap(SentenceResult result) {
    Attribution a = result.attribution();
    List<ResultFigure> figures = new ArrayList<>();
    figures.add(similarity(result));
    if (a.probability() != null) {
      figures.add(new ResultFigure("DCM", "122157", "Probability", a.probability(), NO_UNIT));
    }
    figures.add(own("CONFIDENCE-DROP", "Confidence drop", a.confidenceDrop(), PERCENT));
    figures.add(
        own("REMOVED-DROP", "Confidence drop without the map", a.removedConfidenceDrop(), PERCENT));
    figures.add(
        own(
            "AREA-SHARE",
            "Share of the model's square above half",
            result.place().areaAboveHalf(),
            NO_UNIT));
    return figures;
  }

  public static ResultFigure similarity(SentenceResult result) {
    return own(
        "SIMILARITY",
        "Similarity of image and sentence",
        result.attribution().similarity(),
        NO_UNIT);
  }

  /** Those of its audit, as far as they are known. */
  public static List<ResultFigure> ofAudit(SentenceResult result) {
    List<ResultFigure> figures = new ArrayList<>();
    Audit audit = result.audit();
    if (audit != null) {
      addKnown(figures, "ENTROPY", "Entropy of the map", audit.entropy());
      addKnown(
          figures, "OUTSIDE-BODY", "Share of the map outside the body", audit.shareOutsideBody());
      addKnown(figures, "ON-TEXT", "Share of the map on text", audit.shareOnText());
      addKnown(figures, "SEED-AGREEMENT", "Agreement with other noise", audit.seedAgreement());
    }
    return figures;
  }

  private static void addKnown(
      List<ResultFigure> figures, String code, String meaning, Double value) {
    if (value != null) {
      figures.add(own(code, meaning, value, NO_UNIT));
    }
  }

  private static ResultFigure own(String code, String meaning, double value, String unit) {
    return new ResultFigure(OWN, code, meaning, value, unit);
  }
}
