package org.m2ib.cases;

import java.util.List;

/**
 * One received report. Its raw message is already durable in the {@link Blobs}.
 *
 * @param study identifiers by which its study is found; {@link StudyKey#identifiesStudy()} holds
 * @param reportId the report's own identifier at its sender (HL7 filler order number OBR-3, FHIR
 *     DiagnosticReport.identifier or the given id); the same id means the same report, so a new
 *     text under it amends the old. If absent, the adapter derives it from the study identifiers
 * @param status see {@link ReportStatus}
 * @param text the plain text with escapes resolved (HL7 {@code \.br\} is a line feed) and line
 *     feeds only; may be empty only for a cancellation, and for a document without text if the
 *     notes say why. Sentence offsets refer to this text, in UTF-16 units
 * @param source {@code hl7}, {@code fhir}, {@code api}, {@code dicom}
 * @param language its language as stated by the sender (BCP 47: {@code de}, {@code de-CH}); null if
 *     not stated
 * @param blob the SHA-256 of the raw message
 * @param times determine which of two versions is later
 * @param notes what intake left out of the text, as sentences; null if nothing
 * @param authors identifiers and names of those who wrote it, as its sender has them; empty if not
 *     stated
 * @param document the DICOM object or HL7 document (MDM) that the report is; null if it came in
 *     another way
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
    String notes,
    List<String> authors,
    Document document) {

  /**
   * @param sopInstanceUid (0008,0018); of an HL7 document, its unique number (TXA-12)
   * @param predecessors SOP instance UIDs of the documents that it replaces (0040,A360); of an HL7
   *     document, the number of its parent (TXA-13)
   */
  public record Document(String sopInstanceUid, List<String> predecessors) {
    public Document {
      predecessors = List.copyOf(predecessors);
    }
  }

  /** A report that is not a DICOM object. */
  public ReceivedReport(
      StudyKey study,
      String reportId,
      ReportStatus status,
      String text,
      String source,
      String language,
      String blob,
      ReportTimes times,
      String notes) {
    this(study, reportId, status, text, source, language, blob, times, notes, List.of(), null);
  }

  public ReceivedReport {
    authors = List.copyOf(authors);
    if (!study.identifiesStudy()) {
      throw new IllegalArgumentException(
          "the report names no study: give a study UID, an accession number or an order number");
    }
    if (reportId == null || reportId.isBlank()) {
      throw new IllegalArgumentException("the report has no identifier");
    }
    boolean mayBeEmpty =
        status == ReportStatus.CANCELLED
            || document != null && notes != null && !source.equals("hl7");
    if (!mayBeEmpty && (text == null || text.isBlank())) {
      throw new IllegalArgumentException("the report " + reportId + " has no text");
    }
  }

  /** The same report under another identifier. */
  public ReceivedReport as(String otherId) {
    return new ReceivedReport(
        study, otherId, status, text, source, language, blob, times, notes, authors, document);
  }

  /**
   * Whether two DICOM documents are versions of one report: one replaces the other, or repeats it.
   */
  boolean isVersionOf(ReceivedReport other) {
    return document.sopInstanceUid().equals(other.document.sopInstanceUid())
        || document.predecessors().contains(other.document.sopInstanceUid())
        || other.document.predecessors().contains(document.sopInstanceUid())
        || !text.isBlank() && text.equals(other.text);
  }
}
