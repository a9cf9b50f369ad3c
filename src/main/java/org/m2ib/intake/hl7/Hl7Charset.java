package org.m2ib.intake.hl7;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.m2ib.base.Iso2022;
import org.m2ib.intake.UnacceptableReportException;

/**
 * Decodes a message by the character set named in MSH-18 (HL7 table 0211; DICOM's defined terms are
 * accepted too). {@link Iso2022} decodes sets that are switched by ISO 2022 escape sequences. A
 * message that switches sets without naming them is refused.
 */
public final class Hl7Charset {
  private static final Charset ISO_2022 = Charset.forName("ISO-2022-JP-2");
  private static final Charset WINDOWS = Charset.forName("windows-1252");
  private static final Set<String> SWITCHED =
      Set.of(
          "ISO IR13", "ISO IR14", "ISO IR87", "ISO IR159", "ISO IR149", "ISO IR58", "ISO-2022-JP");
  private static final Pattern DESIGNATION = Pattern.compile("\u001B[$(),\\-./]");

  /** In the ISO register: what bytes above 7F are before the text says so. */
  private static final int KATAKANA = 13;

  /** {@code \Cxxyy\} and {@code \Mxxyyzz\}, escape sequences written in hexadecimal (2.7.2). */
  private static final Pattern WRITTEN =
      Pattern.compile("\\\\[CM]([0-9A-Fa-f]{4}(?:[0-9A-Fa-f]{2})?)\\\\");

  /** The rest of table 0211: what is not named by a number of the ISO register. */
  private static final Map<String, String> TABLE_0211 =
      Map.of(
          "ASCII", "US-ASCII",
          "ISO IR6", "US-ASCII",
          "ISO IR192", "UTF-8",
          "GB 18030-2000", "GB18030",
          "KS X 1001", "EUC-KR",
          "CNS 11643-1992", "x-EUC-TW",
          "BIG-5", "Big5",
          "UNICODE", "UTF-8",
          "UNICODE UTF-8", "UTF-8");

  private static final Pattern REGISTERED = Pattern.compile("ISO IR(\\d{1,3})");

  /** {@code \Xdd...\} with bytes above 7F. */
  private static final Pattern HEXADECIMAL =
      Pattern.compile("\\\\X((?:[89A-Fa-f][0-9A-Fa-f]){1,256})\\\\");

  private Hl7Charset() {}

  /**
   * @param otherwise default if MSH-18 is empty
   * @throws UnacceptableReportException if MSH-18 names no known character set
   */
  static Charset of(byte[] raw, Charset otherwise) {
    List<String> names = names(raw);
    if (names.stream().anyMatch(SWITCHED::contains)) {
      return ISO_2022;
    }
    String name = names.isEmpty() ? "" : names.get(0);
    if (name.isEmpty()) {
      return otherwise;
    }
    Matcher registered = REGISTERED.matcher(name);
    Optional<Charset> part =
        registered.matches()
            ? Iso2022.charset(Integer.parseInt(registered.group(1)))
            : Optional.empty();
    if (part.isPresent()) {
      return part.get();
    }
    String latin = name.replaceFirst("^(?:ISO[ _-]?)?8859[/-]", "ISO-8859-");
    try {
      // many senders write UTF-8 or ISO-8859-1 instead of the table's names
      return Charset.forName(TABLE_0211.getOrDefault(name, latin));
    } catch (IllegalArgumentException e) {
      throw new UnacceptableReportException(
          "MSH^1^18", "unknown character set: use one of HL7 table 0211");
    }
  }

