package org.m2ib.dicom;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;

/**
 * Parses numbers written as text, DS and IS (PS3.5 6.2). Java's own parsers accept more: NaN,
 * Infinity, hexadecimal floats, suffixes as in 1d, digits of other scripts. Values longer than the
 * allowed 16 or 12 characters are accepted because many writers send them.
 */
final class NumberStrings {
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?");

  private NumberStrings() {}

  /** The values before the first invalid one; what follows it has lost its position. */
  static double[] doubles(List<String> values) {
    return finite(
        values.stream()
            .map(String::strip)
            .takeWhile(value -> NUMBER.matcher(value).matches())
            .mapToDouble(Double::parseDouble));
  }

  /** As {@link #doubles(List)}; those of binary VRs can be NaN or infinite, too. */
  static double[] finite(DoubleStream values) {
    return values.takeWhile(Double::isFinite).toArray();
  }

  /** As {@link #doubles(List)}, for whole numbers that fit an int, including {@code 1.0}. */
  static int[] integers(List<String> values) {
    return Arrays.stream(doubles(values))
        .takeWhile(value -> value == (int) value)
        .mapToInt(value -> (int) value)
        .toArray();
  }
}
