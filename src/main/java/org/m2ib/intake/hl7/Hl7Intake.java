package org.m2ib.intake.hl7;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.m2ib.base.Traces;
import org.m2ib.cases.PatientChange;
import org.m2ib.cases.StorageUnavailableException;
import org.m2ib.intake.ReportDraft;
import org.m2ib.intake.ReportIntake;
import org.m2ib.intake.UnacceptableReportException;

/** Answers each HL7 message with one acknowledgement, bytes to bytes, whatever the bytes are. */
public final class Hl7Intake {
  private static final Logger LOG = Logger.getLogger(Hl7Intake.class);

  /** Used if MSH-18 is empty. */
  private static final Charset DEFAULT_CHARSET = StandardCharsets.UTF_8;

  private final Hl7Settings settings;
  private final ReportIntake intake;
  private final Hl7Reports reports;
  private final Hl7Patients patients;

  public Hl7Intake(Hl7Settings settings, ReportIntake intake) {
    this.settings = settings;
    this.intake = intake;
    this.reports = new Hl7Reports(settings.patientIdAuthorities());
    this.patients = new Hl7Patients(settings.patientIdAuthorities());
  }

  /**
   * @param raw a message without its MLLP frame
   * @return the acknowledgement, in the message's character set
   */
  public byte[] answer(byte[] raw) {
    Hl7Header header = Hl7Header.of(Hl7Charset.latin(raw));
    Hl7Acknowledgement answer;
    try {
      String text = Hl7Charset.decode(raw, DEFAULT_CHARSET);
      header = Hl7Header.of(text);
      Hl7Message message = Hl7Message.parse(text);
      checkSender(message);
      answer =
          Hl7Acknowledgement.accepted(
              "ADT".equals(message.header().at(9, 1))
                  ? keepPatients(raw, message)
                  : keepReports(raw, message));
    } catch (UnacceptableReportException e) {
      LOG.warnf("HL7 message refused (AR) at %s: %s", e.place(), e.getMessage());
      answer = Hl7Acknowledgement.refused(e);
    } catch (StorageUnavailableException e) {
      LOG.errorf("HL7 message refused (AE), the sender will retry: %s", e.getMessage());
      answer = Hl7Acknowledgement.retry("storage is not available: send the message again");
    } catch (RuntimeException e) {
      LOG.error("HL7 message refused (AR)", Traces.withoutMessages(e));
      answer = Hl7Acknowledgement.failed("internal error: the message cannot be read");
    }
    return answer.encode(header).getBytes(charsetOrDefault(raw));
  }

  private List<String> keepReports(byte[] raw, Hl7Message message) {
    List<ReportDraft> drafts = reports.read(message);
    String blob = intake.keep(raw, "hl7", drafts);
    LOG.infof("HL7 message with %d report(s) received, blob %s", drafts.size(), blob);
    List<String> notes = drafts.stream().flatMap(d -> d.notes().stream()).distinct().toList();
    notes.forEach(note -> LOG.infof("HL7 message, blob %s: %s", blob, note));
    return notes;
  }

  private List<String> keepPatients(byte[] raw, Hl7Message message) {
    Hl7Patients.Read read = patients.read(message);
    List<PatientChange> changes =
        read.changes().stream()
            .filter(change -> change.prior() != null || intake.knows(change.patient()))
            .toList();
    List<String> notes = new ArrayList<>(read.notes());
    if (changes.isEmpty()) {
      notes.add("nothing to do: no identifier changed, and nothing is held of this patient");
    } else {
      String blob = intake.keepPatients(raw, changes);
      LOG.infof("HL7 patient message ADT^%s received, blob %s", message.event(), blob);
    }
    return notes;
  }

  /**
   * @param start first bytes of a message that exceeds the limit, including its MSH if it has one
   * @return AR that names the limit
   */
  byte[] answerTooLong(byte[] start) {
    UnacceptableReportException e =
        new UnacceptableReportException(
            "MSH^1",
            "the message is longer than "
                + settings.maxMessageBytes()
                + " bytes (m2ib.hl7."
                + "max-message-bytes)");
    LOG.warnf("HL7 message refused (AR): %s", e.getMessage());
    return Hl7Acknowledgement.refused(e)
        .encode(Hl7Header.of(Hl7Charset.latin(start)))
        .getBytes(charsetOrDefault(start));
  }

  private void checkSender(Hl7Message message) {
    String facility = message.header().at(4, 1);
    if (!settings.sendingFacilities().isEmpty()
        && (facility == null || !settings.sendingFacilities().contains(facility))) {
      throw new UnacceptableReportException(
          message.header().place(4), "this sending facility is not allowed to send");
    }
  }

  private Charset charsetOrDefault(byte[] raw) {
    try {
      return Hl7Charset.of(raw, DEFAULT_CHARSET);
    } catch (UnacceptableReportException e) {
      return DEFAULT_CHARSET;
    }
  }
}
