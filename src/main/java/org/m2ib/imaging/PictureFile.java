package org.m2ib.imaging;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Reads PNG and JPEG images. */
public final class PictureFile {
  private static final long MAX_PIXELS = 128L << 20;

  private PictureFile() {}

  /**
   * @return grey if the file is grey, else RGB; transparency is ignored
   * @throws IOException if it is not a readable image
   */
  public static DisplayImage read(Path file) throws IOException {
    try (InputStream bytes = Files.newInputStream(file);
        ImageInputStream in = ImageIO.createImageInputStream(bytes)) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new IOException("not a readable image (PNG or JPEG)");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        if ((long) reader.getWidth(0) * reader.getHeight(0) > MAX_PIXELS) {
          throw new IOException("more than " + MAX_PIXELS + " pixels");
        }
        return of(reader.read(0));
      } catch (RuntimeException e) {
        throw new IOException("the image is damaged", e);
      } finally {
        reader.dispose();
      }
    }
  }

  private static DisplayImage of(BufferedImage image) {
    int rows = image.getHeight();
    int columns = image.getWidth();
    // Not through getRGB: Java would treat grey as linear light and brighten it.
    boolean grey = image.getColorModel().getColorSpace().getNumComponents() == 1;
    float[] values = new float[rows * columns * (grey ? 1 : 3)];
    if (grey) {
      float white = (1 << image.getSampleModel().getSampleSize(0)) - 1;
      for (int i = 0; i < values.length; i++) {
        values[i] = image.getRaster().getSample(i % columns, i / columns, 0) / white;
      }
      return new DisplayImage(rows, columns, 1, values);
    }
    for (int i = 0; i < rows * columns; i++) {
      int rgb = image.getRGB(i % columns, i / columns);
      for (int c = 0; c < 3; c++) {
        values[3 * i + c] = (rgb >> 16 - 8 * c & 0xFF) / 255f;
      }
    }
    return new DisplayImage(rows, columns, 3, values);
  }
}
