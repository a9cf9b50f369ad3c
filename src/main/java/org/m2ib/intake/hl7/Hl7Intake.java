package org.m2ib.intake.hl7;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.m2ib.base.Traces;
import org.m2ib.cases.PatientChange;
import org.m2ib.cases.ReceivedReport;
import org.m2ib.cases.StorageUnavailableException;
import org.m2ib.cases.StudyKey;
import org.m2ib.intake.ReportDraft;
import org.m2ib.intake.ReportIntake;
import org.m2ib.intake.UnacceptableReportException;

/** Answers each HL7 message with its acknowledgements, bytes to bytes, whatever the bytes are. */
public final class Hl7Intake {
  private static final Logger LOG = Logger.getLogger(Hl7Intake.class);

  /** Used if MSH-18 is empty. */
  private static final Charset DEFAULT_CHARSET = StandardCharsets.UTF_8;

  private final Hl7Settings settings;
  private final ReportIntake intake;
  private final Hl7Reports reports;
  private final Hl7Patients patients;
  private final Hl7MedicalDocuments documents;

  public Hl7Intake(Hl7Settings settings, ReportIntake intake) {
    this.settings = settings;
    this.intake = intake;
    this.reports = new Hl7Reports(settings.patientIdAuthorities());
    this.documents = new Hl7MedicalDocuments(intake);
    this.patients = new Hl7Patients(settings.patientIdAuthorities());
  }

  /**
   * @param raw a message or a batch without its MLLP frame
   * @return the acknowledgements, each for its own frame, in the message's character set; none if
   *     the sender asked for none
   */
  public List<byte[]> answers(byte[] raw) {
    Hl7Batch batch = Hl7Batch.of(raw);
    if (batch == null) {
      return answersToOne(raw);
    } else if (batch.size() > settings.maxBatchMessages()) {
      return List.of(
          refuse(
              batch,
              "refused: the batch has %d messages, more than %d (m2ib.hl7.max-batch-messages)"
                  .formatted(batch.size(), settings.maxBatchMessages())));
    }
    List<List<byte[]>> answers = new ArrayList<>();
    for (Hl7Batch.Group group : batch.groups()) {
      answers.add(group.messages().stream().flatMap(m -> answersToOne(m).stream()).toList());
    }
    return List.of(
        batch.answer(answers, batch.groups().stream().map(Hl7Batch.Group::difference).toList()));
  }

  /** As {@link #answers}: the first of them; empty if there is none. */
  public byte[] answer(byte[] raw) {
    return answers(raw).stream().findFirst().orElse(new byte[0]);
  }

  /** None of its messages was kept. */
  private static byte[] refuse(Hl7Batch batch, String why) {
    LOG.warnf("HL7 batch %s", why);
    return batch.answer(
        batch.groups().stream().map(group -> List.<byte[]>of()).toList(),
        batch.groups().stream().map(group -> why).toList());
  }

  private List<byte[]> answersToOne(byte[] raw) {
    Hl7Header header = Hl7Header.of(Hl7Charset.latin(raw));
    Hl7Acknowledgement answer;
    try {
      String text = Hl7Charset.decode(raw, DEFAULT_CHARSET);
      header = Hl7Header.of(text);
      Hl7Message message = Hl7Message.parse(text);
      checkSender(message);
      answer =
          Hl7Acknowledgement.accepted(
              switch (message.type()) {
                case "ADT" -> keepPatients(raw, message);
                case "ORM", "OMI", "OMG" -> keepOrders(raw, message);
                case "MDM" -> keepDocuments(raw, message);
                default -> keepReports(raw, message);
              });
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
    return encoded(answer, header, raw);
  }

  private List<byte[]> encoded(Hl7Acknowledgement answer, Hl7Header header, byte[] raw) {
    return answer.asked(header).stream()
        .map(asked -> asked.encode(header).getBytes(charsetOrDefault(raw)))
        .toList();
  }

  private List<String> keepReports(byte[] raw, Hl7Message message) {
    if (Hl7Reports.isOwn(message)) {
      return List.of("these are results of this service, not a report: nothing was kept");
    }
    return keep(raw, reports.read(message), null);
  }

  private List<String> keepOrders(byte[] raw, Hl7Message message) {
    List<StudyKey> orders = reports.readOrders(message);
    if (orders.isEmpty()) {
      return List.of("nothing to do: the order names fewer than two numbers of a study");
    }
    String blob = intake.keepOrders(raw, message.event(), orders);
    LOG.infof("HL7 message with %d order(s) received, blob %s", orders.size(), blob);
    return List.of();
  }

  private List<String> keepDocuments(byte[] raw, Hl7Message message) {
    Hl7MedicalDocuments.Read read = documents.complete(message, reports.read(message));
    List<String> notes = new ArrayList<>(read.notes());
    if (!read.reports().isEmpty()) {
      notes.addAll(keep(raw, read.reports(), read.document()));
    }
    return notes;
  }

  private List<String> keep(
      byte[] raw, List<ReportDraft> drafts, ReceivedReport.Document document) {
    String blob = intake.keep(raw, "hl7", drafts, document);
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
  List<byte[]> answersTooLong(byte[] start) {
    String why =
        "longer than " + settings.maxMessageBytes() + " bytes (m2ib.hl7." + "max-message-bytes)";
    Hl7Batch batch = Hl7Batch.of(start);
    return batch == null
        ? answersRefused(start, "the message is " + why)
        : List.of(refuse(batch, "refused: the batch is " + why));
  }

  /**
   * @param start first bytes of something that did not come in a frame
   * @return AR that says so
   */
  List<byte[]> answersUnframed(byte[] start) {
    return answersRefused(
        start,
        "wrong framing: a message must begin with 0B and end with 1C 0D (MLLP); nothing was kept");
  }

  private List<byte[]> answersRefused(byte[] start, String why) {
    LOG.warnf("HL7 message refused (AR): %s", why);
    Hl7Header header = Hl7Header.of(Hl7Charset.latin(start));
    UnacceptableReportException e = new UnacceptableReportException("MSH^1", why);
    return encoded(Hl7Acknowledgement.refused(e), header, start);
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
