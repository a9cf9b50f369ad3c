package org.m2ib.results.capture;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.m2ib.attribution.Interactions;
import org.m2ib.base.Notice;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.Geometry;

/**
 * Renders which word goes with which region: the image once for each word, with that word's map and
 * its sum. Red raises the similarity, blue lowers it; one scale for all words.
 */
public final class WordSheet {
  private static final Color TEXT = new Color(225, 228, 235);
  private static final int RAISES = 0xE0312B;
  private static final int LOWERS = 0x3B7DFF;
  private static final int CELL = 240;
  private static final int MOST_COLUMNS = 4;
  private static final int GAP = 8;
  private static final int LETTERS = 15;
  private static final int LINE = 22;
  private static final double STRONGEST = 0.75;

  private WordSheet() {}

  /**
   * @param caption sentence, model and its warning, written below
   * @return RGB
   */
  public static BufferedImage of(
      DisplayImage image, Geometry geometry, Interactions interactions, Caption caption) {
    List<Interactions.Word> words = interactions.words();
    double greatest = interactions.greatest();
    List<BufferedImage> cells = new ArrayList<>();
    for (Interactions.Word word : words) {
      cells.add(
          HeatmapRenderer.of(
              image,
              geometry,
              word.map(),
              CELL,
              (under, value) -> tint(under, greatest == 0 ? 0 : value / greatest)));
    }
    int columns = Math.min(MOST_COLUMNS, words.size());
    int height = cells.get(0).getHeight() + LINE + GAP;
    int width = columns * (CELL + GAP) + GAP;
    int rows = (words.size() + columns - 1) / columns;
    Lettering lettering = new Lettering();
    List<SetLine> lines = new ArrayList<>();
    for (String text : below(interactions, greatest, caption)) {
      lines.addAll(lettering.wrap(text, LETTERS, width - 2 * GAP));
    }
    BufferedImage sheet =
        new BufferedImage(
            width, GAP + rows * height + lines.size() * LINE + GAP, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = sheet.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setColor(HeatmapRenderer.BACKGROUND);
    g.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
    for (int i = 0; i < cells.size(); i++) {
      int left = GAP + i % columns * (CELL + GAP);
      int top = GAP + i / columns * height;
      g.drawImage(cells.get(i), left + (CELL - cells.get(i).getWidth()) / 2, top, null);
      String label = words.get(i).text() + "  " + signed(words.get(i).sum());
      lettering
          .wrap(label, LETTERS, CELL)
          .get(0)
          .draw(g, left, top + height - GAP - LINE + LETTERS + 2, TEXT);
    }
    int y = GAP + rows * height + LETTERS;
    for (SetLine line : lines) {
      line.draw(g, GAP, y, TEXT);
      y += LINE;
    }
    g.dispose();
    return sheet;
  }

  private static List<String> below(Interactions interactions, double greatest, Caption caption) {
    return List.of(
        "“" + caption.sentence() + "”",
        String.format(
            Locale.ROOT,
            "Similarity %.4f; these words make %+.4f of it with the patches, the rest is of start, "
                + "end and class token and of the reference. Red raises it, blue lowers it; full "
                + "colour is %.5f per patch.",
            interactions.similarity(),
            interactions.sum(),
            greatest),
        (caption.model() + ". " + Notice.NOT_DIAGNOSTIC + " " + caption.warning()).strip());
  }

  private static String signed(double sum) {
    return String.format(Locale.ROOT, "%+.4f", sum);
  }

  /** A colour 0xRRGGBB with a share in [-1, 1] blended over it. */
  private static int tint(int under, double share) {
    int over = share > 0 ? RAISES : LOWERS;
    double weight = STRONGEST * Math.min(1, Math.abs(share));
    int rgb = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int a = under >> shift & 0xFF;
      int b = over >> shift & 0xFF;
      rgb |= (int) Math.round(a + (b - a) * weight) << shift;
    }
    return rgb;
  }
}
