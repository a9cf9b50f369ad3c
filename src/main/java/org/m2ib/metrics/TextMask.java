package org.m2ib.metrics;

import java.util.Arrays;
import org.m2ib.imaging.DisplayImage;

/**
 * Detects burned-in text and side markers: small components as bright as the image gets, with a
 * sharp edge all round, inside or outside the body.
 *
 * <p>Limits: it misses dark text on a bright background, letters that touch something equally
 * bright, and letters with fewer than {@value #SMALLEST} pixels or blurred edges. Electrodes, clips
 * and other metal look the same and are detected too. Use it for alarms, not for de-identification.
 */
public final class TextMask {
  /** Fraction of the image's brightest value that counts as bright; thin strokes stay below it. */
  private static final double SATURATED = 0.9;

  private static final int SMALLEST = 5;

  /**
   * Maximum length of the short side of a word or marker, as a fraction of the image's long side.
   */
  private static final double THICKEST = 0.08;

  private static final double LONGEST = 0.5;

  /**
   * Width in pixels within which an edge must fall off. Letters are smoothed by about one pixel.
   */
  private static final int EDGE = 3;

  /** Required fall in brightness, and the fraction of the outline on which it is required. */
  private static final double STEP = 0.2;

  private static final double AROUND = 0.85;

  private TextMask() {}

  /**
   * @return rows * columns values, row-major: bounding boxes of letters, extended by half their
   *     height to both sides, which joins the letters of a line and includes thin ones that were
   *     missed
   */
  public static boolean[] of(DisplayImage image) {
    int columns = image.columns();
    float[] grey = grey(image);
    float brightest = 0;
    for (float value : grey) {
      brightest = Math.max(brightest, value);
    }
    boolean[] bright = new boolean[grey.length];
    for (int i = 0; i < grey.length; i++) {
      bright[i] = grey[i] >= SATURATED * brightest && brightest > 0;
    }
    boolean[] text = new boolean[grey.length];
    int longSide = Math.max(image.rows(), columns);
    for (int[] part : Regions.of(bright, columns, true)) {
      Box box = Box.of(part, columns);
      if (box.longer() >= SMALLEST
          && box.longer() <= LONGEST * longSide
          && box.shorter() <= THICKEST * longSide
          && isSharp(part, box, grey, bright, image.rows(), columns)) {
        fill(box.grown(EDGE - 1, box.height() / 2, image.rows(), columns), text, columns);
      }
    }
    return text;
  }

  private static void fill(Box box, boolean[] mask, int columns) {
    for (int y = box.top; y <= box.bottom; y++) {
      Arrays.fill(mask, y * columns + box.left, y * columns + box.right + 1, true);
    }
  }

  /**
   * Returns whether it is darker all round at a few pixels' distance, ignoring other bright
   * components.
   */
  private static boolean isSharp(
      int[] part, Box box, float[] grey, boolean[] bright, int rows, int columns) {
    Box surroundings = box.grown(EDGE, EDGE, rows, columns);
    int width = surroundings.right - surroundings.left + 1;
    boolean[] shape = new boolean[width * (surroundings.bottom - surroundings.top + 1)];
    double level = 0;
    for (int i : part) {
      shape[(i / columns - surroundings.top) * width + i % columns - surroundings.left] = true;
      level += grey[i] / part.length;
    }
    boolean[] grown = Regions.grown(shape, width, EDGE);
    boolean[] edge = Regions.grown(shape, width, EDGE - 1);
    int ring = 0;
    int darker = 0;
    for (int i = 0; i < shape.length; i++) {
      int pixel = (surroundings.top + i / width) * columns + surroundings.left + i % width;
      if (grown[i] && !edge[i] && !bright[pixel]) {
        ring++;
        darker += level - grey[pixel] >= STEP ? 1 : 0;
      }
    }
    return ring > 0 && darker >= AROUND * ring;
  }

  private static float[] grey(DisplayImage image) {
    float[] grey = new float[image.rows() * image.columns()];
    for (int i = 0; i < image.values().length; i++) {
      grey[i / image.channels()] += image.values()[i] / image.channels();
    }
    return grey;
  }

  /** First and last rows and columns, inclusive. */
  private record Box(int top, int left, int bottom, int right) {
    static Box of(int[] part, int columns) {
      var rows = Arrays.stream(part).map(i -> i / columns).summaryStatistics();
      var across = Arrays.stream(part).map(i -> i % columns).summaryStatistics();
      return new Box(rows.getMin(), across.getMin(), rows.getMax(), across.getMax());
    }

    /** Extends the box in both directions, within the image. */
    Box grown(int upAndDown, int across, int rows, int columns) {
      return new Box(
          Math.max(0, top - upAndDown),
          Math.max(0, left - across),
          Math.min(rows - 1, bottom + upAndDown),
          Math.min(columns - 1, right + across));
    }

    int height() {
      return 1 + bottom - top;
    }

    int longer() {
      return 1 + Math.max(bottom - top, right - left);
    }

    int shorter() {
      return 1 + Math.min(bottom - top, right - left);
    }
  }
}
