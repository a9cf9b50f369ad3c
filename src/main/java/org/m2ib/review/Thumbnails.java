package org.m2ib.review;

import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.imageio.ImageIO;

/** Small pictures of maps for the worklist, the latest kept. */
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
   * @param blob SHA-256 of the picture
   * @param file the picture, a PNG
   * @return the thumbnail, a JPEG
   * @throws IOException if the picture cannot be read
   */
  byte[] of(String blob, Path file) throws IOException {
    byte[] known = kept.get(blob);
    if (known == null) {
      known = scaled(file);
      kept.put(blob, known);
    }
    return known;
  }

  private static byte[] scaled(Path file) throws IOException {
    BufferedImage picture = ImageIO.read(file.toFile());
    if (picture == null) {
      throw new IOException("not a picture: " + file.getFileName());
    }
    double share = (double) SIZE / Math.max(picture.getWidth(), picture.getHeight());
    int width = Math.max(1, (int) Math.round(picture.getWidth() * share));
    int height = Math.max(1, (int) Math.round(picture.getHeight() * share));
    BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D paint = small.createGraphics();
    paint.drawImage(
        picture.getScaledInstance(width, height, Image.SCALE_AREA_AVERAGING), 0, 0, null);
    paint.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(small, "jpeg", out);
    return out.toByteArray();
  }
}
