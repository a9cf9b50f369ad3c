package org.m2ib.intake;

import java.util.List;
import java.util.Optional;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Inbox;
import org.m2ib.cases.PatientChange;
import org.m2ib.cases.PatientId;
import org.m2ib.cases.ReceivedOrder;
import org.m2ib.cases.ReceivedReport;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.StorageUnavailableException;
import org.m2ib.cases.StudyKey;
import org.m2ib.cases.UnstorableException;

/**
 * The common entry point for reports of all protocols and for patient messages. It stores the raw
 * message on disk, then the rows. An adapter must acknowledge only after {@link #keep} has
 * returned.
 */
public final class ReportIntake {
  private final Blobs blobs;
  private final Inbox inbox;

  public ReportIntake(Blobs blobs, Inbox inbox) {
    this.blobs = blobs;
    this.inbox = inbox;
  }

  /**
   * Stores a message and its reports durably. If the second of two reports fails, the sender
   * repeats the message, and the first becomes a harmless duplicate.
   *
   * @param source {@code hl7}, {@code fhir} or {@code api}
   * @return SHA-256 of the raw message
   * @throws UnacceptableReportException if a report has no text and no earlier text that it could
   *     refer to, or the database can never store it
   * @throws StorageUnavailableException if disk or database cannot store it now
   */
  public String keep(byte[] raw, String source, List<ReportDraft> reports) {
    return keep(raw, source, reports, null);
  }

  /**
   * As {@link #keep(byte[], String, List)}.
   *
   * @param document the document that the reports are; null if they are none
   */
  public String keep(
      byte[] raw, String source, List<ReportDraft> reports, ReceivedReport.Document document) {
    List<ReportDraft> complete = reports.stream().map(r -> withText(r, source)).toList();
    String blob = blobs.put(raw);
    for (ReportDraft report : complete) {
      receive(report.received(source, blob, document));
    }
    return blob;
  }

  /**
   * Stores a message and the changes of patient identifiers in it durably, all or none.
   *
   * @return SHA-256 of the raw message
   * @throws UnacceptableReportException if they contradict what is recorded, or the database can
   *     never store them
   * @throws StorageUnavailableException if disk or database cannot store them now
   */
  public String keepPatients(byte[] raw, List<PatientChange> changes) {
    String blob = blobs.put(raw);
    try {
      inbox.receive(changes.stream().map(change -> change.in(blob)).toList());
    } catch (UnstorableException e) {
      throw UnacceptableReportException.invalid("MRG^1^1", e.getMessage());
    }
    return blob;
  }

  /**
   * Stores a message and what its orders put together durably, all or none.
   *
   * @return SHA-256 of the raw message
   * @throws UnacceptableReportException if the database can never store them
   * @throws StorageUnavailableException if disk or database cannot store them now
   */
  public String keepOrders(byte[] raw, String event, List<StudyKey> orders) {
    String blob = blobs.put(raw);
    try {
      inbox.receiveOrders(
          orders.stream().map(study -> new ReceivedOrder(study, event, blob)).toList());
    } catch (UnstorableException e) {
      throw new UnacceptableReportException("MSH^1", e.getMessage());
    }
    return blob;
  }

  /** The latest report that came as a document with this number. */
  public Optional<ReceivedReport> document(String number) {
    return inbox.document(number);
  }

  /** The latest text of a report; empty if there is none. */
  public Optional<String> textBefore(String reportId, StudyKey study) {
    return inbox.textBefore(reportId, study);
  }

  /** Whether anything was received of a patient. */
  public boolean knows(PatientId patient) {
    return inbox.knows(patient);
  }

  /**
   * Completes a message that only changes a status: it refers to the previous text (HL7 table 0085,
   * U).
   */
  private ReportDraft withText(ReportDraft report, String source) {
    if (!report.text().isBlank() || report.status() == ReportStatus.CANCELLED) {
      return report;
    }
    String before = inbox.textBefore(report.reportId(), report.study()).orElse(null);
    if (before != null) {
      return report.withText(before);
    }
    String why = "no report text, and no earlier one with this identifier";
    throw switch (source) {
      case "hl7" ->
          new UnacceptableReportException(
              "OBX^1^5",
              why
                  + ": send an OBX of type TX, FT, ST or ED"
                  + (report.notes().isEmpty() ? "" : "; " + String.join("; ", report.notes())));
      case "fhir" -> new UnacceptableReportException("DiagnosticReport.presentedForm", why);
      default -> new UnacceptableReportException("text", why);
    };
  }

  private void receive(ReceivedReport report) {
    try {
      inbox.receive(report);
    } catch (UnstorableException e) {
      String place = report.source().equals("hl7") ? "MSH^1" : e.field();
      throw new UnacceptableReportException(place, e.getMessage());
    }
  }
}
