package org.m2ib.lab.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.m2ib.metrics.Pointing;

class BaselinesTest {

  @Test
  void theCentreMapFallsOffEvenlyFromTheMiddle() {
    float[] map = Baselines.centre(5);
    assertThat(Pointing.peak(map)).isEqualTo(12);
    assertThat(map[7]).isEqualTo(-1).isEqualTo(map[11]).isEqualTo(map[13]).isEqualTo(map[17]);
    assertThat(map[0]).isEqualTo(-(float) Math.sqrt(8)).isEqualTo(map[24]);
  }

  @Test
  void aRandomMapFollowsFromItsSeed() {
    assertThat(Baselines.random(3, 4, 6)).isDeepEqualTo(Baselines.random(3, 4, 6));
    assertThat(Baselines.random(3, 4, 6)[0]).isNotEqualTo(Baselines.random(4, 4, 6)[0]).hasSize(6);
  }
}
