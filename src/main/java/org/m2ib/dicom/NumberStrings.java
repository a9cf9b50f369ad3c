package org.m2ib.dicom;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;

/**
 * Parses numbers written as text, DS and IS (PS3.5 6.2). Java's parsers accept too much: NaN,
 * Infinity, hexadecimal floats, suffixes as in 1d, digits of other scripts. Values longer than the
 * allowed 16 or 12 characters are accepted, because many writers send them.
 */
final class NumberStrings {
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?");

  private NumberStrings() {}

  /** Returns the values up to the first invalid one; later values would lose their position. */
  static double[] doubles(List<String> values) {
    return finite(
        values.stream()
            .map(String::strip)
            .takeWhile(value -> NUMBER.matcher(value).matches())
            .mapToDouble(Double::parseDouble));
  }

  /** As {@link #doubles(List)} for binary VRs, whose values can be NaN or infinite. */
  static double[] finite(DoubleStream values) {
    return values.takeWhile(Double::isFinite).toArray();
  }

  /** As {@link #doubles(List)} for integers in the range of int; {@code 1.0} is accepted. */
  static int[] integers(List<String> values) {
    return Arrays.stream(doubles(values))
        .takeWhile(value -> value == (int) value)
        .mapToInt(value -> (int) value)
        .toArray();
  }
}
