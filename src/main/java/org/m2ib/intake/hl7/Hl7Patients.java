package org.m2ib.intake.hl7;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.m2ib.cases.PatientChange;
import org.m2ib.cases.PatientId;
import org.m2ib.cases.ReportTimes;
import org.m2ib.intake.Identifiers;
import org.m2ib.intake.UnacceptableReportException;
import org.m2ib.intake.hl7.Hl7Message.Line;
import org.m2ib.intake.hl7.Hl7Message.Value;

/**
 * Reads patient messages (HL7 v2.8 chapter 3): updates, and merges and changes of identifiers,
 * where PID names the patient that is used from now on and MRG the identifiers that are not.
 */
final class Hl7Patients {
  private static final Set<String> UPDATES = Set.of("A08", "A31");

  /** A18, A30, A34, A36 and A39 are older forms of A40, A46 of A47; their structure is the same. */
  private static final Set<String> MERGES =
      Set.of("A18", "A30", "A34", "A36", "A39", "A40", "A46", "A47");

  private static final Map<String, String> REFUSED =
      Map.of(
          "A24",
          "linking patients (A24) is not supported: send a merge (A40) if they are one patient",
          "A37",
          "unlinking patients (A37) is not supported, because nothing is linked by A24",
          "A51",
          "unmerging patients (A51) is not supported: what was received under either identifier"
              + " cannot be told apart; if the merge named a wrong patient, send A47 with the right"
              + " one");

  private final Hl7PatientId patientIds;

  Hl7Patients(List<String> patientIdAuthorities) {
    this.patientIds = new Hl7PatientId(patientIdAuthorities);
  }

  /**
   * @param changes without the hash of the message
   * @param notes what was left out
   */
  record Read(List<PatientChange> changes, List<String> notes) {}

  /** An identifier with its type (table 0203). */
  private record Listed(PatientId id, String type) {}

  /**
   * @throws UnacceptableReportException if the event is not accepted, an identifier is missing or
   *     has an invalid value
   */
  Read read(Hl7Message message) {
    String event = message.event();
    boolean merges = MERGES.contains(event);
    if (!merges && !UPDATES.contains(event)) {
      throw new UnacceptableReportException(
          "MSH^1^9^1^2",
          REFUSED.getOrDefault(
              event, "of ADT, only A08, A31, A40, A47 and older forms of them are accepted"));
    }
    Set<PatientChange> changes = new LinkedHashSet<>();
    List<String> notes = new ArrayList<>();
    Line patient = null;
    boolean merged = false;
    for (Line line : message.lines()) {
      if (line.name().equals("PID")) {
        patient = line;
        if (!merges) {
          changes.add(change(message, null, updated(line)));
        }
      } else if (line.name().equals("MRG") && merges) {
        if (patient == null) {
          throw new UnacceptableReportException("PID^1", "MRG comes before any PID");
        }
        merged = true;
        merge(message, patient, line, changes, notes);
      }
    }
    if (patient == null) {
      throw new UnacceptableReportException("PID^1", "the message has no PID segment");
    } else if (merges && !merged) {
      throw new UnacceptableReportException("MRG^1", "the message has no MRG segment");
    }
    return new Read(List.copyOf(changes), notes);
  }

  private PatientId updated(Line patient) {
    Value id = patientIds.of(patient, 1);
    if (id == null) {
      throw new UnacceptableReportException(
          patient.place(3), "the patient has no identifier (PID-3)");
    }
    return new PatientId(
        Identifiers.check(id.place(), id.text(), Identifiers.NUMBER),
        text(patientIds.of(patient, 4)));
  }

  private static void merge(
      Hl7Message message, Line pid, Line mrg, Set<PatientChange> changes, List<String> notes) {
    List<Listed> priors = listed(mrg, 1);
    List<Listed> patients = listed(pid, 3);
    if (priors.isEmpty()) { // before v2.3.1, the identifier that other systems know
      priors = listed(mrg, 4);
      patients = listed(pid, 2).isEmpty() ? patients : listed(pid, 2);
    } else if (patients.isEmpty()) {
      patients = listed(pid, 2);
    }
    if (priors.isEmpty()) {
      throw new UnacceptableReportException(
          mrg.place(1), "the prior patient identifier (MRG-1) is missing");
    } else if (patients.isEmpty()) {
      throw new UnacceptableReportException(pid.place(3), "the patient has no identifier (PID-3)");
    }
    int before = changes.size();
    int same = 0;
    for (Listed prior : priors) {
      PatientId patient = survivor(prior, patients, priors.size() == 1);
      if (patient == null) {
        notes.add("a prior identifier whose authority PID-3 does not name was left out");
      } else if (patient.equals(prior.id())) {
        same++;
      } else {
        changes.add(change(message, prior.id(), patient));
      }
    }
    if (changes.size() > before) {
      return;
    } else if (same < priors.size()) {
      throw UnacceptableReportException.invalid(
          mrg.place(1), "no identifier in PID-3 is of the assigning authority in MRG-1");
    } else if (message.event().equals("A46") || message.event().equals("A47")) {
      notes.add("no identifier changed: MRG-1 and PID-3 name the same");
      return;
    }
    throw UnacceptableReportException.invalid(
        mrg.place(1), "the prior and the surviving patient identifier are the same");
  }

  /**
   * The identifier of the same authority; among several, that of the same type. Without an
   * authority on one side, any.
   */
  private static PatientId survivor(Listed prior, List<Listed> patients, boolean only) {
    Comparator<Listed> best =
        Comparator.comparing((Listed l) -> !Objects.equals(l.type(), prior.type()))
            .thenComparing(l -> Hl7PatientId.rank(l.type()));
    String issuer = prior.id().issuer();
    Stream<Listed> same = patients.stream().filter(l -> Objects.equals(l.id().issuer(), issuer));
    return same.min(best)
        .or(
            () ->
                patients.stream().filter(l -> issuer == null || l.id().issuer() == null).min(best))
        .or(() -> patients.stream().filter(l -> only && patients.size() == 1).findFirst())
        .map(Listed::id)
        .orElse(null);
  }

  private static List<Listed> listed(Line line, int field) {
    List<Listed> all = new ArrayList<>();
    for (int i = 0; i < line.repetitions(field); i++) {
      String id = Identifiers.check(line.place(field), line.at(field, i, 1, 1), Identifiers.NUMBER);
      if (id != null) {
        String issuer =
            Identifiers.check(line.place(field), line.at(field, i, 4, 1), Identifiers.NAME);
        String type = line.at(field, i, 5, 1);
        all.add(
            new Listed(
                new PatientId(id, issuer), type == null ? "" : type.toUpperCase(Locale.ROOT)));
      }
    }
    return all;
  }

  private static PatientChange change(Hl7Message message, PatientId prior, PatientId patient) {
    Line header = message.header();
    Line event = message.first("EVN");
    String sender =
        Stream.of(header.value(3, 1), header.value(4, 1))
            .map(Hl7Patients::text)
            .map(part -> part == null ? "" : part)
            .reduce((application, facility) -> application + "^" + facility)
            .orElse("");
    return new PatientChange(
        prior,
        patient,
        message.event(),
        sender.equals("^") ? null : sender,
        event == null ? null : text(event.value(5, 1)),
        new ReportTimes(
            event == null ? null : Hl7Time.digits(event.at(2, 1)), Hl7Time.digits(header.at(7, 1))),
        null);
  }

  private static String text(Value value) {
    return value == null ? null : Identifiers.check(value.place(), value.text(), Identifiers.NAME);
  }
}
