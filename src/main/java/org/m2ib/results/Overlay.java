package org.m2ib.results;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import org.m2ib.attribution.Attribution;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.Geometry;

/**
 * The picture of a result: the image as a person sees it, the map over it, and below it a band that
 * says in words what it is. The image's part is registered to the source pixels: a point (x, y) of
 * the picture, above the band, is the source point (x, y) over the reduction.
 */
public final class Overlay {
  /** Share of the map's colour where attribution is greatest: the radiograph stays readable. */
  private static final double STRONGEST = 0.6;

  private static final Color BACKGROUND = new Color(16, 18, 24);
  private static final Color TEXT = new Color(236, 236, 236);
  private static final Color QUIET = new Color(170, 174, 182);
  private static final Color WARNING = new Color(255, 200, 90);
  private static final double LEAST_WIDTH = 320;

  private Overlay() {}

  /**
   * @param longSide of the image's part, in pixels; larger images are reduced
   * @return RGB; as wide as the image's part, or {@value #LEAST_WIDTH} pixels where that is wider
   */
  public static BufferedImage of(
      DisplayImage image,
      Geometry geometry,
      Attribution attribution,
      Caption caption,
      int longSide) {
    double scale = Math.min(1, longSide / (double) Math.max(image.rows(), image.columns()));
    int columns = Math.max(1, (int) Math.round(image.columns() * scale));
    int rows = Math.max(1, (int) Math.round(image.rows() * scale));
    int width = (int) Math.max(columns, LEAST_WIDTH);
    Band band = new Band(caption, attribution, width);
    BufferedImage picture =
        new BufferedImage(width, rows + band.height(), BufferedImage.TYPE_INT_RGB);
    Graphics2D g = picture.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setColor(BACKGROUND);
    g.fillRect(0, 0, width, picture.getHeight());
    paint(picture, image, geometry, attribution.scaled(), rows, columns);
    band.draw(g, rows);
    g.dispose();
    return picture;
  }

  private static void paint(
      BufferedImage picture,
      DisplayImage image,
      Geometry geometry,
      double[][] map,
      int rows,
      int columns) {
    Reduced reduced = new Reduced(image, rows, columns);
    for (int y = 0; y < rows; y++) {
      double inputY = geometry.inputY((y + 0.5) * image.rows() / rows);
      for (int x = 0; x < columns; x++) {
        double inputX = geometry.inputX((x + 0.5) * image.columns() / columns);
        int under = reduced.rgb(y, x);
        double value = value(map, geometry, inputY, inputX);
        picture.setRGB(
            x, y, value <= 0 ? under : mix(under, ColourMap.rgb(value), STRONGEST * value));
      }
    }
  }

  /** The map at a point of the model's input, bilinear between patch centres; -1 outside of it. */
  private static double value(double[][] map, Geometry g, double inputY, double inputX) {
    if (inputY < 0 || inputY >= g.inputRows() || inputX < 0 || inputX >= g.inputColumns()) {
      return -1;
    }
    double y = clamp(inputY * map.length / g.inputRows() - 0.5, map.length - 1);
    double x = clamp(inputX * map[0].length / g.inputColumns() - 0.5, map[0].length - 1);
    int top = (int) y;
    int left = (int) x;
    int bottom = Math.min(top + 1, map.length - 1);
    int right = Math.min(left + 1, map[0].length - 1);
    double upper = map[top][left] + (map[top][right] - map[top][left]) * (x - left);
    double lower = map[bottom][left] + (map[bottom][right] - map[bottom][left]) * (x - left);
    return upper + (lower - upper) * (y - top);
  }

  private static double clamp(double value, double max) {
    return Math.max(0, Math.min(max, value));
  }

