package org.m2ib.campaigns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.m2ib.base.Spreadsheet;
import org.m2ib.judging.Judgement;
import org.m2ib.judging.Question;
import org.m2ib.judging.Scheme;

/**
 * Every reading of a campaign as a table (RFC 4180), without text of reports and notes. {@code
 * complete} says whether all readers of the sentence have judged it with the map: only then its
 * readings are in the figures of the {@link CampaignReport}.
 */
public final class CampaignCsv {
  private CampaignCsv() {}

  /**
   * @param judgements of the campaign
   */
  public static String of(Scheme scheme, List<Item> items, List<Judgement> judgements) {
    StringBuilder out = new StringBuilder();
    try (CSVPrinter csv = new CSVPrinter(out, CSVFormat.RFC4180)) {
      csv.printRecord(
          "item",
          "stratum",
          "case",
          "result",
          "reader",
          "stage",
          "arbitration",
          "question",
          "answer",
          "time",
          "complete");
      Map<UUID, List<Judgement>> counting =
          Judgement.counting(judgements).stream()
              .sorted(Comparator.comparing(Judgement::person).thenComparing(Judgement::stage))
              .collect(Collectors.groupingBy(Judgement::resultId));
      for (Item item : items) {
        List<Judgement> own = counting.getOrDefault(item.resultId(), List.of());
        boolean complete = item.isComplete(own);
        for (Judgement j : own) {
          for (Question question : scheme.questions()) {
            String answer = j.answers().get(question.code());
            if (answer != null) {
              csv.printRecord(
                  item.number(),
                  Spreadsheet.safe(item.stratum()),
                  item.caseId(),
                  item.resultId(),
                  Spreadsheet.safe(j.person()),
                  j.stage().code(),
                  j.arbitration(),
                  question.code(),
                  answer,
                  j.at(),
                  complete);
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }
}
