package org.m2ib.intake;

import java.util.ArrayList;
import java.util.List;
import org.m2ib.cases.ReceivedReport;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.ReportTimes;
import org.m2ib.cases.StorableText;
import org.m2ib.cases.StudyKey;

/**
 * A report as parsed by an adapter, before its raw message is stored. The text is cleaned here
 * ({@link TextCleaning}).
 *
 * @param study identifiers of the study
 * @param reportId the sender's identifier of the report
 * @param status see {@link ReportStatus}
 * @param text plain text with line feeds only; blank for a cancellation, and for a message that
 *     only changes the status of the previous text
 * @param language language as named by the sender; null if absent
 * @param times times that determine which of two versions is later
 * @param authors identifiers and names of those who wrote it; empty if not stated
 * @param notes what was left out of the text, for the sender and the case
 */
public record ReportDraft(
    StudyKey study,
    String reportId,
    ReportStatus status,
    String text,
    String language,
    ReportTimes times,
    List<String> authors,
    List<String> notes) {
  private static final int MOST_AUTHORS = 20;
  private static final int LONGEST_AUTHOR = 200;

  /** A report that does not say who wrote it. */
  public ReportDraft(
      StudyKey study,
      String reportId,
      ReportStatus status,
      String text,
      String language,
      ReportTimes times,
      List<String> notes) {
    this(study, reportId, status, text, language, times, List.of(), notes);
  }

  public ReportDraft {
    TextCleaning cleaned = TextCleaning.clean(text);
    text = cleaned.text();
    List<String> all = new ArrayList<>(notes);
    if (cleaned.removed() > 0) {
      all.add(cleaned.note());
    }
    notes = List.copyOf(all);
    authors =
        authors.stream()
            .filter(author -> author != null && !author.isBlank())
            .map(author -> StorableText.of(author).replaceAll("\\s+", " ").strip())
            .filter(author -> author.length() <= LONGEST_AUTHOR)
            .distinct()
            .limit(MOST_AUTHORS)
            .toList();
  }

  ReportDraft withText(String other) {
    return new ReportDraft(study, reportId, status, other, language, times, authors, notes);
  }

  ReceivedReport received(String source, String blob) {
    return received(source, blob, null);
  }

  /**
   * @param document the DICOM object that the report is; null if it came in another way
   */
  public ReceivedReport received(String source, String blob, ReceivedReport.Document document) {
    String told = notes.isEmpty() ? null : String.join("; ", notes);
    return new ReceivedReport(
        study, reportId, status, text, source, language, blob, times, told, authors, document);
  }

  /** Returns the sender's identifier or, if it is absent, the best identifier of the study. */
  public static String idOr(String reportId, StudyKey study) {
    if (reportId != null && !reportId.isBlank()) {
      return reportId.strip();
    }
    if (study.accessionNumber() != null) {
      return study.accessionNumber();
    }
    return study.orderNumber() != null ? study.orderNumber() : study.studyInstanceUid();
  }
}
