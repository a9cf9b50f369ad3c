package org.m2ib.review;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.OverlayPlanes;
import org.m2ib.dicom.Tags;
import org.m2ib.peers.Browser;

/**
 * An image with marks, by which a test finds in a browser's own pixels where a point of the image
 * is displayed, and there the heat of its map.
 */
final class MarkedImage {
  /** Centres of the marks, column and row. */
  private static final List<int[]> MARKS =
      List.of(new int[] {12, 12}, new int[] {212, 12}, new int[] {12, 212});

  private static final int BLACK = 8;
  private static final int WHITE = 4;

  private MarkedImage() {}

  /** Draws the marks on an image of 224 by 224 words, without its overlays, which pages outline. */
  static DicomObject mark(DicomObject image) {
    int columns = image.requiredInteger(Tags.Columns);
    byte[] bytes = image.littleEndian(Tags.PixelData).clone();
    ByteBuffer pixels = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int[] mark : MARKS) {
      square(pixels, columns, mark, BLACK, (short) 300);
      square(pixels, columns, mark, WHITE, (short) 3795);
    }
    OverlayPlanes.write(image, List.of());
    return image.set(Tags.PixelData, bytes);
  }

  private static void square(ByteBuffer pixels, int columns, int[] mark, int half, short value) {
    for (int y = mark[1] - half; y < mark[1] + half; y++) {
      for (int x = mark[0] - half; x < mark[0] + half; x++) {
        pixels.putShort(2 * (y * columns + x), value);
      }
    }
  }

  /**
   * Where the displayed map is, in source pixels from the upper left corner.
   *
   * @param x centre of its heat
   * @param y centre of its heat
   * @param across source pixels of a screen pixel
   * @param down source pixels of a screen pixel
   */
  record Position(double x, double y, double across, double down) {}

  /**
   * @param script gives canvas, layer and near, see position.js
   */
  static Position position(Browser browser, String script) throws IOException {
    String marks =
        MARKS.stream()
            .map(mark -> mark[0] + "," + mark[1])
            .collect(Collectors.joining("],[", "[[", "]]"));
    List<?> found =
        (List<?>)
            browser.run(
                "%s return (async () => { %s return position(canvas, layer, %s, near); })()"
                    .formatted(
                        Files.readString(Path.of("src/test/ohif/position.js")), script, marks));
    double[] n = found.stream().mapToDouble(number -> ((Number) number).doubleValue()).toArray();
    return new Position(n[0], n[1], n[2], n[3]);
  }
}