  /**
   * @throws UnacceptableReportException if the bytes are not valid in that character set: a refused
   *     report is better than one with wrong letters
   */
  public static String decode(byte[] raw, Charset otherwise) {
    Charset charset = of(raw, otherwise);
    if (charset == ISO_2022) {
      return switched(raw);
    }
    byte[] bytes = raw;
    if (charset.name().equals("EUC-KR")) {
      bytes = latin(raw).replace("\u001B$)C", "").getBytes(StandardCharsets.ISO_8859_1);
    }
    if (DESIGNATION.matcher(latin(bytes)).find()) {
      throw new UnacceptableReportException(
          "MSH^1^18",
          "the text switches character sets by ISO 2022 escape sequences that MSH-18 does not name");
    }
    if (Set.of("ISO-8859-1", "ISO-8859-15", "windows-1252").contains(charset.name())
        && strictly(bytes, StandardCharsets.UTF_8).filter(Hl7Charset::isWestern).isPresent()) {
      throw new UnacceptableReportException(
          "MSH^1^18",
          "the bytes are UTF-8, but MSH-18 names " + charset + ": name the right character set");
    }
    String text = strictly(bytes, charset).orElseThrow(() -> notOf(charset.name()));
    String unmarked = hexadecimal(text.startsWith("\uFEFF") ? text.substring(1) : text, charset);
    return charset.name().startsWith("ISO-8859-") ? windows(unmarked) : unmarked;
  }

  private static Optional<String> strictly(byte[] bytes, Charset charset) {
    try {
      return Optional.of(charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** Whether it has letters above ASCII, and only those that a Western sender writes. */
  private static boolean isWestern(String text) {
    return text.chars().anyMatch(c -> c >= 0xC0 && c < 0x180)
        && text.chars()
            .allMatch(c -> c < 0x80 || c >= 0xA0 && c < 0x180 || c > 0x2000 && c < 0x2123);
  }

  /**
   * Letters written in hexadecimal are those of the message's character set, or of UTF-8, which one
   * byte above 7F alone never is.
   */
  private static String hexadecimal(String text, Charset charset) {
    return HEXADECIMAL
        .matcher(text)
        .replaceAll(
            found -> {
              byte[] bytes = HexFormat.of().parseHex(found.group(1));
              return Matcher.quoteReplacement(
                  strictly(bytes, StandardCharsets.UTF_8)
                      .or(() -> strictly(bytes, charset))
                      .orElse(found.group()));
            });
  }

  private static UnacceptableReportException notOf(String charset) {
    return new UnacceptableReportException(
        "MSH^1^18",
        "the bytes are not valid " + charset + ": name the right character set in MSH-18");
  }

  /** Maps each byte to one character. */
  static String latin(byte[] raw) {
    return new String(raw, StandardCharsets.ISO_8859_1);
  }

  private static String switched(byte[] raw) {
    String bytes =
        WRITTEN
            .matcher(latin(raw))
            .replaceAll(
                m ->
                    Matcher.quoteReplacement(
                        "\u001B" + latin(HexFormat.of().parseHex(m.group(1)))));
    try {
      return Iso2022.decode(bytes.getBytes(StandardCharsets.ISO_8859_1), KATAKANA);
    } catch (CharacterCodingException e) {
      throw notOf("of the character sets that are switched to");
    }
  }

  /**
   * Reads control characters of ISO 8859 as Windows dashes and quotation marks, which is what
   * senders mean.
   */
  private static String windows(String text) {
    if (text.chars().noneMatch(c -> c >= 0x80 && c < 0xA0)) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    for (char c : text.toCharArray()) {
      boolean mark = c >= 0x80 && c < 0xA0;
      char meant = mark ? new String(new byte[] {(byte) c}, WINDOWS).charAt(0) : c;
      out.append(meant == '\uFFFD' ? c : meant);
    }
    return out.toString();
  }

  /** Returns the repetitions of MSH-18 in capitals. */
  private static List<String> names(byte[] raw) {
    String value = Hl7Header.of(latin(Arrays.copyOf(raw, Math.min(raw.length, 1 << 12)))).whole(18);
    return value == null
        ? List.of()
        : Arrays.stream(value.split("~", -1))
            .map(name -> name.split("\\^", 2)[0].strip().toUpperCase(Locale.ROOT))
            .map(name -> name.replaceFirst("^ISO[ _](?:2022 )?IR ?", "ISO IR"))
            .toList();
  }
}
