package org.m2ib.results.capture;

import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;

/**
 * Sets letters that follow one another from left to right (Latin, Greek and Cyrillic) in Liberation
 * Sans (SIL OFL 1.1, bundled with PDFBox). It needs nothing from the machine, so the service's own
 * texts can always be written. Not thread-safe.
 */
final class PlainLetters {
  static final String FONT = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";

  private final TrueTypeFont font;
  private final CmapLookup glyphs;
  private final double unitsPerEm;

  PlainLetters() {
    try (InputStream in = PlainLetters.class.getResourceAsStream(FONT)) {
      font = new TTFParser().parse(RandomAccessReadBuffer.createBufferFromStream(in));
      glyphs = font.getUnicodeCmapLookup();
      unitsPerEm = font.getUnitsPerEm();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the font " + FONT, e);
    }
  }

  /**
   * Whether the font has a glyph for it, and it is a left-to-right character that does not combine.
   */
  boolean canDraw(int c) {
    boolean apart =
        switch (Character.getType(c)) {
          case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> false;
          default -> true;
        };
    boolean fromTheRight =
        switch (Character.getDirectionality(c)) {
          case Character.DIRECTIONALITY_RIGHT_TO_LEFT,
              Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC,
              Character.DIRECTIONALITY_ARABIC_NUMBER ->
              true;
          default -> false;
        };
    return apart && !fromTheRight && (Character.isWhitespace(c) || glyphs.getGlyphId(c) != 0);
  }

  SetLine line(String text, double size) {
    try {
      double scale = size / unitsPerEm;
      double x = 0;
      Path2D outline = new Path2D.Double();
      for (int c : text.codePoints().toArray()) {
        int glyph = glyphs.getGlyphId(c);
        var drawn = glyph == 0 ? null : font.getGlyph().getGlyph(glyph);
        if (drawn != null) {
          outline.append(
              new AffineTransform(scale, 0, 0, -scale, x, 0)
                  .createTransformedShape(drawn.getPath()),
              false);
        }
        x += font.getAdvanceWidth(glyph) * scale;
      }
      return new SetLine(text, outline, x, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  double width(String text, double size) {
    try {
      double units = 0;
      for (int c : text.codePoints().toArray()) {
        units += font.getAdvanceWidth(glyphs.getGlyphId(c));
      }
      return units * size / unitsPerEm;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Breaks a text into lines of a maximum width, at spaces if there are any. */
  List<SetLine> wrap(String text, double size, double width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.strip().split("\\s+")) {
      String longer = line.isEmpty() ? word : line + " " + word;
      if (width(longer, size) > width && !line.isEmpty()) {
        lines.add(line.toString());
        longer = word;
      }
      line = new StringBuilder(breakWord(longer, size, width, lines));
    }
    lines.add(line.toString());
    return lines.stream().map(l -> line(l, size)).toList();
  }

  private String breakWord(String word, double size, double width, List<String> lines) {
    while (width(word, size) > width && word.codePointCount(0, word.length()) > 1) {
      int end = word.offsetByCodePoints(0, 1);
      while (width(word.substring(0, word.offsetByCodePoints(end, 1)), size) <= width) {
        end = word.offsetByCodePoints(end, 1);
      }
      lines.add(word.substring(0, end));
      word = word.substring(end);
    }
    return word;
  }
}