  private static int mix(int under, int over, double share) {
    int rgb = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int a = under >> shift & 0xFF;
      int b = over >> shift & 0xFF;
      rgb |= (int) Math.round(a + (b - a) * share) << shift;
    }
    return rgb;
  }

  /** The image at the picture's size: the mean of the source pixels behind each of its pixels. */
  private record Reduced(DisplayImage image, int rows, int columns) {
    int rgb(int y, int x) {
      int top = (int) ((long) y * image.rows() / rows);
      int bottom = Math.max(top + 1, (int) ((long) (y + 1) * image.rows() / rows));
      int left = (int) ((long) x * image.columns() / columns);
      int right = Math.max(left + 1, (int) ((long) (x + 1) * image.columns() / columns));
      int rgb = 0;
      for (int c = 0; c < 3; c++) {
        rgb = rgb << 8 | (int) Math.round(255 * mean(top, bottom, left, right, c));
      }
      return rgb;
    }

    private double mean(int top, int bottom, int left, int right, int channel) {
      int channels = image.channels();
      double sum = 0;
      for (int y = top; y < bottom; y++) {
        for (int x = left; x < right; x++) {
          sum +=
              image
                  .values()[(y * image.columns() + x) * channels + Math.min(channel, channels - 1)];
        }
      }
      return sum / ((bottom - top) * (right - left));
    }
  }

  /** The caption band: sentence, model, what it is not, and the colour bar in bits. */
  private static final class Band {
    private final Lettering lettering = new Lettering();
    private final Caption caption;
    private final double least;
    private final double greatest;
    private final int width;
    private final double size;
    private final double margin;
    private final List<String> sentence;
    private final List<String> small;
    private final List<String> warning;

    Band(Caption caption, Attribution attribution, int width) {
      this.caption = caption;
      this.width = width;
      this.size = Math.max(13, Math.min(44, width / 44.0));
      this.margin = size;
      double inner = width - 2 * margin;
      this.sentence = lettering.wrap("\u201c" + caption.sentence().strip() + "\u201d", size, inner);
      this.small =
          lettering.wrap(
              "M2IB attribution, model " + caption.model() + ". Not for diagnostic use.",
              smallSize(),
              inner);
      this.warning =
          caption.warning().isBlank()
              ? List.of()
              : lettering.wrap(caption.warning(), smallSize(), inner);
      double min = Double.POSITIVE_INFINITY;
      double max = 0;
      for (double[] row : attribution.bits()) {
        for (double bits : row) {
          min = Math.min(min, bits);
          max = Math.max(max, bits);
        }
      }
      this.least = min;
      this.greatest = max;
    }

    private double smallSize() {
      return size * 0.75;
    }

    int height() {
      double lines = sentence.size() * size + (small.size() + warning.size()) * smallSize();
      return (int)
          Math.ceil(2 * margin + 1.3 * lines + 0.6 * size + barHeight() + 1.4 * smallSize());
    }

    private double barHeight() {
      return 0.6 * size;
    }

    void draw(Graphics2D g, int top) {
      double y = top + margin;
      y = lines(g, sentence, y, size, TEXT) + 0.3 * size;
      y = bar(g, y) + 0.3 * size;
      y = lines(g, small, y, smallSize(), QUIET);
      lines(g, warning, y, smallSize(), WARNING);
    }

    private double lines(Graphics2D g, List<String> lines, double y, double em, Color colour) {
      for (String line : lines) {
        lettering.draw(g, line, margin, y + em, em, colour);
        y += 1.3 * em;
      }
      return y;
    }

    /** From the least to the greatest value of this map, over the dark it has on a black image. */
    private double bar(Graphics2D g, double y) {
      int left = (int) margin;
      int length = (int) Math.min(width - 2 * margin, 24 * size);
      for (int x = 0; x < length; x++) {
        double value = x / (double) (length - 1);
        g.setColor(new Color(mix(BACKGROUND.getRGB(), ColourMap.rgb(value), Math.sqrt(value))));
        g.fillRect(left + x, (int) y, 1, (int) barHeight());
      }
      double below = y + barHeight() + 1.05 * smallSize();
      for (int tick = 0; tick <= 2; tick++) {
        double x = left + length * tick / 2.0;
        double bits = least + (greatest - least) * tick / 2;
        String label = String.format(Locale.ROOT, tick == 2 ? "%.3g bits" : "%.3g", bits);
        double wide = lettering.width(label, smallSize());
        double at = tick == 0 ? x : tick == 1 ? x - wide / 2 : x - wide;
        g.setColor(QUIET);
        g.fillRect((int) Math.min(x, left + length - 1.0), (int) (y + barHeight()), 1, 3);
        lettering.draw(g, label, at, below, smallSize(), QUIET);
      }
      return y + barHeight() + 1.4 * smallSize();
    }
  }
}
