package org.m2ib.results.capture;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** Writes pictures as PNG. */
public final class Png {
  private Png() {}

  public static byte[] of(BufferedImage picture) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 20);
    try {
      ImageIO.write(picture, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // writing to memory does not fail
    }
    return out.toByteArray();
  }
}
