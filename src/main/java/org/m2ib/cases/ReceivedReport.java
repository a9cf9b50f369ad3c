package org.m2ib.cases;

/**
 * One message that carries a report, as it was received: its raw bytes are already durable in the
 * {@link Blobs}.
 *
 * @param study identifiers by which its study is found; {@link StudyKey#identifiesStudy()} holds
 * @param reportId the report's own identifier at its sender (HL7 filler order number OBR-3, FHIR
 *     DiagnosticReport.identifier or the given id); the same id sent again is the same report, so a
 *     new text under it amends the old. Absent: derived by the adapter from the study identifiers
 * @param status see {@link ReportStatus}
 * @param text the plain text, escapes already resolved (HL7 {@code \.br\} is a line feed), line
 *     feeds only; may be empty only for a cancellation. Sentence offsets refer to this text, in
 *     UTF-16 units
 * @param source {@code hl7}, {@code fhir}, {@code api}
 * @param language its language as the sender names it (BCP 47: {@code de}, {@code de-CH}); null
 *     where it does not
 * @param blob the SHA-256 of the raw message
 * @param times by which the later of two versions is known
 * @param notes what intake left out of the text, as sentences; null when nothing
 */
public record ReceivedReport(
    StudyKey study,
    String reportId,
    ReportStatus status,
    String text,
    String source,
    String language,
    String blob,
    ReportTimes times,
    String notes) {

  public ReceivedReport {
    if (!study.identifiesStudy()) {
      throw new IllegalArgumentException(
          "the report names no study: give a study UID, an accession number or an order number");
    }
    if (reportId == null || reportId.isBlank()) {
      throw new IllegalArgumentException("the report has no identifier");
    }
    if (status != ReportStatus.CANCELLED && (text == null || text.isBlank())) {
      throw new IllegalArgumentException("the report " + reportId + " has no text");
    }
  }
}
