package org.m2ib.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parses {@code m2ib.report.headings}: a list of {@code HEADING=section}. */
public final class HeadingSettings {
  private HeadingSettings() {}

  /**
   * @param settings each {@code HEADING=section}, for example {@code BEFUND=findings}; the heading
   *     with or without its colon
   * @return heading to canonical section, in the order given
   * @throws IllegalArgumentException for a malformed entry or a repeated heading
   */
  public static Map<String, String> parse(List<String> settings) {
    Map<String, String> sections = new LinkedHashMap<>();
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException(
            "m2ib.report.headings: \"%s\" does not have the form HEADING=section"
                .formatted(setting));
      }
      String heading = setting.substring(0, equals).strip();
      if (sections.put(heading, setting.substring(equals + 1).strip()) != null) {
        throw new IllegalArgumentException(
            "m2ib.report.headings: \"%s\" repeats a heading".formatted(setting));
      }
    }
    return sections;
  }
}
