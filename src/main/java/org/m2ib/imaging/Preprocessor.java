package org.m2ib.imaging;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Turns an image into a model's input, step by step like Hugging Face's image processors: to 8
 * bits, RGB, resize, centre crop (padded with black if the image is smaller), rescale, normalise.
 * MedCLIP's first pads to a square. Non-square pixels are resampled before all this, because the
 * processors assume square ones.
 */
public final class Preprocessor {
  public static final String FILE = "preprocessor_config.json";

  /** Neighbouring grey levels, of 256, that look the same. */
  private static final int ALIKE = 3;

  /** Share of other pixels tolerated in an otherwise uniform image: dead pixels, noise. */
  private static final double FEW = 0.0005;

  /** Limit of an intermediate image; a stitched image of a whole spine is below it. */
  private static final long MAX_PIXELS = 128L << 20;

  /**
   * Target size of a resize.
   *
   * @param rows of the new image, or the length of its edge if columns is {@link #SHORTER} or
   *     {@link #LONGER}
   * @param columns of the new image; {@link #SHORTER} or {@link #LONGER} to keep the aspect ratio
   */
  record Size(int rows, int columns) {
    /** The shorter edge gets the size. */
    static final int SHORTER = 0;

    /** The longer edge gets the size. */
    static final int LONGER = -1;
  }

  /** Where the odd pixel goes when a square is cut from the middle. */
  enum OddMargin {
    /** The upper or left margin is the smaller one, as in Hugging Face's crop. */
    DOWN,
    /**
     * The upper or left margin is the larger one, as when a square is cut from an image with a
     * black border.
     */
    UP,
    /** Half a pixel is rounded to the even side, as in torchvision's crop. */
    EVEN;

    int offset(int image, int crop) {
      int margin = image - crop;
      return switch (this) {
        case DOWN -> Math.floorDiv(margin, 2);
        case UP -> Math.floorDiv(margin + 1, 2);
        case EVEN -> margin < 0 ? margin / 2 : (int) Math.rint(margin / 2.0);
      };
    }
  }

  /**
   * The steps for an image: square pixels, padded around its middle, resized, cropped.
   *
   * @param rows of square pixels
   * @param columns of square pixels
   * @param offsetY first row of the crop in the resized image, negative if it is padded
   * @param offsetX its first column
   */
  private record Steps(
      int rows,
      int columns,
      int paddedRows,
      int paddedColumns,
      int resizedRows,
      int resizedColumns,
      int offsetY,
      int offsetX,
      int inputRows,
      int inputColumns) {

    int top() {
      return (paddedRows - rows) / 2;
    }

    int left() {
      return (paddedColumns - columns) / 2;
    }

    Geometry geometry(int sourceRows, int sourceColumns) {
      return new Geometry(
          sourceRows,
          sourceColumns,
          (double) rows * resizedRows / paddedRows,
          (double) columns * resizedColumns / paddedColumns,
          offsetY - (double) top() * resizedRows / paddedRows,
          offsetX - (double) left() * resizedColumns / paddedColumns,
          inputRows,
          inputColumns);
    }
  }

  private final boolean padded;
  private final Size size;
  private final Resampling resampling;
  private final int[] crop;
  private final OddMargin oddMargin;
  private final double factor;
  private final double[] mean;
  private final double[] std;

  /**
   * @param padded whether the image is first padded with black to a square not smaller than size
   * @param size null: not resized
   * @param crop rows and columns; null: not cropped
   */
  Preprocessor(
      boolean padded,
      Size size,
      Resampling resampling,
      int[] crop,
      OddMargin oddMargin,
      double factor,
      double[] mean,
      double[] std) {
    this.padded = padded;
    this.size = size;
    this.resampling = resampling;
    this.crop = crop;
    this.oddMargin = oddMargin;
    this.factor = factor;
    this.mean = mean;
    this.std = std;
  }

  /**
   * Reads a model's preprocessor_config.json.
   *
   * @param path the file, or the model's folder
   * @throws IOException if it cannot be read
   * @throws PreprocessorConfigException if it is not supported; names file and key
   */
  public static Preprocessor read(Path path) throws IOException {
    return PreprocessorConfig.read(Files.isDirectory(path) ? path.resolve(FILE) : path);
  }

  /**
   * Applies the content of a preprocessor_config.json found in another file.
   *
   * @param file it comes from, for messages
   * @throws PreprocessorConfigException if it is not supported; names file and key
   */
  public static Preprocessor of(Path file, JsonNode json) {
    return PreprocessorConfig.of(file, json);
  }

  /**
   * @throws IllegalArgumentException if the aspect ratio of the image or its pixels is so extreme
   *     that it would become too large
   */
  public ModelInput apply(DisplayImage image) {
    requireModest(image.rows(), image.columns(), image.squareRows(), image.squareColumns());
    Steps steps = steps((int) image.squareRows(), (int) image.squareColumns());
    float[] pixels = new float[3 * steps.inputRows() * steps.inputColumns()];
    boolean constant = true;
    byte[] resized = null;
    for (int c = 0; c < 3; c++) {
      if (c < image.channels()) { // the one of a grey image is all three
        byte[] plane = plane(image, c);
        byte[] square =
            Resampling.BILINEAR.resize(
                plane, image.rows(), image.columns(), steps.rows(), steps.columns());
        resized =
            resampling.resize(
                padded(square, steps),
                steps.paddedRows(),
                steps.paddedColumns(),
                steps.resizedRows(),
                steps.resizedColumns());
        constant &= isConstant(plane) || isConstant(within(resized, steps));
      }
      cut(resized, steps, c, pixels);
    }
    return new ModelInput(pixels, steps.geometry(image.rows(), image.columns()), constant);
  }

