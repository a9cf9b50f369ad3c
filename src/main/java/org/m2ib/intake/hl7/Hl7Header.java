package org.m2ib.intake.hl7;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The fields of MSH as far as they can be read, whatever is wrong with the rest: an acknowledgement
 * must name the message it answers.
 *
 * @param fields MSH-n at index n - 1
 */
record Hl7Header(List<String> fields) {
  private static final Pattern START =
      Pattern.compile("(?:\\A(?:\u00EF\u00BB\u00BF)?|[\r\n])[ \\t\uFEFF]*MSH([^\\w\\s])");

  /** The header of an unreadable message. */
  static final Hl7Header NONE = new Hl7Header(List.of());

  static Hl7Header of(String message) {
    Matcher start = START.matcher(message);
    if (!start.find()) {
      return NONE;
    }
    String segment = message.substring(start.start(1)).split("[\r\n]", 2)[0];
    String separator = start.group(1);
    List<String> fields = List.of((segment).split(Pattern.quote(separator), -1));
    // MSH-1 is the separator itself; the empty first part stands for it
    return new Hl7Header(fields);
  }

  /** Returns the first component of a field's first repetition, or null if absent. */
  String at(int field) {
    String value = whole(field);
    if (value == null) {
      return null;
    }
    String set = fields.get(1);
    char component = set.isEmpty() ? '^' : set.charAt(0);
    char repetition = set.length() < 2 ? '~' : set.charAt(1);
    int end = 0;
    while (end < value.length()
        && value.charAt(end) != component
        && value.charAt(end) != repetition) {
      end++;
    }
    return end == 0 ? null : value.substring(0, end);
  }

  /**
   * Returns a component (1-based) if it is a code of three capitals or digits, otherwise the
   * default.
   */
  String component(int field, int component, String otherwise) {
    String value = whole(field);
    String set = fields.size() > 1 && !fields.get(1).isEmpty() ? fields.get(1) : "^";
    String[] all =
        value == null ? new String[0] : value.split(Pattern.quote(set.substring(0, 1)), -1);
    String found = all.length < component ? "" : all[component - 1].strip();
    return found.matches("[A-Z0-9]{3}") ? found : otherwise;
  }

  /** Returns a field verbatim, or null if absent. */
  String whole(int field) {
    if (field < 2 || fields.size() < field || fields.get(field - 1).isBlank()) {
      return null;
    }
    String value = fields.get(field - 1).strip();
    return value.equals("\"\"") ? null : value;
  }
}
