package org.m2ib.review;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.m2ib.agreement.Proportion;
import org.m2ib.base.Spreadsheet;
import org.m2ib.quality.Quality;
import org.m2ib.quality.QualityRow;
import org.m2ib.results.fhir.FhirAgreementReport;

/** Answers of {@code /api/quality}. */
final class QualityAnswers {
  private QualityAnswers() {}

  /**
   * What there is to compute figures from.
   *
   * @param judged results that anyone has judged
   * @param devices whether an image names its device
   * @param few groups with fewer are said to be small
   * @param figures names of the figures
   */
  record QualityOverview(
      long cases,
      long results,
      long judged,
      boolean devices,
      int few,
      List<String> figures,
      List<String> models,
      List<String> modalities,
      List<String> senders,
      QualityReference reference) {}

  /**
   * What figures over time are compared with.
   *
   * @param from first day; null if there is no result
   * @param stated whether it was asked for; else it is the first days that there are
   */
  record QualityReference(LocalDate from, LocalDate to, boolean stated) {
    QualityReference(Quality.Reference of) {
      this(of.from(), of.to(), of.stated());
    }
  }

  record QualityFigureAnswer(String figure, QualityReference reference, List<QualityRow> rows) {}

  /**
   * @param more whether there are more cases than these
   */
  record QualityCases(List<QualityCaseEntry> cases, boolean more) {}

  record QualityCaseEntry(UUID id, String receivedDay, String modality, long results, String page) {
    QualityCaseEntry(Quality.QualityCase of) {
      this(of.id(), of.receivedDay(), of.modality(), of.results(), "/cases/" + of.id());
    }
  }

  /**
   * Rows of agreement by question. Each result has one model, so that its groups together are all.
   */
  static List<FhirAgreementReport.Asked> asked(List<QualityRow> rows) {
    Map<String, Map<String, Map<String, Proportion>>> byMeasure = new LinkedHashMap<>();
    Map<String, int[]> totals = new HashMap<>();
    for (QualityRow row : rows) {
      int count = Math.toIntExact(row.count());
      int n = Math.toIntExact(row.n());
      byMeasure
          .computeIfAbsent(row.measure(), m -> new LinkedHashMap<>())
          .computeIfAbsent(row.by(), b -> new LinkedHashMap<>())
          .put(row.group().isEmpty() ? "not known" : row.group(), Proportion.of(count, n));
      int[] total = totals.computeIfAbsent(row.measure(), m -> new int[2]);
      if (row.by().equals("model")) {
        total[0] += count;
        total[1] += n;
      }
    }
    List<FhirAgreementReport.Asked> asked = new ArrayList<>();
    byMeasure.forEach(
        (measure, by) -> {
          String[] names = measure.split("\\.", 2);
          int[] total = totals.get(measure);
          asked.add(
              new FhirAgreementReport.Asked(
                  names[0], names[1], Proportion.of(total[0], total[1]), by));
        });
    return asked;
  }

  /**
   * RFC 4180 with a heading; a value that a spreadsheet would compute begins with an apostrophe.
   */
  static String csv(List<QualityRow> rows) {
    StringBuilder text = new StringBuilder();
    CSVFormat format =
        CSVFormat.RFC4180
            .builder()
            .setHeader(
                "measure",
                "by",
                "group",
                "cases",
                "n",
                "count",
                "value",
                "low",
                "high",
                "byChance",
                "up",
                "down",
                "verdict",
                "small")
            .get();
    try (CSVPrinter csv = new CSVPrinter(text, format)) {
      for (QualityRow row : rows) {
        csv.printRecord(
            Spreadsheet.safe(row.measure()),
            row.by(),
            Spreadsheet.safe(row.group()),
            row.cases(),
            row.n(),
            row.count(),
            row.value(),
            row.low(),
            row.high(),
            row.byChance(),
            row.up(),
            row.down(),
            row.verdict(),
            row.small());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