  /** Whether all but a few pixels are within {@value #ALIKE} levels, which look the same. */
  private static boolean isConstant(byte[] plane) {
    int[] count = new int[256];
    for (byte level : plane) {
      count[level & 0xFF]++;
    }
    int most = 0;
    int alike = 0;
    for (int level = 0; level < count.length; level++) {
      alike += count[level] - (level >= ALIKE ? count[level - ALIKE] : 0);
      most = Math.max(most, alike);
    }
    return plane.length - most <= FEW * plane.length;
  }

  /** The part of the resized image that the model gets. */
  private static byte[] within(byte[] resized, Steps s) {
    int top = Math.max(0, s.offsetY());
    int left = Math.max(0, s.offsetX());
    int rows = Math.min(s.resizedRows(), s.offsetY() + s.inputRows()) - top;
    int columns = Math.min(s.resizedColumns(), s.offsetX() + s.inputColumns()) - left;
    byte[] part = new byte[rows * columns];
    for (int y = 0; y < rows; y++) {
      System.arraycopy(resized, (top + y) * s.resizedColumns() + left, part, y * columns, columns);
    }
    return part;
  }

  /** The position of the model's input in an image of this size with square pixels. */
  public Geometry geometry(int rows, int columns) {
    return steps(rows, columns).geometry(rows, columns);
  }

  private Steps steps(int imageRows, int imageColumns) {
    int rows = imageRows;
    int columns = imageColumns;
    if (padded) {
      rows = Math.max(Math.max(rows, columns), size == null ? 1 : size.rows());
      columns = rows;
      requireModest(imageRows, imageColumns, rows, columns);
    }
    long resizedRows = rows;
    long resizedColumns = columns;
    if (size != null && size.columns() > 0) {
      resizedRows = size.rows();
      resizedColumns = size.columns();
    } else if (size != null) {
      // the other edge is truncated to a whole number, like int()
      long edge = size.rows();
      boolean byRows = (size.columns() == Size.SHORTER) == (rows <= columns);
      resizedRows = byRows ? edge : Math.max(1, (long) ((double) (edge * rows) / columns));
      resizedColumns = byRows ? Math.max(1, (long) ((double) (edge * columns) / rows)) : edge;
    }
    requireModest(imageRows, imageColumns, resizedRows, resizedColumns);
    int newRows = (int) resizedRows;
    int newColumns = (int) resizedColumns;
    int cropRows = crop == null ? newRows : crop[0];
    int cropColumns = crop == null ? newColumns : crop[1];
    return new Steps(
        imageRows,
        imageColumns,
        rows,
        columns,
        newRows,
        newColumns,
        oddMargin.offset(newRows, cropRows),
        oddMargin.offset(newColumns, cropColumns),
        cropRows,
        cropColumns);
  }

  private static void requireModest(int rows, int columns, long newRows, long newColumns) {
    if (newRows * newColumns > MAX_PIXELS) {
      throw new IllegalArgumentException(
          "an image of %d rows and %d columns would become one of %d and %d: its aspect ratio is too extreme"
              .formatted(rows, columns, newRows, newColumns));
    }
  }

  private void cut(byte[] resized, Steps s, int channel, float[] pixels) {
    int at = channel * s.inputRows() * s.inputColumns();
    for (int y = 0; y < s.inputRows(); y++) {
      int fromY = y + s.offsetY();
      for (int x = 0; x < s.inputColumns(); x++) {
        int fromX = x + s.offsetX();
        boolean inside =
            fromY >= 0 && fromY < s.resizedRows() && fromX >= 0 && fromX < s.resizedColumns();
        int value = inside ? resized[fromY * s.resizedColumns() + fromX] & 0xFF : 0;
        pixels[at++] = (float) ((value * factor - mean[channel]) / std[channel]);
      }
    }
  }

  /**
   * Hugging Face's processors take 8-bit images, so the display image is first converted to one.
   */
  private static byte[] plane(DisplayImage image, int channel) {
    byte[] plane = new byte[image.rows() * image.columns()];
    for (int i = 0, from = channel; i < plane.length; i++, from += image.channels()) {
      plane[i] = GreyScale.level(image.values()[from]);
    }
    return plane;
  }

  private static byte[] padded(byte[] plane, Steps steps) {
    byte[] padded = new byte[steps.paddedRows() * steps.paddedColumns()];
    for (int y = 0; y < steps.rows(); y++) {
      int to = (y + steps.top()) * steps.paddedColumns() + steps.left();
      System.arraycopy(plane, y * steps.columns(), padded, to, steps.columns());
    }
    return padded;
  }
}
