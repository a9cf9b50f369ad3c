package org.m2ib.intake.hl7;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Decodes text that switches character sets by escape sequences (ISO 2022), as Japanese, Korean and
 * Chinese senders write it. The JDK's ISO-2022-JP lacks single-byte katakana, and none of its
 * decoders switches between the sets of different countries.
 *
 * <p>In a single-byte set, bytes above 7F are katakana (JIS X 0201) or whatever was designated to
 * G1. The Roman set of JIS X 0201 is read as ASCII: its yen sign is HL7's escape character. A line
 * end switches back to ASCII.
 */
final class Iso2022 {
  private enum Set {
    ASCII,
    KATAKANA,
    JIS_X_0208,
    JIS_X_0212,
    KS_X_1001,
    GB_2312
  }

  private static final Map<String, Set> G0 =
      Map.of(
          "(B", Set.ASCII,
          "(J", Set.ASCII,
          "(I", Set.KATAKANA,
          "$@", Set.JIS_X_0208,
          "$B", Set.JIS_X_0208,
          "$(B", Set.JIS_X_0208,
          "$(D", Set.JIS_X_0212,
          "$(C", Set.KS_X_1001,
          "$(A", Set.GB_2312,
          "$A", Set.GB_2312);

  private static final Map<String, Set> G1 =
      Map.of(")I", Set.KATAKANA, "$)C", Set.KS_X_1001, "$)A", Set.GB_2312);

  /** Includes the rows that vendors added to JIS X 0208. */
  private static final Charset JAPANESE = Charset.forName("x-eucJP-Open");

  private static final Charset KOREAN = Charset.forName("EUC-KR");
  private static final Charset CHINESE = Charset.forName("GB18030");
  private static final Charset ONE_BYTE = Charset.forName("JIS_X0201");
  private static final int ESCAPE = 0x1B;

  private final byte[] raw;
  private final StringBuilder out;
  private Set g0 = Set.ASCII;
  private Set g1 = Set.KATAKANA;

  private Iso2022(byte[] raw) {
    this.raw = raw;
    this.out = new StringBuilder(raw.length);
  }

  /**
   * @throws CharacterCodingException for an unknown character set, or bytes that are invalid in
   *     theirs
   */
  static String decode(byte[] raw) throws CharacterCodingException {
    return new Iso2022(raw).decode();
  }

  private String decode() throws CharacterCodingException {
    for (int at = 0; at < raw.length; ) {
      int b = raw[at] & 0xFF;
      if (b == ESCAPE) {
        at = designate(at + 1);
      } else if (b <= ' ') {
        out.append((char) b);
        g0 = b == '\r' || b == '\n' ? Set.ASCII : g0;
        at++;
      } else {
        at = character(at, b < 0x80 ? g0 : g1);
      }
    }
    return out.toString();
  }

  private int designate(int at) throws CharacterCodingException {
    for (int length = 3; length >= 2; length--) {
      if (at + length <= raw.length) {
        String sequence = new String(raw, at, length, StandardCharsets.ISO_8859_1);
        if (G0.containsKey(sequence)) {
          g0 = G0.get(sequence);
          return at + length;
        } else if (G1.containsKey(sequence)) {
          g1 = G1.get(sequence);
          return at + length;
        }
      }
    }
    throw new MalformedInputException(1);
  }

  private int character(int at, Set set) throws CharacterCodingException {
    byte first = (byte) (raw[at] | 0x80);
    if (set == Set.ASCII) {
      out.append((char) raw[at]);
      return at + 1;
    } else if (set == Set.KATAKANA) {
      append(ONE_BYTE, first);
      return at + 1;
    } else if (at + 1 == raw.length) {
      throw new MalformedInputException(1);
    }
    byte second = (byte) (raw[at + 1] | 0x80);
    switch (set) {
      case JIS_X_0208 -> append(JAPANESE, first, second);
      case JIS_X_0212 -> append(JAPANESE, (byte) 0x8F, first, second);
      case KS_X_1001 -> append(KOREAN, first, second);
      default -> append(CHINESE, first, second);
    }
    return at + 2;
  }

  private void append(Charset charset, byte... character) throws CharacterCodingException {
    out.append(charset.newDecoder().decode(ByteBuffer.wrap(character)));
  }
}
