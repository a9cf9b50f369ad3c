package org.m2ib.results.capture;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.font.LineBreakMeasurer;
import java.awt.font.TextAttribute;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.text.AttributedString;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sets text whose letters join, stack or are read from the right, by the JDK's own layout
 * (HarfBuzz; UAX 9) in bundled fonts. Outlines are rendered unhinted at {@value CaptionFonts#EM}
 * units per em and scaled, so that machine settings have no effect.
 */
final class ShapedLetters {
  private static final FontRenderContext UNHINTED = new FontRenderContext(null, true, true);
  private static final Pattern CLUSTER = Pattern.compile("\\X");
  private static final Pattern THAI = Pattern.compile("\\p{IsThai}");

  private final CaptionFonts fonts;

  ShapedLetters(CaptionFonts fonts) {
    this.fonts = fonts;
  }

  /** A range of a text in one font; null if no font has all of it. */
  private record Run(int start, int end, Font font) {}

  boolean canDraw(String text) {
    return runs(text).stream().allMatch(run -> run.font() != null);
  }

  private List<Run> runs(String text) {
    List<Font> order = fonts.order(text);
    List<Run> runs = new ArrayList<>();
    Matcher clusters = CLUSTER.matcher(text);
    while (clusters.find()) {
      String cluster = clusters.group();
      Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
      boolean unseen = cluster.codePoints().allMatch(CaptionFonts::unseen);
      Font font =
          unseen && last != null ? last.font() : CaptionFonts.first(order, cluster).orElse(null);
      if (last != null && last.font() == font) {
        runs.set(runs.size() - 1, new Run(last.start(), clusters.end(), font));
      } else {
        runs.add(new Run(clusters.start(), clusters.end(), font));
      }
    }
    return runs;
  }

  /**
   * Breaks a text into lines of a maximum width where its script allows it: Thai, Chinese and
   * Japanese between words without blanks.
   *
   * @param text that it can draw
   */
  List<SetLine> wrap(String text, double size, double width) {
    AttributedString attributed = new AttributedString(text);
    for (Run run : runs(text)) {
      attributed.addAttribute(TextAttribute.FONT, run.font(), run.start(), run.end());
    }
    Locale locale = THAI.matcher(text).find() ? new Locale("th") : Locale.ROOT;
    LineBreakMeasurer measurer =
        new LineBreakMeasurer(
            attributed.getIterator(), BreakIterator.getLineInstance(locale), UNHINTED);
    double scale = size / CaptionFonts.EM;
    List<SetLine> lines = new ArrayList<>();
    while (measurer.getPosition() < text.length()) {
      int start = measurer.getPosition();
      TextLayout layout = measurer.nextLayout((float) Math.min(width / scale, Float.MAX_VALUE));
      String line = text.substring(start, measurer.getPosition()).strip();
      boolean rightToLeft = !layout.isLeftToRight();
      double advance = layout.getVisibleAdvance(); // without the blank at the end of the line
      AffineTransform place = AffineTransform.getScaleInstance(scale, scale);
      place.translate(rightToLeft ? advance - layout.getAdvance() : 0, 0);
      lines.add(new SetLine(line, layout.getOutline(place), scale * advance, rightToLeft));
    }
    return lines;
  }
}
