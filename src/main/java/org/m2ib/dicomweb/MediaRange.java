package org.m2ib.dicomweb;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A media type, or one range of an Accept header (RFC 9110 12.5.1).
 *
 * @param type in lower case, as {@code multipart/related}
 * @param parameters by name in lower case, without {@code q}
 * @param quality 0 to 1
 */
record MediaRange(String type, Map<String, String> parameters, double quality) {
  private static final Pattern RANGE =
      Pattern.compile(
          "\\s*([^\\s;,\"]+)((?:\\s*;\\s*[^\\s=;,]+\\s*=\\s*(?:\"[^\"]*\"|[^;,\"]*))*)\\s*(?:,|$)");
  private static final Pattern PARAMETER =
      Pattern.compile(";\\s*([^\\s=;,]+)\\s*=\\s*(?:\"([^\"]*)\"|([^;,\"]*))");
  private static final String ANY = "*/*";

  /**
   * The ranges in the order of preference; without a header, everything.
   *
   * @return empty if the header cannot be read
   */
  static List<MediaRange> parse(String header) {
    if (header == null || header.isBlank()) {
      return List.of(new MediaRange(ANY, Map.of(), 1));
    }
    List<MediaRange> ranges = new ArrayList<>();
    Matcher matcher = RANGE.matcher(header);
    int at = 0;
    while (at < header.length()) {
      if (!matcher.region(at, header.length()).lookingAt() || matcher.end() == at) {
        return List.of();
      }
      ranges.add(range(matcher.group(1), matcher.group(2)));
      at = matcher.end();
    }
    return ranges.stream()
        .filter(range -> range.quality > 0)
        .sorted(Comparator.comparingDouble(range -> -range.quality))
        .toList();
  }

  private static MediaRange range(String type, String rest) {
    Map<String, String> parameters = new LinkedHashMap<>();
    double quality = 1;
    Matcher matcher = PARAMETER.matcher(rest);
    while (matcher.find()) {
      String name = matcher.group(1).toLowerCase(Locale.ROOT);
      String value = matcher.group(2) != null ? matcher.group(2) : matcher.group(3).strip();
      if (name.equals("q")) {
        quality = value.matches("0(\\.\\d*)?|1(\\.0*)?") ? Double.parseDouble(value) : 0;
      } else {
        parameters.put(name, value);
      }
    }
    return new MediaRange(type.toLowerCase(Locale.ROOT), parameters, quality);
  }

  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }

  boolean isMultipart() {
    return type.equals("multipart/related") || type.equals("multipart/*");
  }

  /** Whether it stands for anything, or for any kind of parts. */
  boolean isAny() {
    return type.equals(ANY) || isMultipart() && part().isEmpty();
  }

  /** The type of the parts of multipart/related; {@code ""} if it does not say, or takes any. */
  String part() {
    String part = parameter("type").toLowerCase(Locale.ROOT);
    return part.equals(ANY) ? "" : part;
  }

  /** Whether it includes a single part of this type. */
  boolean includes(String other) {
    return type.equals(ANY)
        || type.equals(other)
        || type.endsWith("/*") && other.startsWith(type.substring(0, type.length() - 1));
  }
}
