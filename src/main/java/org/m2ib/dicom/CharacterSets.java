package org.m2ib.dicom;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aoju.bus.image.galaxy.data.SpecificCharacterSet;

/**
 * The character sets named by Specific Character Set (0008,0005), PS3.3 C.12.1.1.2, in any
 * spelling. The library knows the common terms only in the standard's spelling and reads everything
 * else as GB18030.
 *
 * @param terms defined terms of PS3.3 Tables C.12-2 to C.12-5, {@code ""} for ISO-IR 6; empty if
 *     the element names none, or none that is known
 * @param unknown true if the element names a term that is not defined
 */
record CharacterSets(List<String> terms, boolean unknown) {
  private static final Pattern REGISTERED = Pattern.compile("(?:ISO)?(2022)?(?:IR)?(\\d{1,3})");
  private static final Set<String> SINGLE_BYTE =
      Set.of("100", "101", "109", "110", "144", "127", "126", "138", "148", "203", "13", "166");
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
          Map.entry("LATIN1", "ISO_IR 100"),
          Map.entry("ISO88591", "ISO_IR 100"),
          Map.entry("ISO88592", "ISO_IR 101"),
          Map.entry("ISO88593", "ISO_IR 109"),
          Map.entry("ISO88594", "ISO_IR 110"),
          Map.entry("ISO88595", "ISO_IR 144"),
          Map.entry("ISO88596", "ISO_IR 127"),
          Map.entry("ISO88597", "ISO_IR 126"),
          Map.entry("ISO88598", "ISO_IR 138"),
          Map.entry("ISO88599", "ISO_IR 148"),
          Map.entry("ISO885911", "ISO_IR 166"),
          Map.entry("ISO885915", "ISO_IR 203"));

  private static final byte ESCAPE = 0x1B;
  private static final Charset LATIN_9 = Charset.forName("ISO-8859-15");

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
    String named = NAMES.get(plain);
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
    if (terms.size() == 1 && MULTI_BYTE.contains(terms.get(0).replace("ISO 2022 IR ", ""))) {
      // KS X 1001 and GB 2312 are active from the first byte, but some senders escape to them
      // anyway
      String bytes = new String(text, StandardCharsets.ISO_8859_1);
      text = bytes.replaceAll("\u001b\\$\\)[AC]", "").getBytes(StandardCharsets.ISO_8859_1);
    }
    if (terms.stream().noneMatch(term -> term.endsWith(" 203"))) {
      return library().decode(text);
    }
    // The library lacks ISO-IR 203. Runs of it, from ESC 2/13 6/2 to the next escape, are decoded
    // here.
    StringBuilder result = new StringBuilder();
    boolean first = terms.get(0).endsWith(" 203");
    boolean latin9 = first;
    int from = 0;
    for (int i = 0; i <= text.length; i++) {
      if (i < text.length && text[i] != ESCAPE) {
        continue;
      }
      byte[] run = Arrays.copyOfRange(text, from, i);
      boolean escape = run.length > 2 && run[0] == ESCAPE;
      boolean here = escape && run[1] == '-' && run[2] == 'b';
      boolean back = escape && first && run[1] == '(' && run[2] == 'B';
      latin9 = escape ? here || back : latin9;
      int skip = escape ? 3 : 0;
      result.append(
          latin9 ? new String(run, skip, run.length - skip, LATIN_9) : library().decode(run));
      from = i;
    }
    return result.toString();
  }

  private SpecificCharacterSet library() {
    return SpecificCharacterSet.valueOf(
        terms.stream()
            .map(term -> term.isEmpty() || term.endsWith(" 203") ? "ISO 2022 IR 6" : term)
            .toArray(String[]::new));
  }
}
