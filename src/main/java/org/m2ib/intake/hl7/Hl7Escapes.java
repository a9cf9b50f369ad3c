package org.m2ib.intake.hl7;

import ca.uhn.hl7v2.parser.EncodingCharacters;
import ca.uhn.hl7v2.parser.Escaping;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Converts HL7 v2 escape sequences (v2.5.1 2.7) to plain text. HAPI's own implementation leaves
 * formatting commands such as {@code \.br\} in place, where they cannot be told from an escaped
 * backslash. Here they become line feeds and spaces, and highlighting is dropped.
 *
 * <p>{@code unescape(escape(t))} is t with its line breaks as line feeds. A backslash that does not
 * start a known sequence stands for itself.
 */
final class Hl7Escapes implements Escaping {
  static final Hl7Escapes INSTANCE = new Hl7Escapes();

  /** More blank lines or spaces than this in one command are not typesetting. */
  private static final int MOST_REPEATS = 80;

  private Hl7Escapes() {}

  @Override
  public String escape(String text, EncodingCharacters characters) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    char escape = characters.getEscapeCharacter();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      String sequence = sequence(c, characters);
      if (sequence == null) {
        out.append(c);
      } else {
        out.append(escape).append(sequence).append(escape);
      }
    }
    return out.toString();
  }

  private static String sequence(char c, EncodingCharacters characters) {
    if (c == characters.getEscapeCharacter()) {
      return "E";
    } else if (c == characters.getFieldSeparator()) {
      return "F";
    } else if (c == characters.getComponentSeparator()) {
      return "S";
    } else if (c == characters.getSubcomponentSeparator()) {
      return "T";
    } else if (c == characters.getRepetitionSeparator()) {
      return "R";
    }
    return c == '\n' ? ".br" : c == '\r' ? "X0D" : null;
  }

  @Override
  public String unescape(String text, EncodingCharacters characters) {
    char escape = characters.getEscapeCharacter();
    StringBuilder out = new StringBuilder(text.length());
    int from = 0;
    for (int at = text.indexOf(escape); at >= 0; at = text.indexOf(escape, from)) {
      out.append(text, from, at);
      int end = text.indexOf(escape, at + 1);
      String meaning = end < 0 ? null : meaning(text.substring(at + 1, end), characters);
      out.append(meaning == null ? String.valueOf(escape) : meaning);
      from = meaning == null ? at + 1 : end + 1;
    }
    out.append(text, from, text.length());
    return out.toString().replace("\r\n", "\n").replace('\r', '\n');
  }

  /**
   * Returns the meaning of the text between two escape characters, or null if it is not a sequence.
   */
  private static String meaning(String sequence, EncodingCharacters characters) {
    return switch (sequence) {
      case "F" -> String.valueOf(characters.getFieldSeparator());
      case "S" -> String.valueOf(characters.getComponentSeparator());
      case "T" -> String.valueOf(characters.getSubcomponentSeparator());
      case "R" -> String.valueOf(characters.getRepetitionSeparator());
      case "E" -> String.valueOf(characters.getEscapeCharacter());
      case "P" -> "#"; // truncation character of v2.7
      case "H", "N" -> "";
      default -> sequence.startsWith(".") ? command(sequence) : coded(sequence);
    };
  }

  /** Handles formatting commands, v2.5.1 2.7.6. Those that only indent or wrap produce nothing. */
  private static String command(String sequence) {
    String name = sequence.toLowerCase(Locale.ROOT);
    if (!name.matches("\\.(br|ce|fi|nf|sp|sk|in|ti) *[+-]? *[0-9]*")) {
      return null;
    }
    return switch (name.substring(1, 3)) {
      case "br", "ce" -> "\n";
      case "sp" -> "\n".repeat(repeats(name));
      case "sk" -> " ".repeat(repeats(name));
      default -> "";
    };
  }

  private static int repeats(String command) {
    String digits = command.replaceAll("[^0-9]", "");
    if (digits.isEmpty()) {
      return 1;
    }
    return digits.length() > 2 ? MOST_REPEATS : Math.min(MOST_REPEATS, Integer.parseInt(digits));
  }

  /** {@code \X000d\}: two bytes per character, the first of them zero. */
  private static boolean isWide(byte[] bytes) {
    boolean wide = bytes.length % 2 == 0;
    for (int i = 0; i < bytes.length; i += 2) {
      wide &= bytes[i] == 0;
    }
    return wide;
  }

  /** Decodes hexadecimal bytes. Character set switches and local sequences have no text. */
  private static String coded(String sequence) {
    if (sequence.matches("X([0-9A-Fa-f]{2}){1,256}")) {
      byte[] bytes = HexFormat.of().parseHex(sequence.substring(1));
      if (isWide(bytes)) {
        return new String(bytes, StandardCharsets.UTF_16BE);
      }
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      } catch (CharacterCodingException e) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
      }
    }
    return sequence.matches("C[0-9A-Fa-f]{4}|M[0-9A-Fa-f]{4}([0-9A-Fa-f]{2})?|Z[0-9A-Za-z]{1,8}")
        ? ""
        : null;
  }
}
