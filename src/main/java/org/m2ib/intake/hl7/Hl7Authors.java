package org.m2ib.intake.hl7;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.m2ib.intake.hl7.Hl7Message.Line;

/**
 * Persons in a field: NDL, whose first component is the person with number, family and given name
 * as subcomponents (HL7 v2.5.1, 2.A.47), or XCN, which has them as components (2.A.88).
 */
final class Hl7Authors {
  private Hl7Authors() {}

  /** Number and {@code FAMILY^GIVEN} of each person, as far as they are there. */
  static Stream<String> of(Line line, int field) {
    return IntStream.range(0, line.repetitions(field))
        .boxed()
        .flatMap(i -> person(line, field, i))
        .filter(text -> !text.isBlank());
  }

  private static Stream<String> person(Line line, int field, int i) {
    String number = part(line, field, i, 1, 1);
    String family = part(line, field, i, 1, 2);
    String given = part(line, field, i, 1, 3);
    if (family.isEmpty() && given.isEmpty()) {
      family = part(line, field, i, 2, 1);
      given = part(line, field, i, 3, 1);
      if (family.matches("[0-9.+-]*")) { // NDL-2 and NDL-3 are times
        return Stream.of(number);
      }
    }
    return Stream.of(number, given.isEmpty() ? family : family + "^" + given);
  }

  private static String part(Line line, int field, int i, int component, int subcomponent) {
    String value = line.at(field, i, component, subcomponent);
    return value == null ? "" : value.strip();
  }
}
