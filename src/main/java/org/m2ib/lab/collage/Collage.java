package org.m2ib.lab.collage;

import java.util.List;
import org.m2ib.imaging.DisplayImage;

/**
 * Four photographs in two rows of two.
 *
 * @param seed that it was drawn from
 * @param pixels row-major, {@link CollageGenerator#SIZE} squared, red, green and blue interleaved,
 *     0 to 255 unsigned
 * @param tiles upper left, upper right, lower left, lower right
 */
public record Collage(long seed, byte[] pixels, List<Photograph> tiles) {
  public Collage {
    tiles = List.copyOf(tiles);
  }

  /** As displayed. */
  public DisplayImage image() {
    float[] values = new float[pixels.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (pixels[i] & 0xFF) / 255f;
    }
    return new DisplayImage(CollageGenerator.SIZE, CollageGenerator.SIZE, 3, values);
  }

  /** Row-major, true in that tile. */
  public static boolean[] mask(int tile) {
    int size = CollageGenerator.SIZE;
    boolean[] mask = new boolean[size * size];
    for (int i = 0; i < mask.length; i++) {
      mask[i] =
          i / size / CollageGenerator.TILE == tile / 2
              && i % size / CollageGenerator.TILE == tile % 2;
    }
    return mask;
  }
}
