package org.m2ib.holdings;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Values in the form in which they are compared. */
final class Values {
  private Values() {}

  /** In lower case, without empty components at the end of a component group (PS3.5 6.2.1). */
  static String name(String name) {
    String folded =
        Normalizer.normalize(name, Normalizer.Form.NFKC).replace("\0", "").toLowerCase(Locale.ROOT);
    return Arrays.stream(folded.split("=", -1))
        .map(group -> group.strip().replaceFirst("[\\^\\s]+$", ""))
        .collect(Collectors.joining("="))
        .replaceFirst("=+$", "");
  }

  /**
   * @return null if it is not a date, which may have dots (PS3.5 6.2)
   */
  static String date(String date) {
    String digits = date.strip().replace(".", "");
    return digits.matches("\\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])") ? digits : null;
  }

  /**
   * @param pad the digits that a shorter time lacks: '0' for its begin, '9' for its end
   * @return twelve digits; null if it is not a time
   */
  static String time(String time, char pad) {
    String text = time.strip().replace(":", "");
    if (!text.matches("([01]\\d|2[0-3])([0-5]\\d(([0-5]\\d|60)(\\.\\d{1,6})?)?)?")) {
      return null;
    }
    String digits = text.replace(".", "");
    String rest = pad == '0' ? "000000000000" : "235959999999";
    return digits + rest.substring(digits.length());
  }

  /** Without leading zeros and a plus sign, so that equal numbers are equal. */
  static String number(String number) {
    String text = number.strip();
    return text.matches("[+-]?\\d{1,12}") ? String.valueOf(Long.parseLong(text)) : null;
  }
}
