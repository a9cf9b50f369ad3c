package org.m2ib.intake;

import org.m2ib.cases.ReceivedReport;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.StudyKey;

/**
 * A report as an adapter read it, before its raw message is on disk.
 *
 * @param study identifiers of its study
 * @param reportId its identifier at the sender
 * @param status see {@link ReportStatus}
 * @param text plain text with line feeds only; may be blank for a cancellation
 * @param language as the sender names it; null where it does not
 */
record ReportDraft(
    StudyKey study, String reportId, ReportStatus status, String text, String language) {

  ReceivedReport received(String source, String blob) {
    return new ReceivedReport(study, reportId, status, text, source, language, blob);
  }

  /** The sender's own identifier, or else the best name its study has. */
  static String idOr(String reportId, StudyKey study) {
    if (reportId != null && !reportId.isBlank()) {
      return reportId.strip();
    }
    if (study.accessionNumber() != null) {
      return study.accessionNumber();
    }
    return study.orderNumber() != null ? study.orderNumber() : study.studyInstanceUid();
  }
}
