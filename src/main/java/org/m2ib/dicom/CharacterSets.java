package org.m2ib.dicom;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.m2ib.base.Iso2022;

/**
 * The character sets named by Specific Character Set (0008,0005), PS3.3 C.12.1.1.2, in any
 * spelling.
 *
 * @param terms defined terms of PS3.3 Tables C.12-2 to C.12-5, {@code ""} for ISO-IR 6; empty if
 *     the element names none, or none that is known
 * @param unknown true if the element names a term that is not defined
 */
record CharacterSets(List<String> terms, boolean unknown) {
  private static final Pattern REGISTERED = Pattern.compile("(?:ISO)?(2022)?(?:IR)?(\\d{1,3})");
  private static final Pattern PART = Pattern.compile("ISO8859(\\d{1,2})");

  /** The parts of ISO 8859, and JIS X 0201. */
  private static final Set<String> SINGLE_BYTE =
      Stream.concat(Iso2022.numbers().stream(), Stream.of(13))
          .map(String::valueOf)
          .collect(Collectors.toUnmodifiableSet());

  private static final Set<String> MULTI_BYTE = Set.of("87", "159", "149", "58");

  /** These replace ASCII in G0 after their escape sequence. */
  private static final Set<String> IN_G0 = Set.of("ISO 2022 IR 87", "ISO 2022 IR 159");

  private static final Set<String> ALONE = Set.of("ISO_IR 192", "GB18030", "GBK");
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("UTF8", "ISO_IR 192"),
          Map.entry("ISOIR192UTF8", "ISO_IR 192"),
          Map.entry("GB18030", "GB18030"),
          Map.entry("GBK", "GBK"),
          Map.entry("ASCII", ""),
          Map.entry("USASCII", ""),
          Map.entry("LATIN1", "ISO_IR 100"));

  private static final byte ESCAPE = 0x1B;

  static CharacterSets of(String[] stated) {
    List<String> terms = new ArrayList<>();
    boolean unknown = false;
    String[] values = stated == null ? new String[0] : stated;
    for (String value : values) {
      String term = value == null ? "" : term(value, values.length > 1);
      if (term == null || (values.length > 1 && ALONE.contains(term))) {
        unknown = true;
      } else {
        terms.add(term);
      }
    }
    if (!terms.isEmpty() && IN_G0.contains(terms.get(0))) {
      terms.add(0, ""); // text begins with ASCII whatever the first term is
    }
    return new CharacterSets(List.copyOf(terms), unknown);
  }

  /** Returns the defined term for a spelling, or null if there is none. */
  private static String term(String value, boolean extended) {
    String plain = value.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "");
    String named = NAMES.getOrDefault(plain, partOf8859(plain));
    if (named == null) {
      Matcher m = REGISTERED.matcher(plain);
      String number = m.matches() ? m.group(2) : plain;
      if (plain.isEmpty() || number.equals("6") || number.equals("646")) {
        return "";
      }
      if (number.equals("192")) {
        return "ISO_IR 192";
      }
      if (MULTI_BYTE.contains(number)) {
        return "ISO 2022 IR " + number;
      }
      return SINGLE_BYTE.contains(number) ? (extended ? "ISO 2022 IR " : "ISO_IR ") + number : null;
    }
    return extended
        ? named
            .replace("ISO_IR 1", "ISO 2022 IR 1")
            .replace("_IR 203", " 2022 IR 203")
            .replace("ISO 2022 IR 192", "ISO_IR 192")
        : named;
  }

  private static String partOf8859(String plain) {
    Matcher part = PART.matcher(plain);
    OptionalInt number =
        part.matches() ? Iso2022.number(Integer.parseInt(part.group(1))) : OptionalInt.empty();
    return number.isPresent() ? "ISO_IR " + number.getAsInt() : null;
  }

  /** Returns whether a character set beyond ISO-IR 6 is named. */
  boolean stated() {
    return terms.stream().anyMatch(term -> !term.isEmpty());
  }

  /**
   * Returns whether the text is ASCII without code extensions, and therefore reads the same in
   * every character set.
   */
  static boolean ascii(byte[] text) {
    for (byte b : text) {
      if (b < 0 || b == ESCAPE) {
        return false;
      }
    }
    return true;
  }

  static boolean utf8(byte[] text) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /** Decodes text with the named character sets. Invalid bytes become U+FFFD. */
  String decode(byte[] text) {
    String first = terms.get(0);
    return switch (first) {
      case "ISO_IR 192" -> new String(text, StandardCharsets.UTF_8);
      case "GB18030", "GBK" -> new String(text, Charset.forName(first));
      default ->
          Iso2022.decodeLeniently(
              text, first.isEmpty() ? 6 : Integer.parseInt(first.replaceFirst(".* ", "")));
    };
  }
}
