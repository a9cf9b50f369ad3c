package org.m2ib.intake;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The character set a message names in MSH-18 (HL7 table 0211). */
final class Hl7Charset {
  private static final Map<String, String> TABLE_0211 =
      Map.ofEntries(
          Map.entry("ASCII", "US-ASCII"),
          Map.entry("ISO IR6", "US-ASCII"),
          Map.entry("ISO IR14", "JIS_X0201"),
          Map.entry("ISO IR87", "x-JIS0208"),
          Map.entry("ISO IR159", "JIS_X0212-1990"),
          Map.entry("GB 18030-2000", "GB18030"),
          Map.entry("KS X 1001", "EUC-KR"),
          Map.entry("CNS 11643-1992", "x-EUC-TW"),
          Map.entry("BIG-5", "Big5"),
          Map.entry("UNICODE", "UTF-8"),
          Map.entry("UNICODE UTF-8", "UTF-8"));

  private Hl7Charset() {}

  /**
   * @param otherwise what holds when MSH-18 is empty
   * @throws UnacceptableReportException when MSH-18 names none that is known
   */
  static Charset of(byte[] raw, Charset otherwise) {
    String name = name(raw);
    if (name.isEmpty()) {
      return otherwise;
    }
    String latin = name.replaceFirst("^8859/", "ISO-8859-");
    try {
      // many write UTF-8 or ISO-8859-1 where the table has names of its own
      return Charset.forName(TABLE_0211.getOrDefault(name.toUpperCase(Locale.ROOT), latin));
    } catch (IllegalArgumentException e) {
      throw new UnacceptableReportException(
          "MSH^1^18", "unknown character set: use one of HL7 table 0211");
    }
  }

  /**
   * @throws UnacceptableReportException when the bytes are not of that character set; a report with
   *     letters exchanged is worse than one refused
   */
  static String decode(byte[] raw, Charset otherwise) {
    Charset charset = of(raw, otherwise);
    try {
      String text = charset.newDecoder().decode(ByteBuffer.wrap(raw)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new UnacceptableReportException(
          "MSH^1^18", "the bytes are not " + charset + ": name the right character set in MSH-18");
    }
  }

  /** The header segment, read a byte a character: MSH-18 must be known before anything else. */
  static String header(byte[] raw) {
    int bom = raw.length > 2 && raw[0] == (byte) 0xEF ? 3 : 0;
    int length = Math.min(raw.length - bom, 1 << 12);
    return new String(raw, bom, length, StandardCharsets.ISO_8859_1).split("[\r\n]", 2)[0];
  }

  private static String name(byte[] raw) {
    String header = header(raw);
    if (header.length() < 4) {
      return "";
    }
    String[] fields = header.split(Pattern.quote(header.substring(3, 4)), -1);
    return fields.length > 17 ? fields[17].split("[~^]", 2)[0].strip() : "";
  }
}
