package org.m2ib.attribution.methods;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ValuesTest {

  /** As 224 pixels do not make 10 patches: every pixel still counts, in the patch it lies in. */
  @Test
  void pixelsThatPatchesDoNotDivideAllCount() {
    double[] map = new double[5 * 5];
    Arrays.setAll(map, i -> i);
    assertThat(Values.patches(map, 2, 2)).isDeepEqualTo(new double[][] {{6, 8.5}, {18.5, 21}});
  }
}
