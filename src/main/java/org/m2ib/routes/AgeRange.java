package org.m2ib.routes;

import java.time.LocalDate;
import java.time.Period;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ages from one to below another, in completed days, weeks, months or years.
 *
 * @param from null: from birth
 * @param below null: without an end
 */
record AgeRange(Years from, Years below) {

  /** A number of days, weeks, months or years (PS3.5 6.2, VR AS, also without leading zeros). */
  record Years(int number, char unit) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,3})([DWMY])");

    /**
     * @throws IllegalArgumentException if it has another form
     */
    static Years parse(String text) {
      Matcher matcher = FORM.matcher(text.strip());
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "'" + text + "' is no age: write up to three digits and D, W, M or Y, as in 18Y");
      }
      return new Years(Integer.parseInt(matcher.group(1)), matcher.group(2).charAt(0));
    }

    Period period() {
      return period(number);
    }

    Period period(int count) {
      return switch (unit) {
        case 'D' -> Period.ofDays(count);
        case 'W' -> Period.ofWeeks(count);
        case 'M' -> Period.ofMonths(count);
        default -> Period.ofYears(count);
      };
    }

    @Override
    public String toString() {
      return "" + number + unit;
    }
  }

  /** Whether no age is in it: for a person of any date of birth. */
  boolean isEmpty() {
    LocalDate birth = LocalDate.of(2000, 1, 1);
    return below != null
        && (below.number() == 0
            || from != null && !birth.plus(from.period()).isBefore(birth.plus(below.period())));
  }

  @Override
  public String toString() {
    return (from == null ? "" : "from " + from)
        + (from != null && below != null ? " " : "")
        + (below == null ? "" : "below " + below);
  }
}
