package org.m2ib.lab.collage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Makes collages of four different photographs: the same seed gives the same pixels on every
 * machine, since they are computed with + - * / and StrictMath only. Each tile is a random part of
 * its photograph, sometimes mirrored, a little turned, in another exposure and colour.
 *
 * <p>The photographs of training and test are the same; only the draws differ.
 */
public final class CollageGenerator {
  /** Rows and columns of a collage. */
  public static final int SIZE = 128;

  /** Rows and columns of a tile. */
  public static final int TILE = SIZE / 2;

  private static final int TILES = 4;

  /** Four different photographs by lot. */
  public Collage make(long seed) {
    return make(seed, TILES);
  }

  /**
   * The same with fewer photographs, some of them in several tiles.
   *
   * @param different number of different photographs, 1, 2 or 4
   */
  public Collage make(long seed, int different) {
    RandomGenerator random = new SplittableRandom(seed).split();
    List<Photograph> all = new ArrayList<>(Arrays.asList(Photograph.values()));
    Collections.shuffle(all, new Random(random.nextLong()));
    List<Photograph> tiles = new ArrayList<>();
    byte[] pixels = new byte[SIZE * SIZE * 3];
    for (int i = 0; i < TILES; i++) {
      tiles.add(all.get(i % different));
      draw(tiles.get(i), random, pixels, (i / 2 * SIZE + i % 2) * TILE);
    }
    return new Collage(seed, pixels, tiles);
  }

  /**
   * @param at the tile's first pixel
   */
  private static void draw(Photograph photograph, RandomGenerator random, byte[] pixels, int at) {
    float side = between(random, 0.7f, 0.95f) * Photograph.SIZE;
    float room = (Photograph.SIZE - side) / 2;
    float x = Photograph.SIZE / 2f + between(random, -room, room);
    float y = Photograph.SIZE / 2f + between(random, -room, room);
    float angle = between(random, -0.12f, 0.12f);
    float mirror = random.nextBoolean() ? -1 : 1;
    float cos = (float) StrictMath.cos(angle) * side / TILE;
    float sin = (float) StrictMath.sin(angle) * side / TILE;
    Colours colours = Colours.draw(random);
    float[] colour = new float[3];
    for (int row = 0; row < TILE; row++) {
      for (int column = 0; column < TILE; column++) {
        float u = mirror * (column + 0.5f - TILE / 2f);
        float v = row + 0.5f - TILE / 2f;
        at(photograph.pixels(), x + cos * u - sin * v, y + sin * u + cos * v, colour);
        colours.apply(colour);
        for (int channel = 0; channel < 3; channel++) {
          int value = Math.round(255 * Math.max(0, Math.min(1, colour[channel])));
          pixels[3 * (at + row * SIZE + column) + channel] = (byte) value;
        }
      }
    }
  }

  /** Sets the colour at a point, interpolated between four pixels; the edge goes on outside. */
  private static void at(float[] pixels, float x, float y, float[] colour) {
    int last = Photograph.SIZE - 1;
    float px = Math.max(0, Math.min(last, x - 0.5f));
    float py = Math.max(0, Math.min(last, y - 0.5f));
    int left = Math.min(last - 1, (int) px);
    int top = Math.min(last - 1, (int) py);
    float a = px - left;
    float b = py - top;
    int i = 3 * (top * Photograph.SIZE + left);
    int below = i + 3 * Photograph.SIZE;
    for (int c = 0; c < 3; c++) {
      float upper = pixels[i + c] + a * (pixels[i + 3 + c] - pixels[i + c]);
      float lower = pixels[below + c] + a * (pixels[below + 3 + c] - pixels[below + c]);
      colour[c] = upper + b * (lower - upper);
    }
  }

  private static float between(RandomGenerator random, float least, float most) {
    return least + (most - least) * random.nextFloat();
  }

  /** A change of exposure, contrast, saturation and tint. */
  private record Colours(float lift, float contrast, float saturation, float[] gains) {
    static Colours draw(RandomGenerator random) {
      return new Colours(
          between(random, -0.06f, 0.06f),
          between(random, 0.8f, 1.2f),
          between(random, 0.7f, 1.1f),
          new float[] {
            between(random, 0.95f, 1.05f),
            between(random, 0.95f, 1.05f),
            between(random, 0.95f, 1.05f)
          });
    }

    /**
     * @param colour becomes the new colour, which may leave 0 to 1
     */
    void apply(float[] colour) {
      float grey = (colour[0] + colour[1] + colour[2]) / 3;
      for (int c = 0; c < 3; c++) {
        float saturated = grey + saturation * (colour[c] - grey);
        colour[c] = (0.5f + contrast * (saturated - 0.5f) + lift) * gains[c];
      }
    }
  }
}
