package org.m2ib.lab.collage;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import javax.imageio.ImageIO;

/** The photographs that collages are made of; their README has the origin and licence of each. */
public enum Photograph {
  ASTRONAUT("an astronaut"),
  BRICKS("bricks"),
  CAT("a cat"),
  COFFEE_CUP("a cup of coffee"),
  COINS("coins"),
  FLOWER("a flower"),
  GALAXIES("galaxies"),
  GRASS("grass"),
  GRAVEL("gravel"),
  PAGODA("a pagoda"),
  PHOTOGRAPHER("a photographer"),
  RACCOON("a raccoon"),
  RETINA("a retina"),
  ROCKET("a rocket"),
  STAIRS("stairs"),
  TISSUE("stained tissue");

  /** Rows and columns. */
  static final int SIZE = 96;

  private final String phrase;
  private final float[] pixels;

  Photograph(String phrase) {
    this.phrase = phrase;
    this.pixels = read(title().replace(' ', '-') + ".png");
  }

  /** In lower case, for example {@code coffee cup}. */
  public String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** What it shows, as part of a sentence. */
  public String phrase() {
    return phrase;
  }

  /** Row-major, red, green and blue interleaved, 0 to 1. */
  float[] pixels() {
    return pixels;
  }

  private static float[] read(String file) {
    try (InputStream in = Photograph.class.getResourceAsStream(file)) {
      BufferedImage image = ImageIO.read(in);
      int bands = image.getRaster().getNumBands(); // a grey picture has one
      int[] samples = image.getRaster().getPixels(0, 0, SIZE, SIZE, (int[]) null);
      float[] pixels = new float[SIZE * SIZE * 3];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = samples[i / 3 * bands + i % 3 % bands] / 255f;
      }
      return pixels;
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }
}
