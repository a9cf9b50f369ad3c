package org.m2ib.lab.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.Geometry;

class InputPerturbationTest {
  private static final int ROWS = 200;
  private static final int COLUMNS = 300;

  @Test
  void aShiftedPictureStandsFartherRightAndDownWithItsEdgeHeld() {
    DisplayImage picture = ramp(3);
    DisplayImage shifted = InputPerturbation.SHIFTED.of(picture);
    assertThat(at(shifted, 102, 53, 1)).isEqualTo(at(picture, 100, 50, 1));
    assertThat(at(shifted, 102, 0, 2)).isEqualTo(at(picture, 100, 0, 2));
    assertThat(at(shifted, 0, 53, 0)).isEqualTo(at(picture, 0, 50, 0));
  }

  @Test
  void aSmallPictureIsShiftedByAPixel() {
    DisplayImage picture = new DisplayImage(2, 2, 1, new float[] {0.1f, 0.2f, 0.3f, 0.4f});
    assertThat(InputPerturbation.SHIFTED.of(picture).values())
        .containsExactly(0.1f, 0.1f, 0.1f, 0.1f);
  }

  @Test
  void aMapOfTheShiftedPictureIsLaidOverThatOfTheFirst() {
    // the picture's middle 200 x 200 become 100 x 100: 2 rows and 3 columns are 1 and 1.5 pixels
    Geometry geometry = new Geometry(ROWS, COLUMNS, 100, 150, 0, 25, 100, 100);
    double[][] map = new double[10][10];
    double[][] shifted = new double[10][10];
    for (int i = 0; i < 10; i++) {
      for (int j = 0; j < 10; j++) {
        map[i][j] = 7 * i + j;
        shifted[i][j] = 7 * (i - 0.1) + j - 0.15; // patches of ten pixels
      }
    }
    double[][] back = InputPerturbation.SHIFTED.aligned(shifted, geometry);
    for (int i = 0; i < 9; i++) { // at the end nothing is known of what left the picture
      for (int j = 0; j < 9; j++) {
        assertThat(back[i][j]).isCloseTo(map[i][j], within(1e-9));
      }
    }
    assertThat(InputPerturbation.BRIGHTER.aligned(map, geometry)).isSameAs(map);
  }

  @Test
  void greyValuesAreLittleMoreAndStayInTheirRange() {
    DisplayImage picture = new DisplayImage(1, 3, 1, new float[] {0, 0.5f, 1});
    assertThat(InputPerturbation.BRIGHTER.of(picture).values()).containsExactly(0.02f, 0.52f, 1);
    DisplayImage grey = new DisplayImage(1, 3, 1, new float[] {0, 0.4f, 0.6f});
    float[] contrast = InputPerturbation.CONTRAST.of(grey).values();
    assertThat(contrast[0]).isZero();
    assertThat(contrast[1]).isCloseTo(0.398f, within(1e-6f));
    assertThat(contrast[2]).isCloseTo(0.602f, within(1e-6f));
  }

  @Test
  void theNoiseIsAHundredthAndTheSameAgain() {
    float[] flat = new float[ROWS * COLUMNS];
    java.util.Arrays.fill(flat, 0.5f);
    DisplayImage picture = new DisplayImage(ROWS, COLUMNS, 1, flat);
    float[] noisy = InputPerturbation.NOISY.of(picture).values();
    double square =
        IntStream.range(0, noisy.length)
            .mapToDouble(i -> Math.pow(noisy[i] - 0.5, 2))
            .average()
            .orElseThrow();
    assertThat(Math.sqrt(square)).isCloseTo(0.01, within(2e-4));
    assertThat(IntStream.range(0, noisy.length).mapToDouble(i -> noisy[i]).average().orElseThrow())
        .isCloseTo(0.5, within(2e-4));
    assertThat(InputPerturbation.NOISY.of(picture).values()).isEqualTo(noisy);
  }

  private static DisplayImage ramp(int channels) {
    float[] values = new float[ROWS * COLUMNS * channels];
    for (int i = 0; i < values.length; i++) {
      values[i] = i / (float) values.length;
    }
    return new DisplayImage(ROWS, COLUMNS, channels, values);
  }

  private static float at(DisplayImage p, int row, int column, int channel) {
    return p.values()[(row * p.columns() + column) * p.channels() + channel];
  }
}
