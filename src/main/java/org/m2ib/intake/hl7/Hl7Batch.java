package org.m2ib.intake.hl7;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Several messages in one frame (HL7 v2.8 2.10.3): {@code [FHS] {[BHS] {MSH ...} [BTS]} [FTS]}.
 * They are cut apart as bytes, because each names its own character set.
 *
 * @param file fields of FHS; empty if there is none
 * @param groups at least one
 */
record Hl7Batch(List<String> file, List<Group> groups) {
  private static final Pattern SEGMENT =
      Pattern.compile(
          "(?:\\A(?:\u00EF\u00BB\u00BF)?|(?<=[\r\n]))[ \\t]*(FHS|BHS|MSH|BTS|FTS)([^\\w\\s])([^\r\n]*)");

  /**
   * @param header fields of BHS, {@code BHS} first; empty if there is none
   * @param trailer fields of BTS; empty if there is none
   */
  record Group(List<String> header, List<byte[]> messages, List<String> trailer) {

    /** What BTS-1 contradicts; {@code ""} if nothing. */
    String difference() {
      String announced = field(trailer, 1).strip();
      return announced.isEmpty() || announced.equals(String.valueOf(messages.size()))
          ? ""
          : "BTS-1 announces another number of messages than the " + messages.size() + " received";
    }
  }

  /** Returns null for a single message, and for anything else that is no batch. */
  static Hl7Batch of(byte[] raw) {
    String text = Hl7Charset.latin(raw);
    Matcher segment = SEGMENT.matcher(text);
    List<String> file = List.of();
    List<Group> groups = new ArrayList<>();
    String delimiters = null;
    int begun = -1;
    int messages = 0;
    boolean headed = false;
    while (segment.find()) {
      String name = segment.group(1);
      if (name.equals("MSH")) {
        String its = text.substring(segment.end(1), Math.min(text.length(), segment.end(1) + 3));
        delimiters = delimiters == null ? its : delimiters;
        if (!its.equals(delimiters)) {
          continue; // text that quotes a message
        }
        messages++;
      } else if (messages == 0 && !headed && !name.endsWith("HS")) {
        return null;
      }
      close(groups, raw, begun, segment.start(1));
      begun = -1;
      List<String> fields =
          List.of(segment.group().strip().split(Pattern.quote(segment.group(2)), -1));
      switch (name) {
        case "FHS" -> file = fields;
        case "BHS" -> groups.add(new Group(fields, new ArrayList<>(), new ArrayList<>()));
        case "BTS" -> {
          if (!groups.isEmpty()) {
            last(groups).trailer().addAll(fields);
          }
        }
        case "MSH" -> {
          begun = segment.start(1);
          if (groups.isEmpty() || !last(groups).trailer().isEmpty()) {
            groups.add(new Group(List.of(), new ArrayList<>(), new ArrayList<>()));
          }
        }
        default -> {
          // FTS ends the last message
        }
      }
      headed |= !name.equals("MSH");
    }
    close(groups, raw, begun, raw.length);
    if (!headed && messages < 2) {
      return null;
    }
    if (groups.isEmpty()) {
      groups.add(new Group(List.of(), List.of(), List.of()));
    }
    return new Hl7Batch(file, groups);
  }

  private static void close(List<Group> groups, byte[] raw, int begun, int end) {
    if (begun >= 0) {
      last(groups).messages().add(Arrays.copyOfRange(raw, begun, end));
    }
  }

  private static Group last(List<Group> groups) {
    return groups.get(groups.size() - 1);
  }

  int size() {
    return groups.stream().mapToInt(group -> group.messages().size()).sum();
  }

  /**
   * The answering batch.
   *
   * @param answers acknowledgements of each group's messages, in order
   * @param comments for each group's BTS-2; {@code ""} for none
   */
  byte[] answer(List<List<byte[]>> answers, List<String> comments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (!file.isEmpty()) {
      write(out, header("FHS", file));
    }
    for (int i = 0; i < groups.size(); i++) {
      write(out, header("BHS", groups.get(i).header()));
      for (byte[] answer : answers.get(i)) {
        out.writeBytes(answer);
      }
      String comment = comments.get(i);
      write(out, "BTS|" + answers.get(i).size() + (comment.isEmpty() ? "" : "|" + comment));
    }
    if (!file.isEmpty()) {
      write(out, "FTS|" + groups.size());
    }
    return out.toByteArray();
  }

  /**
   * FHS and BHS have the same fields: 3 to 6 the systems, 11 the number, 12 that of the request.
   */
  private static String header(String name, List<String> request) {
    return String.join(
        "|",
        name,
        "^~\\&",
        field(request, 4).isEmpty() ? "M2IB" : field(request, 4),
        field(request, 5),
        field(request, 2),
        field(request, 3),
        Hl7Acknowledgement.TIME.format(OffsetDateTime.now()),
        "",
        "",
        "",
        UUID.randomUUID().toString().replace("-", "").substring(0, 20),
        field(request, 10));
  }

  /** By its place after the segment's name: the separator, field 1, is not among them. */
  private static String field(List<String> fields, int place) {
    return fields.size() > place ? fields.get(place).replace("|", "\\F\\") : "";
  }

  private static void write(ByteArrayOutputStream out, String segment) {
    out.writeBytes((segment + "\r").getBytes(StandardCharsets.ISO_8859_1));
  }
}
