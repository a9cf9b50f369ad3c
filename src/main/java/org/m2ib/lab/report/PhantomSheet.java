package org.m2ib.lab.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.SplittableRandom;
import org.m2ib.base.Notice;
import org.m2ib.lab.phantom.FindingPlanes;
import org.m2ib.lab.phantom.FindingType;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.phantom.PhantomIdentity;
import org.m2ib.results.capture.Lettering;

/**
 * An overview of phantoms: a row for each finding, each phantom without and with its mask's
 * outline.
 */
public final class PhantomSheet {
  private static final int COLUMNS = 2;
  private static final int GAP = 8;
  private static final int LABEL = 22;
  private static final double LETTERS = 14;
  private static final int EDGE = 0xFFB000;

  private final Lettering lettering = new Lettering();
  private final BufferedImage sheet;
  private final Graphics2D canvas;

  private PhantomSheet(int width, int height) {
    sheet = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    canvas = sheet.createGraphics();
  }

  /**
   * @param seed of the first; the others count up
   */
  public static BufferedImage of(PhantomGenerator generator, long seed) {
    int size = PhantomGenerator.SIZE;
    int cell = 2 * size + 2 * GAP;
    int row = size + LABEL;
    FindingType[] types = FindingType.values();
    PhantomSheet made = new PhantomSheet(COLUMNS * cell, types.length * row + LABEL);
    for (int i = 0; i < types.length * COLUMNS; i++) {
      Phantom phantom =
          generator.make(
              seed + i,
              List.of(PhantomGenerator.draw(types[i / COLUMNS], new SplittableRandom(seed + i))));
      made.draw(phantom, i % COLUMNS * cell, i / COLUMNS * row);
    }
    made.label(
        PhantomIdentity.NOTICE + ". " + Notice.NOT_DIAGNOSTIC + " Seeds from " + seed + ".",
        GAP,
        types.length * row);
    made.canvas.dispose();
    return made.sheet;
  }

  private void draw(Phantom phantom, int left, int top) {
    Phantom.Located located = phantom.findings().get(0);
    int size = phantom.size();
    label(FindingPlanes.label(located.finding()), left + GAP, top);
    for (int i = 0; i < size * size; i++) {
      int x = left + GAP + i % size;
      int y = top + LABEL + i / size;
      int grey = Math.round(phantom.pixels()[i] * 255) * 0x010101;
      sheet.setRGB(x, y, grey);
      sheet.setRGB(x + size, y, isEdge(located.mask(), size, i) ? EDGE : grey);
    }
  }

  private void label(String text, int left, int top) {
    lettering.draw(canvas, text, left, top + LABEL - 6, LETTERS, Color.WHITE);
  }

  /** Whether a pixel of the mask touches one outside it. */
  static boolean isEdge(boolean[] mask, int columns, int i) {
    int x = i % columns;
    return mask[i]
        && (x == 0
            || x == columns - 1
            || i < columns
            || i >= mask.length - columns
            || !(mask[i - 1] && mask[i + 1] && mask[i - columns] && mask[i + columns]));
  }
}
