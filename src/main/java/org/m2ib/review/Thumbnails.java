package org.m2ib.review;

import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import org.m2ib.imaging.ViewerFrame;

/** Small pictures of maps and images, the latest kept. */
final class Thumbnails {
  /** Pixels of the longer side. */
  private static final int SIZE = 112;

  private static final int KEPT = 1000;

  private final Map<String, byte[]> kept =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
              return size() > KEPT;
            }
          });

  /**
   * A frame to be shown small.
   *
   * @param aspect height of its pixels divided by their width
   */
  record Shown(ViewerFrame frame, double aspect) {}

  private interface Source {
    /**
     * @throws IOException if the picture cannot be read
     */
    byte[] thumbnail() throws IOException;
  }

  /**
   * @param blob SHA-256 of the picture
   * @param file the picture, a PNG
   * @return the thumbnail, a JPEG
   * @throws IOException if the picture cannot be read
   */
  byte[] of(String blob, Path file) throws IOException {
    return of(
        blob,
        () -> {
          BufferedImage picture = ImageIO.read(file.toFile());
          if (picture == null) {
            throw new IOException("not a picture: " + file.getFileName());
          }
          return scaled(picture, 1);
        });
  }

  /**
   * The thumbnail of a frame, as the model sees it.
   *
   * @param name of its content, which never changes
   * @param frame asked for only if its thumbnail is not kept
   * @throws IOException if it cannot be written
   */
  byte[] of(String name, Supplier<Shown> frame) throws IOException {
    return of(
        name,
        () -> {
          Shown shown = frame.get();
          return scaled(reduced(shown.frame()), shown.aspect());
        });
  }

  private byte[] of(String name, Source source) throws IOException {
    byte[] known = kept.get(name);
    if (known == null) {
      known = source.thumbnail();
      kept.put(name, known);
    }
    return known;
  }

  /** Not smaller than a thumbnail. */
  private static BufferedImage reduced(ViewerFrame frame) {
    int step = Math.max(1, Math.max(frame.rows(), frame.columns()) / SIZE);
    int rows = (frame.rows() + step - 1) / step;
    int columns = (frame.columns() + step - 1) / step;
    byte[] levels = frame.reduced(step);
    BufferedImage picture =
        new BufferedImage(
            columns,
            rows,
            frame.colour() ? BufferedImage.TYPE_INT_RGB : BufferedImage.TYPE_BYTE_GRAY);
    int[] samples = new int[levels.length];
    Arrays.setAll(samples, i -> levels[i] & 0xFF);
    picture.getRaster().setPixels(0, 0, columns, rows, samples);
    return picture;
  }

  private static byte[] scaled(BufferedImage picture, double aspect) throws IOException {
    double high = picture.getHeight() * aspect;
    double share = SIZE / Math.max(picture.getWidth(), high);
    int width = Math.max(1, (int) Math.round(picture.getWidth() * share));
    int height = Math.max(1, (int) Math.round(high * share));
    BufferedImage small =
        new BufferedImage(
            width,
            height,
            picture.getType() == BufferedImage.TYPE_BYTE_GRAY
                ? BufferedImage.TYPE_BYTE_GRAY
                : BufferedImage.TYPE_INT_RGB);
    Graphics2D paint = small.createGraphics();
    paint.drawImage(
        picture.getScaledInstance(width, height, Image.SCALE_AREA_AVERAGING), 0, 0, null);
    paint.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(small, "jpeg", out);
    return out.toByteArray();
  }
}
