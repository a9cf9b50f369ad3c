package org.m2ib.holdings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.m2ib.dicom.Tags;

/**
 * One attribute as a condition of SQL (PS3.4 C.2.2.2).
 *
 * @param arguments for its question marks, in order
 */
record Matching(String sql, List<Object> arguments) {
  private static final int MOST_VALUES = 1000;

  /** Empty if everything matches. */
  static Optional<Matching> of(Key key, String value) {
    if (value.matches("\\*+")) {
      return Optional.empty();
    }
    if (value.length() > 64 * MOST_VALUES || value.indexOf('\0') >= 0) {
      throw bad(key, "the value is too long or no text");
    }
    String column = key.level.alias + "." + key.column();
    return Optional.of(
        switch (key.form) {
          case UID -> uids(key, column, value);
          case CODE -> codes(key, column, value);
          case TEXT -> pattern(column, value);
          case NAME -> name(column, Values.name(value));
          case DATE -> dates(key, column, value);
          case TIME -> times(key, column, value);
          case NUMBER -> number(key, column, value);
          case LIST -> like(column, "%\\" + wildcards(value) + "\\%");
        });
  }

  private static Matching uids(Key key, String column, String value) {
    List<String> uids = values(key, value);
    if (!uids.stream().allMatch(uid -> uid.matches("[0-9]+(\\.[0-9]+)*") && uid.length() <= 64)) {
      throw bad(key, "must be UIDs, separated by backslashes");
    }
    String marks = String.join(",", Collections.nCopies(uids.size(), "?"));
    return new Matching(column + " in (" + marks + ")", List.copyOf(uids));
  }

  private static Matching codes(Key key, String column, String value) {
    boolean modalities = key == Key.MODALITIES;
    List<String> conditions = new ArrayList<>();
    List<Object> arguments = new ArrayList<>();
    for (String code : values(key, value)) {
      Matching one = pattern(modalities ? "m.modality" : column, code);
      conditions.add(one.sql);
      arguments.addAll(one.arguments);
    }
    String any = "(" + String.join(" or ", conditions) + ")";
    return new Matching(
        modalities
            ? "exists (select 1 from held_series m where m.study = s.id and " + any + ")"
            : any,
        arguments);
  }

  private static List<String> values(Key key, String value) {
    List<String> values =
        List.of(value.split("[\\\\,]")).stream()
            .map(String::strip)
            .filter(v -> !v.isEmpty())
            .toList();
    if (values.isEmpty() || values.size() > MOST_VALUES) {
      throw bad(key, "must have 1 to " + MOST_VALUES + " values");
    }
    return values;
  }

  /**
   * A name is stored as up to three component groups, of which any may match. A query with groups
   * asks for each of those that it has, in its place.
   */
  private static Matching name(String column, String name) {
    String pattern =
        Arrays.stream(name.split("="))
            .map(group -> group.isEmpty() ? "%" : wildcards(group))
            .collect(Collectors.joining("="));
    List<String> forms =
        name.contains("=")
            ? List.of(pattern, pattern + "=%")
            : List.of(pattern, pattern + "=%", "%=" + pattern, "%=" + pattern + "=%");
    String any =
        String.join(" or ", Collections.nCopies(forms.size(), column + " like ? escape '!'"));
    return new Matching("(" + any + ")", List.copyOf(forms));
  }

  private static Matching pattern(String column, String value) {
    return value.contains("*") || value.contains("?")
        ? like(column, wildcards(value))
        : new Matching(column + " = ?", List.of(value));
  }

  private static Matching like(String column, String pattern) {
    return new Matching(column + " like ? escape '!'", List.of(pattern));
  }

  private static String wildcards(String value) {
    return value.replaceAll("[!%_]", "!$0").replace('*', '%').replace('?', '_');
  }

  private static Matching dates(Key key, String column, String value) {
    Optional<Matching> matching =
        value.contains("-")
            ? range(column, value, Values::date, Values::date)
            : Optional.ofNullable(Values.date(value))
                .map(date -> new Matching(column + " = ?", List.of(date)));
    return matching.orElseThrow(
        () -> bad(key, "must be a date YYYYMMDD or a range of dates, as 20250101-20251231"));
  }

  private static Matching times(Key key, String column, String value) {
    Optional<Matching> matching =
        range(
            column,
            value.contains("-") ? value : value + "-" + value,
            time -> Values.time(time, '0'),
            time -> Values.time(time, '9'));
    return matching.orElseThrow(
        () -> bad(key, "must be a time HHMMSS or a range of times, as 0800-1200"));
  }

  private interface Reader {
    String read(String value);
  }

  /** Empty if an end is not readable, or there is none. */
  private static Optional<Matching> range(String column, String value, Reader first, Reader last) {
    String[] ends = value.split("-", -1);
    if (ends.length != 2 || value.strip().equals("-")) {
      return Optional.empty();
    }
    List<String> conditions = new ArrayList<>();
    List<Object> arguments = new ArrayList<>();
    if (!ends[0].isBlank()) {
      conditions.add(column + " >= ?");
      arguments.add(first.read(ends[0]));
    }
    if (!ends[1].isBlank()) {
      conditions.add(column + " <= ?");
      arguments.add(last.read(ends[1]));
    }
    return arguments.contains(null)
        ? Optional.empty()
        : Optional.of(new Matching("(" + String.join(" and ", conditions) + ")", arguments));
  }

  private static Matching number(Key key, String column, String value) {
    String number = Values.number(value);
    if (number == null) {
      throw bad(key, "must be an integer");
    }
    return new Matching(column + " = ?", List.of(number));
  }

  private static InvalidKeyException bad(Key key, String what) {
    return new InvalidKeyException(Tags.text(key.tag) + ": " + what);
  }
}
