package org.m2ib.results;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.text.Bidi;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;

/**
 * Writes text into a picture as filled outlines of Liberation Sans (SIL OFL 1.1, carried by
 * PDFBox). Java's own fonts need fontconfig and an installed font, which a bare server lacks, and
 * would make a capture differ from machine to machine. Latin, Greek, Cyrillic and Hebrew letters
 * are there, Hebrew is drawn from right to left (Unicode UAX 9); {@link #canDraw} tells the others.
 * Not safe for use by several threads at once.
 */
public final class Lettering {
  private static final String FONT = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";

  /** Pairs. */
  private static final String BRACKETS = "()[]{}<>\u00ab\u00bb\u201c\u201d";

  private final TrueTypeFont font;
  private final CmapLookup glyphs;
  private final double unitsPerEm;

  public Lettering() {
    try (InputStream in = Lettering.class.getResourceAsStream(FONT)) {
      font = new TTFParser().parse(RandomAccessReadBuffer.createBufferFromStream(in));
      glyphs = font.getUnicodeCmapLookup();
      unitsPerEm = font.getUnitsPerEm();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the font " + FONT, e);
    }
  }

  /**
   * Whether every character of a text can be drawn: it has a glyph of its own, and is no mark that
   * belongs on another one.
   *
   * @param text composed (NFC)
   */
  boolean canDraw(String text) {
    return text.codePoints()
        .filter(c -> !Character.isWhitespace(c))
        .noneMatch(
            c -> glyphs.getGlyphId(c) == 0 || Character.getType(c) == Character.NON_SPACING_MARK);
  }

  /** A line's characters from left to right, brackets turned in what is read from the right. */
  static int[] visual(String line) {
    char[] text = line.toCharArray();
    if (!Bidi.requiresBidi(text, 0, text.length)) {
      return line.codePoints().toArray();
    }
    Bidi bidi = new Bidi(line, Bidi.DIRECTION_DEFAULT_LEFT_TO_RIGHT);
    int runs = bidi.getRunCount();
    byte[] levels = new byte[runs];
    Integer[] order = new Integer[runs];
    for (int i = 0; i < runs; i++) {
      levels[i] = (byte) bidi.getRunLevel(i);
      order[i] = i;
    }
    Bidi.reorderVisually(levels, 0, order, 0, runs);
    return Arrays.stream(order)
        .flatMapToInt(
            i -> {
              String run = line.substring(bidi.getRunStart(i), bidi.getRunLimit(i));
              return bidi.getRunLevel(i) % 2 == 0
                  ? run.codePoints()
                  : new StringBuilder(run).reverse().codePoints().map(Lettering::mirrored);
            })
        .toArray();
  }

  private static int mirrored(int c) {
    int at = BRACKETS.indexOf(c);
    return at < 0 ? c : BRACKETS.charAt(at ^ 1);
  }

  /** Width of a line in pixels at a size (pixels an em). */
  public double width(String text, double size) {
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

  /** Draws one line, its baseline's left end at (x, y). */
  public void draw(Graphics2D g, String text, double x, double y, double size, Color colour) {
    try {
      double scale = size / unitsPerEm;
      g.setColor(colour);
      for (int c : visual(text)) {
        int glyph = glyphs.getGlyphId(c);
        var outline = font.getGlyph().getGlyph(glyph);
        if (outline != null) {
          g.fill(
              new AffineTransform(scale, 0, 0, -scale, x, y)
                  .createTransformedShape(outline.getPath()));
        }
        x += font.getAdvanceWidth(glyph) * scale;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Breaks a text into lines no wider than a width, at spaces where there are any. */
  List<String> wrap(String text, double size, double width) {
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
    return lines;
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
