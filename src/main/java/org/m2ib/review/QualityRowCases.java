package org.m2ib.review;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.m2ib.api.ProblemException;
import org.m2ib.quality.Quality;
import org.m2ib.quality.QualityFigure;
import org.m2ib.worklist.Worklist;
import org.m2ib.worklist.WorklistQuery.Among;

/** The cases behind a row of a quality figure, as a filter of the worklist. */
final class QualityRowCases {
  private static final int LONGEST = 1500;
  private static final Set<String> NAMES =
      Set.of(
          "figure",
          "measure",
          "by",
          "group",
          "model",
          "modality",
          "sender",
          "from",
          "to",
          "step",
          "referenceFrom",
          "referenceTo");

  private QualityRowCases() {}

  /**
   * @param row figure, measure, by and group of the row with the filter of the figure, as a query
   *     string
   * @throws ProblemException 400, naming the invalid part
   */
  static Among of(Quality quality, String row) {
    Map<String, String> parts = parts(row);
    QualityParameters parameters = new QualityParameters();
    parameters.model = parts.get("model");
    parameters.modality = parts.get("modality");
    parameters.sender = parts.get("sender");
    parameters.from = parts.get("from");
    parameters.to = parts.get("to");
    QualityFigure figure =
        QualityFigure.of(parts.getOrDefault("figure", ""))
            .orElseThrow(
                () ->
                    new ProblemException(
                        400, "quality: figure: must be one of " + QualityFigure.codes()));
    if (!parts.containsKey("measure") || !parts.containsKey("by")) {
      throw new ProblemException(400, "quality: measure, by: required, as the row has them");
    }
    try {
      List<UUID> ids =
          quality
              .cases(
                  figure,
                  parameters.filter(),
                  parts.get("measure"),
                  parts.get("by"),
                  parts.getOrDefault("group", ""),
                  Worklist.COUNTED)
              .stream()
              .map(Quality.QualityCase::id)
              .toList();
      return new Among(row, ids);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(400, "quality: " + e.getMessage());
    }
  }

  private static Map<String, String> parts(String row) {
    if (row.length() > LONGEST) {
      throw new ProblemException(400, "quality: at most " + LONGEST + " characters");
    }
    Map<String, String> parts = new HashMap<>();
    for (String part : row.split("&")) {
      String[] both = part.split("=", 2);
      if (both.length < 2 || !NAMES.contains(both[0])) {
        throw new ProblemException(400, "quality: must be a query string of " + sorted());
      }
      try {
        String value =
            QueryValues.text("quality", URLDecoder.decode(both[1], StandardCharsets.UTF_8));
        if (value != null) {
          parts.put(both[0], value);
        }
      } catch (IllegalArgumentException e) {
        throw new ProblemException(400, "quality: is not percent-encoded");
      }
    }
    return parts;
  }

  private static List<String> sorted() {
    return NAMES.stream().sorted().toList();
  }
}
