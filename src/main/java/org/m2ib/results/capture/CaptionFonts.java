package org.m2ib.results.capture;

import java.awt.AWTError;
import java.awt.Font;
import java.awt.FontFormatException;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The bundled fonts (docs/adr/0020), and which of them draws a character. Noto Sans CJK has four
 * members that draw the same Chinese character in its Japanese, Korean, mainland and Taiwan form.
 */
final class CaptionFonts {
  /** Size of the fonts. */
  static final int EM = 1000;

  private static final Pattern KANA = Pattern.compile("[\\p{IsHiragana}\\p{IsKatakana}]");
  private static final Pattern HANGUL = Pattern.compile("\\p{IsHangul}");
  private static final Pattern NOT_HAN = Pattern.compile("\\P{IsHan}");

  /** Loaded once, on first use. */
  private static final class Loaded {
    static final Optional<CaptionFonts> FONTS = load();
  }

  private static final String NOTO = "/org/m2ib/results/NotoSans";

  private final List<Font> alphabets = new ArrayList<>();
  private final List<Font> eastAsian;

  private CaptionFonts() throws IOException, FontFormatException {
    // Liberation has Hebrew letters without their points
    alphabets.addAll(read(NOTO + "Hebrew-Regular.ttf"));
    alphabets.addAll(read(PlainLetters.FONT));
    for (String script : List.of("", "Arabic", "Thai", "Devanagari")) {
      alphabets.addAll(read(NOTO + script + "-Regular.ttf"));
    }
    eastAsian = read(NOTO + "CJK-Regular.ttc");
  }

  /** Empty if the Java runtime cannot set text because it lacks FreeType or fontconfig. */
  static Optional<CaptionFonts> bundled() {
    return Loaded.FONTS;
  }

  private static Optional<CaptionFonts> load() {
    try {
      CaptionFonts fonts = new CaptionFonts();
      Font arabic = first(fonts.order(""), "\u0628").orElseThrow();
      new TextLayout("\u0628\u0645", arabic, new FontRenderContext(null, true, true))
          .getOutline(null);
      return Optional.of(fonts);
    } catch (IOException | FontFormatException | RuntimeException e) {
      return Optional.empty();
    } catch (LinkageError
        | AWTError
        | InternalError e) { // this is how the JDK reports a missing library
      return Optional.empty();
    }
  }

  private static List<Font> read(String file) throws IOException, FontFormatException {
    try (InputStream in = CaptionFonts.class.getResourceAsStream(file)) {
      return Stream.of(Font.createFonts(in)).map(font -> font.deriveFont((float) EM)).toList();
    }
  }

  /** The fonts in the order in which they are tried for a text's characters. */
  List<Font> order(String text) {
    List<Font> order = new ArrayList<>(alphabets);
    order.add(eastAsian(text));
    order.addAll(eastAsian);
    return order;
  }

  /**
   * Kana identify Japanese and Hangul Korean; for Chinese characters alone, the member that has
   * them all.
   */
  private Font eastAsian(String text) {
    Font japanese = eastAsian.get(0);
    Font korean = eastAsian.get(1);
    if (KANA.matcher(text).find()) {
      return japanese;
    }
    if (HANGUL.matcher(text).find()) {
      return korean;
    }
    String han = NOT_HAN.matcher(text).replaceAll("");
    Stream<Font> chinese = Stream.of(eastAsian.get(2), eastAsian.get(3));
    return chinese.filter(font -> font.canDisplayUpTo(han) < 0).findFirst().orElse(japanese);
  }

  /** The first font with all characters of a cluster. */
  static Optional<Font> first(List<Font> order, String cluster) {
    return order.stream()
        .filter(font -> cluster.codePoints().allMatch(c -> unseen(c) || font.canDisplay(c)))
        .findFirst();
  }

  /** Joiners, direction marks, variation selectors: they have an effect but no glyph. */
  static boolean unseen(int c) {
    return Character.getType(c) == Character.FORMAT
        || c == 0x34F // combining grapheme joiner
        || (c >= 0xFE00 && c <= 0xFE0F)
        || (c >= 0xE0100 && c <= 0xE01EF);
  }
}
