package org.m2ib.results.capture;

/**
 * Colours for attribution in [0, 1]: violet through red and orange to yellow. In the OKLab space
 * (Ottosson 2020) lightness rises evenly from end to end, so that equal steps look equal and the
 * order can be read by lightness alone, also by colour-blind readers. The hot end is saturated, so
 * that it stands out from bright bone as well as from dark lung.
 */
final class ColourMap {
  private static final double DARK = 0.42;
  private static final double LIGHT = 0.89;
  private static final int STEPS = 256;
  private static final int[] TABLE = table();

  private ColourMap() {}

  /** 0xRRGGBB of a value in [0, 1]. */
  static int rgb(double value) {
    return TABLE[(int) Math.round(Math.max(0, Math.min(1, value)) * (STEPS - 1))];
  }

  private static int[] table() {
    int[] table = new int[STEPS];
    for (int i = 0; i < STEPS; i++) {
      double t = i / (double) (STEPS - 1);
      // from violet (300 degrees) through red (360) to yellow (464), all within sRGB
      double hue = Math.toRadians(300 + 164 * t);
      double chroma = 0.13 + 0.043 * t;
      table[i] = srgb(DARK + (LIGHT - DARK) * t, chroma * Math.cos(hue), chroma * Math.sin(hue));
    }
    return table;
  }

  private static int srgb(double lightness, double a, double b) {
    double l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
    double m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
    double s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
    return channel(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s) << 16
        | channel(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s) << 8
        | channel(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s);
  }

  private static double cube(double x) {
    return x * x * x;
  }

  /** IEC 61966-2-1. */
  private static int channel(double linear) {
    double c = Math.max(0, Math.min(1, linear));
    double encoded = c <= 0.0031308 ? 12.92 * c : 1.055 * Math.pow(c, 1 / 2.4) - 0.055;
    return (int) Math.round(encoded * 255);
  }
}
