package org.m2ib.intake.hl7;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.m2ib.intake.hl7.Hl7Message.Line;
import org.m2ib.intake.hl7.Hl7Message.Value;

/** Selects the identifier of a patient from those of PID. */
final class Hl7PatientId {
  private final List<String> patientIdAuthorities;

  /**
   * @param patientIdAuthorities preferred assigning authorities, best first
   */
  Hl7PatientId(List<String> patientIdAuthorities) {
    this.patientIdAuthorities = patientIdAuthorities;
  }

  /**
   * @param component of PID-3: 1 the identifier, 4 its assigning authority
   */
  Value of(Line patient, int component) {
    if (patient == null) {
      return null;
    }
    int best = repetition(patient);
    if (best < 0) {
      return patient.value(2, component); // before v2.3.1 the identifier was in PID-2
    }
    String value = patient.at(3, best, component, 1);
    return value == null ? null : new Value(value, patient.place(3));
  }

  /**
   * Selects a repetition of PID-3: those of the first configured authority that occurs; among them
   * the one of type MR (table 0203), otherwise the first that is untyped or an institution's own
   * number (PI, PT), otherwise the first. Negative if none has an identifier.
   */
  private int repetition(Line patient) {
    List<Integer> all =
        IntStream.range(0, patient.repetitions(3))
            .filter(i -> patient.at(3, i, 1, 1) != null)
            .boxed()
            .toList();
    for (String authority : patientIdAuthorities) {
      List<Integer> its =
          all.stream()
              .filter(
                  i ->
                      authority.equals(patient.at(3, i, 4, 1))
                          || authority.equals(patient.at(3, i, 4, 2)))
              .toList();
      if (!its.isEmpty()) {
        all = its;
        break;
      }
    }
    return all.stream().min(Comparator.comparingInt(i -> rank(patient.at(3, i, 5, 1)))).orElse(-1);
  }

  static int rank(String type) {
    return switch (type == null ? "" : type.toUpperCase(Locale.ROOT)) {
      case "MR", "MRN" -> 0;
      case "", "PI", "PT" -> 1;
      default -> 2;
    };
  }
}
