package org.m2ib.campaigns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.m2ib.base.Spreadsheet;
import org.m2ib.judging.Judgement;
import org.m2ib.judging.Question;
import org.m2ib.judging.Scheme;

/** Every reading of a campaign as a table (RFC 4180), without text of reports and notes. */
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
          "time");
      List<Judgement> counting =
          Judgement.counting(judgements).stream()
              .sorted(Comparator.comparing(Judgement::person).thenComparing(Judgement::stage))
              .toList();
      for (Item item : items) {
        for (Judgement j : counting) {
          if (j.resultId().equals(item.resultId())) {
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
                    j.at());
              }
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
