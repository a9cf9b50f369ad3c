package org.m2ib.base;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Text that switches between character sets by escape sequences (ISO 2022), as DICOM and HL7 v2
 * name them: by their numbers in the ISO International Register. The JDK's ISO-2022-JP knows no
 * katakana of one byte, and none of its decoders goes from one country's sets to another's.
 *
 * <p>Bytes above 7F are of the set in G1. Roman of JIS X 0201 is read as ASCII, whose backslash is
 * a yen sign there and a delimiter in DICOM and HL7. The end of a line goes back to ASCII in G0.
 */
public final class Iso2022 {

  /**
   * A set.
   *
   * @param charset that has its characters under bytes above 7F
   * @param prefix byte before each in that charset; -1 for none
   */
  private record CodedSet(Charset charset, int bytes, int prefix) {
    static CodedSet of(String charset, int bytes) {
      return new CodedSet(Charset.forName(charset), bytes, -1);
    }
  }

  /**
   * A part of ISO 8859.
   *
   * @param number of its upper half in the register
   */
  private record Part(int part, int number, String charset, char escape) {}

  private static final List<Part> PARTS =
      List.of(
          new Part(1, 100, "ISO-8859-1", 'A'),
          new Part(2, 101, "ISO-8859-2", 'B'),
          new Part(3, 109, "ISO-8859-3", 'C'),
          new Part(4, 110, "ISO-8859-4", 'D'),
          new Part(5, 144, "ISO-8859-5", 'L'),
          new Part(6, 127, "ISO-8859-6", 'G'),
          new Part(7, 126, "ISO-8859-7", 'F'),
          new Part(8, 138, "ISO-8859-8", 'H'),
          new Part(9, 148, "ISO-8859-9", 'M'),
          new Part(11, 166, "TIS-620", 'T'),
          new Part(15, 203, "ISO-8859-15", 'b'));

  private static final CodedSet ASCII = CodedSet.of("US-ASCII", 1);
  private static final CodedSet KATAKANA = CodedSet.of("JIS_X0201", 1);

  /** With the rows that vendors added. */
  private static final CodedSet JIS_X_0208 = CodedSet.of("x-eucJP-Open", 2);

  private static final CodedSet JIS_X_0212 = new CodedSet(JIS_X_0208.charset(), 2, 0x8F);
  private static final CodedSet KS_X_1001 = CodedSet.of("EUC-KR", 2);
  private static final CodedSet GB_2312 = CodedSet.of("GB18030", 2);

  private static final Map<String, CodedSet> G0 =
      Map.of(
          "(B", ASCII,
          "(J", ASCII,
          "(I", KATAKANA,
          "$@", JIS_X_0208,
          "$B", JIS_X_0208,
          "$(B", JIS_X_0208,
          "$(D", JIS_X_0212,
          "$(C", KS_X_1001,
          "$(A", GB_2312,
          "$A", GB_2312);

  private static final Map<String, CodedSet> G1 = new HashMap<>();

  /** By their numbers, those that may be in G1 from the beginning. */
  private static final Map<Integer, CodedSet> NUMBERED = new HashMap<>();

  static {
    G1.putAll(Map.of(")I", KATAKANA, "$)C", KS_X_1001, "$)A", GB_2312));
    NUMBERED.putAll(Map.of(13, KATAKANA, 149, KS_X_1001, 58, GB_2312));
    for (Part part : PARTS) {
      CodedSet set = CodedSet.of(part.charset(), 1);
      G1.put("-" + part.escape(), set);
      NUMBERED.put(part.number(), set);
    }
  }

  private static final int ESCAPE = 0x1B;

  private final byte[] raw;
  private final CodingErrorAction onError;
  private final StringBuilder out;
  private CodedSet g0 = ASCII;
  private CodedSet g1;

  private Iso2022(byte[] raw, CodedSet g1, CodingErrorAction onError) {
    this.raw = raw;
    this.g1 = g1;
    this.onError = onError;
    this.out = new StringBuilder(raw.length);
  }

  /** The charset of ASCII and the upper half of a part of ISO 8859, by the latter's number. */
  public static Optional<Charset> charset(int number) {
    return PARTS.stream()
        .filter(part -> part.number() == number)
        .map(part -> Charset.forName(part.charset()))
        .findFirst();
  }

  /** The numbers in the register of the upper halves of the parts of ISO 8859. */
  public static Set<Integer> numbers() {
    return PARTS.stream().map(Part::number).collect(Collectors.toUnmodifiableSet());
  }

  /** The number in the register of the upper half of a part of ISO 8859. */
  public static OptionalInt number(int part) {
    return PARTS.stream().filter(p -> p.part() == part).mapToInt(Part::number).findFirst();
  }

  /**
   * @param first number of the set that is in G1 before the text designates another; ASCII alone is
   *     6
   * @throws CharacterCodingException for a set that is not known here, and for bytes that are none
   *     of theirs
   */
  public static String decode(byte[] raw, int first) throws CharacterCodingException {
    return new Iso2022(raw, NUMBERED.getOrDefault(first, ASCII), CodingErrorAction.REPORT).decode();
  }

  /** The same with U+FFFD for what is no character. */
  public static String decodeLeniently(byte[] raw, int first) {
    try {
      return new Iso2022(raw, NUMBERED.getOrDefault(first, ASCII), CodingErrorAction.REPLACE)
          .decode();
    } catch (CharacterCodingException e) {
      throw new IllegalStateException(e); // it replaces
    }
  }

  private String decode() throws CharacterCodingException {
    for (int at = 0; at < raw.length; ) {
      int b = raw[at] & 0xFF;
      if (b == ESCAPE) {
        at = designate(at + 1);
      } else if (b <= ' ') {
        out.append((char) b);
        g0 = b == '\r' || b == '\n' ? ASCII : g0;
        at++;
      } else {
        CodedSet set = b < 0x80 ? g0 : g1;
        int end = Math.min(raw.length, at + set.bytes());
        character(set, at, end);
        at = end;
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
    decode(StandardCharsets.US_ASCII, new byte[] {-1});
    return at;
  }

  private void character(CodedSet set, int at, int end) throws CharacterCodingException {
    byte[] bytes = Arrays.copyOfRange(raw, at, end);
    if (set != ASCII) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] |= (byte) 0x80;
      }
    }
    if (set.prefix() >= 0) {
      bytes = ByteBuffer.allocate(bytes.length + 1).put((byte) set.prefix()).put(bytes).array();
    }
    decode(set.charset(), bytes);
  }

  private void decode(Charset charset, byte[] bytes) throws CharacterCodingException {
    out.append(
        charset
            .newDecoder()
            .onMalformedInput(onError)
            .onUnmappableCharacter(onError)
            .decode(ByteBuffer.wrap(bytes)));
  }
}
