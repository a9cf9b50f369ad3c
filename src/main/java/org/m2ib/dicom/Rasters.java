package org.m2ib.dicom;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.ImageInputStream;

/**
 * Decodes a codestream with an ImageIO reader of a given class, so that no other registered reader
 * takes it.
 */
final class Rasters {
  private Rasters() {}

  static Raster raw(String readerClass, String formatName, PixelFormat format, byte[] encoded)
      throws IOException {
    ImageReader reader = reader(readerClass, formatName);
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(encoded))) {
      reader.setInput(in, true, true);
      // checked before decoding: a small stream can declare a huge image
      checkSize(format, reader.getHeight(0), reader.getWidth(0), format.samples());
      Warnings warnings = new Warnings();
      reader.addIIOReadWarningListener(warnings);
      Raster raster =
          reader.canReadRaster() ? reader.readRaster(0, null) : reader.read(0).getRaster();
      checkWarning(warnings.first);
      return raster;
    } finally {
      reader.dispose();
    }
  }

  static void checkSize(PixelFormat format, int rows, int columns, int components) {
    if (rows != format.rows() || columns != format.columns()) {
      throw new DicomException(
          "the compressed image has %d rows and %d columns, the header says %d and %d,"
              .formatted(rows, columns, format.rows(), format.columns()),
          Tags.PixelData,
          null);
    }
    if (components != format.samples()) {
      throw new DicomException(
          "the compressed image has %d components, the header says %d,"
              .formatted(components, format.samples()),
          Tags.PixelData,
          null);
    }
  }

  /**
   * @param warning the decoder's warning; null if none
   */
  static void checkWarning(String warning) {
    if (warning != null) {
      throw new DicomException(
          "the compressed image is damaged: the decoder warns: '" + warning.strip() + "'",
          Tags.PixelData,
          null);
    }
  }

  private static ImageReader reader(String readerClass, String formatName) {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(formatName);
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      if (reader.getClass().getName().equals(readerClass)) {
        return reader;
      }
    }
    throw new IllegalStateException(
        "the ImageIO reader " + readerClass + " is not on the class path");
  }

  /** Returns the decoded samples, interleaved. */
  static int[] samples(PixelFormat format, Raster raster) {
    checkSize(format, raster.getHeight(), raster.getWidth(), raster.getNumBands());
    int x = raster.getMinX();
    int y = raster.getMinY();
    return raster.getPixels(x, y, format.columns(), format.rows(), (int[]) null);
  }

  /** Collects decoder warnings about data that was missing or unreadable. */
  private static final class Warnings implements IIOReadWarningListener {
    private String first;

    @Override
    public void warningOccurred(ImageReader source, String warning) {
      first = first == null ? warning : first;
    }
  }
}
