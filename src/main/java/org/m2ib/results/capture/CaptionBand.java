package org.m2ib.results.capture;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.base.Notice;
import org.m2ib.results.Audit;

/**
 * The band below the picture: the sentence, what the picture is and is not, and the colour bar with
 * its scale in the method's unit per patch.
 */
final class CaptionBand {
  private static final Color TEXT = new Color(240, 240, 240);
  private static final Color QUIET = new Color(176, 180, 188);
  private static final Color WARNING = new Color(255, 200, 90);
  private static final double LINE = 1.3;

  /**
   * @param em pixels
   * @param gap above it, in pixels
   */
  private record Line(SetLine set, double em, Color colour, double gap) {
    double height() {
      return gap + LINE * em;
    }
  }

  private static final String CANNOT_BE_DRAWN =
      "The sentence contains characters that cannot be drawn: see the image comments.";

  private final Lettering lettering = new Lettering();
  private final List<Line> lines = new ArrayList<>();
  private final String unit;
  private final double least;
  private final double greatest;
  private final int width;
  private final double em;
  private final double small;

  CaptionBand(Caption caption, Attribution attribution, int width) {
    this.width = width;
    this.em = Math.max(14, Math.min(48, width / 44.0));
    this.small = Math.max(11, em * 0.72);
    String sentence = caption.sentence().strip();
    add(lettering.canDraw(sentence) ? "\u201c" + sentence + "\u201d" : CANNOT_BE_DRAWN, em, TEXT);
    if (caption.forced()) {
      add(Audit.FORCED, small, WARNING);
    }
    MethodCard method = Methods.card(attribution.method());
    add(method.attribution() + ", model " + caption.model(), small, QUIET);
    add(Notice.LABEL, small, WARNING);
    if (!caption.warning().isBlank()) {
      add(caption.warning(), small, WARNING);
    }
    this.unit = method.unit() + " per patch";
    this.least = values(attribution).min().orElse(0);
    this.greatest = values(attribution).max().orElse(0);
  }

  private static DoubleStream values(Attribution attribution) {
    return Arrays.stream(attribution.map()).flatMapToDouble(Arrays::stream);
  }

  private void add(String text, double size, Color colour) {
    double before = lines.isEmpty() ? size : lines.get(lines.size() - 1).em();
    for (SetLine line : lettering.wrap(text, size, width - 2 * margin())) {
      lines.add(new Line(line, size, colour, size < before ? 0.35 * em : 0));
      before = size;
    }
  }

  private double margin() {
    return em;
  }

  /** Its text, line by line. */
  List<String> text() {
    return lines.stream().map(line -> line.set().text()).toList();
  }

  /** Unit of the colour bar. */
  String unit() {
    return unit;
  }

  /** Pixels. */
  int height() {
    double text = lines.stream().mapToDouble(Line::height).sum();
    return (int) Math.ceil(1.7 * margin() + text + 0.5 * em + barHeight() + 1.5 * small);
  }

  /**
   * @param top the picture's row where the band begins
   */
  void draw(Graphics2D g, int top) {
    double y = top + 0.7 * margin();
    for (Line line : lines) {
      double baseline = y + line.gap() + line.em();
      SetLine set = line.set();
      double left = set.rightToLeft() ? width - margin() - set.advance() : margin();
      set.draw(g, left, baseline, line.colour());
      y += line.height();
    }
    bar(g, (int) Math.round(y + 0.5 * em));
  }

  private int barHeight() {
    return (int) Math.round(0.8 * em);
  }

  /**
   * From the lowest to the highest value of this map, over dark grey at the bar's top and light
   * grey at its bottom: the colours as they look on lung and on bone.
   */
  private void bar(Graphics2D g, int y) {
    int left = (int) margin();
    double space = width - 2 * margin() - lettering.width(unit, small) - em;
    int length = (int) Math.max(1, Math.min(space, 22 * em));
    boolean flat = greatest <= least;
    for (int row = 0; row < barHeight(); row++) {
      int grey = 0x010101 * (32 + 192 * row / barHeight());
      for (int x = 0; x < length; x++) {
        g.setColor(new Color(HeatmapRenderer.tint(grey, flat ? 0 : (x + 0.5) / length)));
        g.fillRect(left + x, y + row, 1, 1);
      }
    }
    lettering.draw(g, unit, left + length + 0.6 * em, y + barHeight() * 0.85, small, QUIET);
    ticks(g, left, length, y + barHeight());
  }

  private void ticks(Graphics2D g, int left, int length, int y) {
    int height = (int) Math.max(3, small / 4);
    double free = Double.NEGATIVE_INFINITY;
    for (Tick tick : Tick.along(least, greatest)) {
      int x = left + (int) Math.round(tick.share() * (length - 1));
      g.setColor(QUIET);
      g.fillRect(x, y, (int) Math.max(1, em / 16), height);
      double wide = lettering.width(tick.label(), small);
      double at = Math.max(margin() / 2, x - wide / 2);
      if (at > free) { // labels never overlap
        lettering.draw(g, tick.label(), at, y + height + small, small, QUIET);
        free = at + wide + small / 2;
      }
    }
  }
}
