package org.m2ib.results.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ColourMapTest {
  /** CIE 1976 lightness of a linear RGB colour, another measure than the map was made by. */
  private static double lightness(double[] linear) {
    double y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    return y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y;
  }

  private static double[] linear(int rgb) {
    double[] linear = new double[3];
    for (int c = 0; c < 3; c++) {
      double v = (rgb >> 16 - 8 * c & 0xFF) / 255.0;
      linear[c] = v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
    }
    return linear;
  }

  /** What a dichromat sees: Viénot, Brettel and Mollon 1999, on linear RGB. */
  private static double[] deuteranope(double[] c) {
    double redGreen = 0.29275 * c[0] + 0.70725 * c[1];
    return new double[] {redGreen, redGreen, -0.02234 * c[0] + 0.02234 * c[1] + c[2]};
  }

  private static double[] protanope(double[] c) {
    double redGreen = 0.11238 * c[0] + 0.88762 * c[1];
    return new double[] {redGreen, redGreen, 0.00401 * c[0] - 0.00401 * c[1] + c[2]};
  }

  @Test
  void lightnessRisesEvenly() {
    double all = lightness(linear(ColourMap.rgb(1))) - lightness(linear(ColourMap.rgb(0)));
    assertThat(all).isGreaterThan(50);
    for (int i = 0; i < 16; i++) {
      double step =
          lightness(linear(ColourMap.rgb((i + 1) / 16.0)))
              - lightness(linear(ColourMap.rgb(i / 16.0)));
      // OKLab's and CIE's measures of a saturated colour's lightness differ by some
      assertThat(step).as("step " + i).isBetween(0.5 * all / 16, 1.7 * all / 16);
    }
  }

  @Test
  void theOrderIsReadWithoutTellingRedFromGreen() {
    for (int i = 0; i < 16; i++) {
      double[] here = linear(ColourMap.rgb(i / 16.0));
      double[] next = linear(ColourMap.rgb((i + 1) / 16.0));
      assertThat(lightness(deuteranope(next))).isGreaterThan(lightness(deuteranope(here)) + 1);
      assertThat(lightness(protanope(next))).isGreaterThan(lightness(protanope(here)) + 1);
    }
  }

  @Test
  void valuesOutsideTakeTheNearestEnd() {
    assertThat(ColourMap.rgb(-1)).isEqualTo(ColourMap.rgb(0));
    assertThat(ColourMap.rgb(7)).isEqualTo(ColourMap.rgb(1));
  }

  /** OKLCh (0.42, 0.13, 300) and (0.89, 0.173, 104) in linear RGB, reckoned apart from the code. */
  @Test
  void theEndsAreVioletAndYellow() {
    double[] violet = linear(ColourMap.rgb(0));
    assertThat(violet[0]).isCloseTo(0.100, within(0.005));
    assertThat(violet[1]).isCloseTo(0.039, within(0.005));
    assertThat(violet[2]).isCloseTo(0.247, within(0.005));
    double[] yellow = linear(ColourMap.rgb(1));
    assertThat(yellow[0]).isCloseTo(0.857, within(0.005));
    assertThat(yellow[1]).isCloseTo(0.740, within(0.005));
    assertThat(yellow[2]).isCloseTo(0.041, within(0.005));
  }
}
