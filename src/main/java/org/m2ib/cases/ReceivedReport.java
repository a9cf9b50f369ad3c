package org.m2ib.cases;

/**
 * One received report. Its raw message is already durable in the {@link Blobs}.
 *
 * @param study identifiers by which its study is found; {@link StudyKey#identifiesStudy()} holds
 * @param reportId the report's own identifier at its sender (HL7 filler order number OBR-3, FHIR
 *     DiagnosticReport.identifier or the given id); the same id means the same report, so a new
 *     text under it amends the old. If absent, the adapter derives it from the study identifiers
 * @param status see {@link ReportStatus}
 * @param text the plain text with escapes resolved (HL7 {@code \.br\} is a line feed) and line
 *     feeds only; may be empty only for a cancellation. Sentence offsets refer to this text, in
 *     UTF-16 units
 * @param source {@code hl7}, {@code fhir}, {@code api}
 * @param language its language as stated by the sender (BCP 47: {@code de}, {@code de-CH}); null if
 *     not stated
 * @param blob the SHA-256 of the raw message
 * @param times determine which of two versions is later
 * @param notes what intake left out of the text, as sentences; null if nothing
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
