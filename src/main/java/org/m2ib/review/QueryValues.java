package org.m2ib.review;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Locale;
import org.m2ib.api.ProblemException;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.StorableText;

/** Values of query parameters; a refusal is a 400 that names the parameter and what is allowed. */
final class QueryValues {
  private QueryValues() {}

  /** Null if there is none, or only blanks. */
  static String text(String name, String value) {
    if (value == null || value.isBlank()) {
      return null;
    }
    if (!StorableText.of(value).equals(value)) { // PostgreSQL cannot even search for it
      throw new ProblemException(400, name + ": has a control character, which no value has");
    }
    return value.strip();
  }

  /** Null if there is none. */
  static CaseState state(String value) {
    try {
      return value == null ? null : CaseState.valueOf(value.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          400, "state: must be one of " + Arrays.toString(CaseState.values()));
    }
  }

  /** Null if there is none. */
  static LocalDate day(String name, String value) {
    String day = text(name, value);
    try {
      return day == null ? null : LocalDate.parse(day);
    } catch (DateTimeException e) {
      throw new ProblemException(400, name + ": must be a date as YYYY-MM-DD");
    }
  }

  static int number(String name, String value, int usual, int least, int most) {
    try {
      int number = value == null ? usual : Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new ProblemException(400, name + ": must be a number from " + least + " to " + most);
  }
}
