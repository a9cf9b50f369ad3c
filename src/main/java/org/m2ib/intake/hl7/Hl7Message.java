package org.m2ib.intake.hl7;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.model.Segment;
import ca.uhn.hl7v2.model.Structure;
import ca.uhn.hl7v2.model.Type;
import ca.uhn.hl7v2.parser.EncodingCharacters;
import ca.uhn.hl7v2.parser.GenericModelClassFactory;
import ca.uhn.hl7v2.parser.PipeParser;
import ca.uhn.hl7v2.util.Terser;
import ca.uhn.hl7v2.util.idgenerator.UUIDGenerator;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.m2ib.intake.UnacceptableReportException;

/**
 * An HL7 v2 message of any version, as segments in their original order. Structure is not enforced,
 * so messages with added, missing or reordered segments can still be read.
 */
public final class Hl7Message {
  private static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9]{2}");
  static final String ONLY = "only ORU^R01 (unsolicited observation message) is a report";
  private static final Set<String> TYPES = Set.of("ORU", "MDM", "ADT", "ORM", "OMI", "OMG");
  static final PipeParser PARSER = parser();

  /**
   * @param name three letters
   * @param sequence 1-based, among the message's segments of this name
   */
  record Line(String name, int sequence, Segment segment, EncodingCharacters characters) {

    /** Returns a component of a field's first repetition, unescaped, or null if absent. */
    String at(int field, int component) {
      return at(field, 0, component, 1);
    }

    String at(int field, int repetition, int component, int subcomponent) {
      try {
        if (segment.numFields() < field || segment.getField(field).length <= repetition) {
          return null;
        }
        String value = Terser.get(segment, field, repetition, component, subcomponent);
        // HL7 writes two quotation marks for a deleted value
        return value == null || value.isBlank() || value.equals("\"\"") ? null : value.strip();
      } catch (HL7Exception e) {
        return null;
      }
    }

    /** Returns OBX-3 verbatim, or {@code ""} if absent. */
    String observationName() {
      return text(3).strip();
    }

    int repetitions(int field) {
      try {
        return segment.numFields() < field ? 0 : segment.getField(field).length;
      } catch (HL7Exception e) {
        return 0;
      }
    }

    /**
     * Returns a field as free text. Repetitions become lines, and separators that the sender failed
     * to escape stand for themselves.
     */
    String text(int field) {
      List<String> lines = new ArrayList<>();
      try {
        if (segment.numFields() >= field) {
          for (Type repetition : segment.getField(field)) {
            String encoded = PipeParser.encode(repetition, characters);
            if (!encoded.equals("\"\"")) { // a deleted value
              lines.add(Hl7Escapes.INSTANCE.unescape(encoded, characters));
            }
          }
        }
      } catch (HL7Exception e) {
        return "";
      }
      return String.join("\n", lines);
    }

    /** As {@link #at}, with its location; null if absent. */
    Value value(int field, int component) {
      String value = at(field, component);
      return value == null ? null : new Value(value, place(field));
    }

    /** Returns the location of a field in ERR-2 (ERL) notation. */
    String place(int field) {
      return name + "^" + sequence + "^" + field;
    }
  }

  /**
   * @param text the value
   * @param place the field, in ERR-2 (ERL) notation
   */
  record Value(String text, String place) {}

  private final List<Line> lines;

  private Hl7Message(List<Line> lines) {
    this.lines = lines;
  }

  /**
   * @param message segments separated by carriage returns; a line feed also counts if a segment
   *     follows
   * @throws UnacceptableReportException if it is not an HL7 v2 message in vertical bar encoding
   */
  public static Hl7Message parse(String message) {
    String text = withDelimiters(message.stripLeading());
    if (!text.matches("(?s)MSH[^A-Za-z0-9\\s][^A-Za-z0-9\\s]{2,5}[^A-Za-z0-9\\s].*")) {
      throw new UnacceptableReportException(
          "MSH^1", "not an HL7 v2 message in ER7 encoding: it must begin with MSH|^~\\&|");
    }
    String type = Hl7Header.of(text).at(9);
    if (type == null) {
      throw new UnacceptableReportException("MSH^1^9", "the message type is missing");
    } else if (!TYPES.contains(type)) {
      throw new UnacceptableReportException(
          "MSH^1^9",
          "this message type is not accepted: send ORU^R01, MDM, ADT, ORM^O01, OMI^O23 or OMG^O19 (docs/hl7.md)");
    }
    try {
      Message parsed = PARSER.parse(withType(oneLineEach(text)));
      List<Line> lines = new ArrayList<>();
      Map<String, Integer> counts = new HashMap<>();
      EncodingCharacters characters = new EncodingCharacters(text.charAt(3), text.substring(4));
      for (String name : parsed.getNames()) {
        for (Structure structure : parsed.getAll(name)) {
          Segment segment = (Segment) structure;
          int sequence = counts.merge(segment.getName(), 1, Integer::sum);
          if (sequence > 1 && segment.getName().equals("MSH")) {
            throw new UnacceptableReportException(
                "MSH^2", "several messages in one frame: send each in its own frame");
          }
          lines.add(new Line(segment.getName(), sequence, segment, characters));
        }
      }
      Hl7Message whole = new Hl7Message(lines);
      whole.refuseParts();
      return whole;
    } catch (UnacceptableReportException e) {
      throw e;
    } catch (HL7Exception | RuntimeException e) {
      // the parser's message quotes the input
      throw new UnacceptableReportException("MSH^1", "the message cannot be parsed as HL7 v2");
    }
  }

  /** A report in several messages would be read as several reports, each without the others. */
  private void refuseParts() {
    Line more = first("DSC");
    boolean continued = more != null && more.at(1, 1) != null;
    if (continued || header().at(14, 1) != null) {
      throw new UnacceptableReportException(
          continued ? "DSC^1^1" : "MSH^1^14",
          "a message in several parts (DSC, MSH-14) is not supported: send it whole");
    }
  }

  List<Line> lines() {
    return lines;
  }

  Line header() {
    return lines.get(0);
  }

  /** Returns the message type, in capitals: {@code ORU}. */
  String type() {
    return header().at(9, 1).toUpperCase(Locale.ROOT);
  }

  /** Returns the first segment of a name, or null if there is none. */
  Line first(String name) {
    return lines.stream().filter(line -> line.name().equals(name)).findFirst().orElse(null);
  }

  /** Returns the trigger event, in capitals; {@code ""} if absent. */
  String event() {
    String event = header().at(9, 2);
    return event == null ? "" : event.toUpperCase(Locale.ROOT);
  }

  /**
   * Joins a line that does not start a segment to the previous one: it is text with a raw line
   * break. So is what ADD segments add.
   */
  private static String oneLineEach(String text) {
    String separator = text.substring(3, 4);
    String escape = text.length() > 6 ? text.substring(6, 7) : "\\";
    StringBuilder out = new StringBuilder(text.length());
    for (String line : text.split("\r\n|\r|\n")) {
      if (out.isEmpty()) {
        out.append(line);
      } else if (line.startsWith("ADD" + separator)) {
        out.append(line.substring(4)); // continues the segment before it, v2.5.1 2.10.2
      } else if (line.startsWith(separator, 3) && NAME.matcher(line.substring(0, 3)).matches()) {
        out.append('\r').append(line);
      } else {
        out.append(escape).append(".br").append(escape).append(line);
      }
    }
    return out.append('\r').toString();
  }

  /** A sender without subcomponents may omit their separator from MSH-2. */
  private static String withDelimiters(String text) {
    boolean three = text.length() > 7 && text.startsWith("MSH") && text.charAt(7) == text.charAt(3);
    return three ? text.substring(0, 7) + '&' + text.substring(7) : text;
  }

  /** Versions before 2.3 allow MSH-9 without a trigger event, but the parser needs one. */
  private static String withType(String text) {
    int end = text.indexOf('\r');
    String separator = text.substring(3, 4);
    String[] fields = text.substring(0, end).split(Pattern.quote(separator), -1);
    if (fields.length < 9 || !TYPES.contains(fields[8])) {
      return text;
    }
    Matcher event =
        Pattern.compile("\rEVN" + Pattern.quote(separator) + "([A-Z][0-9]{2})").matcher(text);
    if (!fields[8].equals("ORU") && !event.find()) {
      throw new UnacceptableReportException("MSH^1^9^1^2", "the trigger event is missing");
    }
    fields[8] += text.charAt(4) + (fields[8].equals("ORU") ? "R01" : event.group(1));
    return String.join(separator, fields) + text.substring(end);
  }

  @SuppressWarnings("resource") // holds no threads or sockets; lives as long as the class
  private static PipeParser parser() {
    HapiContext context = new DefaultHapiContext(new GenericModelClassFactory());
    context.setValidationContext(ValidationContextFactory.noValidation());
    context.getParserConfiguration().setAllowUnknownVersions(true);
    context.getParserConfiguration().setEscaping(Hl7Escapes.INSTANCE);
    // the default generator writes a file to the working directory
    context.getParserConfiguration().setIdGenerator(new UUIDGenerator());
    return context.getPipeParser();
  }
}
