package org.m2ib.results.capture;

import java.awt.Color;
import java.awt.Graphics2D;
import java.text.Normalizer;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes text into a picture as filled outlines of bundled fonts: a server may have no others, and
 * they would make a capture depend on the machine. {@link #canDraw} tells whether all characters
 * are covered. Not thread-safe.
 */
public final class Lettering {
  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private final PlainLetters plain = new PlainLetters();
  private final Optional<ShapedLetters> shaped;

  public Lettering() {
    this(CaptionFonts.bundled());
  }

  /**
   * @param fonts empty on a machine that cannot set text in them
   */
  Lettering(Optional<CaptionFonts> fonts) {
    shaped = fonts.map(ShapedLetters::new);
  }

  /** Whether every character of a text can be drawn correctly. */
  boolean canDraw(String text) {
    String composed = composed(text);
    return plain(composed) || shaped.filter(letters -> letters.canDraw(composed)).isPresent();
  }

  private boolean plain(String composed) {
    return composed.codePoints().allMatch(plain::canDraw);
  }

  private static String composed(String text) {
    return BLANKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFC).strip()).replaceAll(" ");
  }

  /**
   * Breaks a text into lines of a maximum width, at least one.
   *
   * @param text characters that cannot be drawn become question marks
   * @param size pixels per em
   * @param width pixels
   */
  List<SetLine> wrap(String text, double size, double width) {
    String composed = composed(text);
    if (plain(composed)) {
      return plain.wrap(composed, size, width);
    }
    if (shaped.isPresent() && shaped.get().canDraw(composed)) {
      return shaped.get().wrap(composed, size, width);
    }
    return plain.wrap(
        composed
            .codePoints()
            .mapToObj(c -> plain.canDraw(c) ? Character.toString(c) : "?")
            .collect(Collectors.joining()),
        size,
        width);
  }

  private SetLine line(String text, double size) {
    return wrap(text, size, Double.MAX_VALUE).get(0);
  }

  /** Width of a line in pixels at a size (pixels per em). */
  public double width(String text, double size) {
    return line(text, size).advance();
  }

  /** Draws one line with the left end of its baseline at (x, y). */
  public void draw(Graphics2D g, String text, double x, double y, double size, Color colour) {
    line(text, size).draw(g, x, y, colour);
  }
}
