package org.m2ib.intake.hl7;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.m2ib.intake.UnacceptableReportException;
import org.m2ib.intake.hl7.Hl7Message.Line;

/** The fields of the message that brought a report. */
public final class Hl7Fields {
  private static final Pattern PATH =
      Pattern.compile(
          "([A-Z][A-Z0-9]{2})-([1-9][0-9]{0,2})(?:\\.([1-9][0-9]?)(?:\\.([1-9][0-9]?))?)?");

  private final List<Line> lines;

  private Hl7Fields(List<Line> lines) {
    this.lines = lines;
  }

  /**
   * @param raw a message of reports, without its MLLP frame
   * @param reportId the report in it; of segments that belong to an order, only those of its orders
   *     are read
   * @return empty if it is not such a message
   */
  public static Optional<Hl7Fields> of(byte[] raw, String reportId) {
    try {
      Hl7Message message = Hl7Message.parse(Hl7Charset.decode(raw, StandardCharsets.UTF_8));
      return Optional.of(new Hl7Fields(new Hl7Reports(List.of()).lines(message, reportId)));
    } catch (UnacceptableReportException e) {
      return Optional.empty();
    }
  }

  /** Whether a text names a field: {@code PV1-3}, {@code PV1-3.1} or {@code PID-3.4.1}. */
  public static boolean isPath(String text) {
    return PATH.matcher(text).matches();
  }

  /**
   * The values of a field in all segments and repetitions, without empty ones.
   *
   * @param path segment and field; component and subcomponent are the first if they are not named
   * @throws IllegalArgumentException if it is no {@link #isPath path}
   */
  public List<String> values(String path) {
    Matcher matcher = PATH.matcher(path);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + path + "' is no HL7 field: write it as PV1-3.1");
    }
    int field = Integer.parseInt(matcher.group(2));
    int component = matcher.group(3) == null ? 1 : Integer.parseInt(matcher.group(3));
    int subcomponent = matcher.group(4) == null ? 1 : Integer.parseInt(matcher.group(4));
    List<String> values = new ArrayList<>();
    for (Line line : lines) {
      if (line.name().equals(matcher.group(1))) {
        for (int i = 0; i < line.repetitions(field); i++) {
          String value = line.at(field, i, component, subcomponent);
          if (value != null) {
            values.add(value);
          }
        }
      }
    }
    return values;
  }
}
