package org.m2ib.lab.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.m2ib.results.capture.Lettering;
import org.m2ib.results.capture.Png;

/** A dark canvas for pictures and lines of text. */
final class Sheet {
  private static final Color BACKGROUND = new Color(18, 20, 26);
  private static final Color TEXT = new Color(225, 228, 235);

  private final Lettering lettering = new Lettering();
  private final BufferedImage picture;
  private final Graphics2D canvas;
  private final int letters;

  /**
   * @param letters font size, in pixels
   */
  Sheet(int width, int height, int letters) {
    this.letters = letters;
    picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    canvas = picture.createGraphics();
    canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    canvas.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    canvas.setColor(BACKGROUND);
    canvas.fillRect(0, 0, width, height);
  }

  void line(String text, int left, int baseline) {
    lettering.draw(canvas, text, left, baseline, letters, TEXT);
  }

  void lay(BufferedImage other, int left, int top, int width, int height) {
    canvas.drawImage(other, left, top, width, height, null);
  }

  /** Writes a PNG; nothing can be added afterwards. */
  void write(Path file) throws IOException {
    canvas.dispose();
    if (file.toAbsolutePath().getParent() != null) {
      Files.createDirectories(file.toAbsolutePath().getParent());
    }
    Files.write(file, Png.of(picture));
  }
}
