package org.m2ib.dicom;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * Decodes a code stream with the ImageIO reader of a given class, never with whichever claims it.
 */
final class Rasters {
  private Rasters() {}

  static Raster raw(String readerClass, String formatName, PixelFormat format, byte[] encoded)
      throws IOException {
    ImageReader reader = reader(readerClass, formatName);
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(encoded))) {
      reader.setInput(in, true, true);
      // before anything is decoded: a small stream can claim a huge picture
      if (reader.getWidth(0) != format.columns() || reader.getHeight(0) != format.rows()) {
        throw new DicomException(
            "the compressed picture has %d rows and %d columns, the header says %d and %d,"
                .formatted(
                    reader.getHeight(0), reader.getWidth(0), format.rows(), format.columns()),
            Tags.PixelData,
            null);
      }
      return reader.canReadRaster() ? reader.readRaster(0, null) : reader.read(0).getRaster();
    } finally {
      reader.dispose();
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

  /** Samples interleaved, with bits above the stored ones cleared and the sign extended. */
  static int[] values(PixelFormat format, Raster raster) {
    if (raster.getNumBands() < format.samples()) {
      throw new DicomException(
          "the compressed picture has %d components, the header says %d,"
              .formatted(raster.getNumBands(), format.samples()),
          Tags.PixelData,
          null);
    }
    int samples = format.samples();
    int[] values = new int[format.sampleCount()];
    int[] row = new int[format.columns()];
    int shift = format.highBit() + 1 - format.bitsStored(); // decoders fill from bit 0
    for (int y = 0; y < format.rows(); y++) {
      for (int s = 0; s < samples; s++) {
        raster.getSamples(raster.getMinX(), raster.getMinY() + y, format.columns(), 1, s, row);
        for (int x = 0; x < row.length; x++) {
          values[(y * row.length + x) * samples + s] = format.value(row[x] << shift);
        }
      }
    }
    return values;
  }
}
