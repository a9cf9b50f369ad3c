package org.m2ib.results.capture;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.Upsampling;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.Geometry;

/**
 * Renders the picture of a result: the image as displayed, the map over it, and below it a band
 * with a description. The image fills the picture's width from its top, so that a point (x, y)
 * above the band is the source point (x, y) divided by the picture's scale, which is the same in
 * both directions if the source's pixels are square like the picture's.
 */
public final class HeatmapRenderer {
  /** Background of the picture and of its band. */
  static final Color BACKGROUND = new Color(18, 20, 26);

  /** Share of the map's colour at maximum attribution, so that the radiograph stays readable. */
  private static final double STRONGEST = 0.55;

  /** Smaller images are enlarged to this width, so that the caption can be read. */
  private static final int READABLE_WIDTH = 320;

  private HeatmapRenderer() {}

  /**
   * @param longSide maximum length of the image's part, in pixels
   * @return RGB, as wide as the image's part
   */
  public static BufferedImage of(
      DisplayImage image,
      Geometry geometry,
      Attribution attribution,
      Caption caption,
      int longSide) {
    int columns = columns(image, longSide);
    int rows = imageRows(columns, image.rows(), image.columns(), image.pixelAspect());
    CaptionBand band = new CaptionBand(caption, attribution, columns);
    BufferedImage picture =
        new BufferedImage(columns, rows + band.height(), BufferedImage.TYPE_INT_RGB);
    paint(picture, rows, image, geometry, attribution.scaled(), HeatmapRenderer::tint);
    Graphics2D g = picture.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setColor(BACKGROUND);
    g.fillRect(0, rows, columns, band.height());
    band.draw(g, rows);
    g.dispose();
    return picture;
  }

  /** Blends a map's value over a colour. */
  interface Tint {
    /**
     * @param under 0xRRGGBB
     * @param value the map's
     */
    int over(int under, double value);
  }

  /** The image alone, with a map in any unit over it. */
  static BufferedImage of(
      DisplayImage image, Geometry geometry, double[][] map, int longSide, Tint tint) {
    int columns = columns(image, longSide);
    int rows = imageRows(columns, image.rows(), image.columns(), image.pixelAspect());
    BufferedImage picture = new BufferedImage(columns, rows, BufferedImage.TYPE_INT_RGB);
    paint(picture, rows, image, geometry, map, tint);
    return picture;
  }

  private static int columns(DisplayImage image, int longSide) {
    long columns = image.squareColumns();
    double most = longSide / (double) Math.max(image.squareRows(), columns);
    double wanted = Math.max(1, READABLE_WIDTH / (double) columns);
    // the small addition prevents a whole product from being truncated to the number below
    return Math.max(1, (int) (columns * Math.min(most, wanted) + 1e-9));
  }

  /** Height of the image's part of a picture with this width. */
  static int imageRows(int pictureColumns, int sourceRows, int sourceColumns, double pixelAspect) {
    double height = sourceRows * pixelAspect; // in widths of a source pixel
    return Math.max(1, (int) Math.round(height * pictureColumns / sourceColumns));
  }

  private static void paint(
      BufferedImage picture,
      int rows,
      DisplayImage image,
      Geometry geometry,
      double[][] map,
      Tint tint) {
    int columns = picture.getWidth();
    Resized under = new Resized(image, rows, columns);
    for (int y = 0; y < rows; y++) {
      double inputY = geometry.inputY((y + 0.5) * image.rows() / rows);
      for (int x = 0; x < columns; x++) {
        double inputX = geometry.inputX((x + 0.5) * image.columns() / columns);
        picture.setRGB(x, y, tint.over(under.rgb(y, x), value(map, geometry, inputY, inputX)));
      }
    }
  }

  /**
   * The map at a point of the model's input, bilinear between patch centres; 0 outside the input.
   */
  private static double value(double[][] map, Geometry g, double inputY, double inputX) {
    if (inputY < 0 || inputY >= g.inputRows() || inputX < 0 || inputX >= g.inputColumns()) {
      return 0;
    }
    return Upsampling.at(map, inputY / g.inputRows(), inputX / g.inputColumns());
  }

  /** A colour 0xRRGGBB with attribution in [0, 1] blended over it; 0 leaves it unchanged. */
  public static int tint(int under, double attribution) {
    int over = ColourMap.rgb(attribution);
    int rgb = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int a = under >> shift & 0xFF;
      int b = over >> shift & 0xFF;
      rgb |= (int) Math.round(a + (b - a) * STRONGEST * attribution) << shift;
    }
    return rgb;
  }

  /** The image at the picture's size: each pixel is the mean of the source pixels behind it. */
  private record Resized(DisplayImage image, int rows, int columns) {
    int rgb(int y, int x) {
      int top = (int) ((long) y * image.rows() / rows);
      int bottom = Math.max(top + 1, (int) ((y + 1L) * image.rows() / rows));
      int left = (int) ((long) x * image.columns() / columns);
      int right = Math.max(left + 1, (int) ((x + 1L) * image.columns() / columns));
      int rgb = 0;
      for (int c = 0; c < 3; c++) {
        rgb = rgb << 8 | (int) Math.round(255 * mean(top, bottom, left, right, c));
      }
      return rgb;
    }

    private double mean(int top, int bottom, int left, int right, int channel) {
      int channels = image.channels();
      int offset = Math.min(channel, channels - 1);
      double sum = 0;
      for (int y = top; y < bottom; y++) {
        for (int x = left; x < right; x++) {
          sum += image.values()[(y * image.columns() + x) * channels + offset];
        }
      }
      return sum / ((bottom - top) * (right - left));
    }
  }
}
