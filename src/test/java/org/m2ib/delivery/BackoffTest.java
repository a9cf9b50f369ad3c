package org.m2ib.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.m2ib.config.M2ibConfig;
import org.m2ib.config.TestConfig;

class BackoffTest {
  private static final Backoff BACKOFF =
      new Backoff(5, Duration.ofSeconds(5), Duration.ofHours(1), () -> 0);

  @Property
  void pausesNeverShrinkAndNeverPassTheLongest(
      @ForAll @IntRange(min = 1, max = 1_000_000) int failures) {
    assertThat(BACKOFF.pause(failures + 1)).isGreaterThanOrEqualTo(BACKOFF.pause(failures));
    assertThat(BACKOFF.pause(failures)).isBetween(Duration.ofSeconds(5), Duration.ofHours(1));
  }

  @Test
  void pausesDouble() {
    assertThat(BACKOFF.pause(1)).isEqualTo(Duration.ofSeconds(5));
    assertThat(BACKOFF.pause(3)).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void aDestinationThatAsksForAPauseIsGrantedAnHourOfIt() {
    assertThat(BACKOFF.pause(1, Duration.ofSeconds(90))).isEqualTo(Duration.ofSeconds(90));
    assertThat(BACKOFF.pause(3, Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(20));
    assertThat(BACKOFF.pause(1, Duration.ofDays(9))).isEqualTo(Duration.ofHours(1));
    Backoff patient = new Backoff(5, Duration.ofSeconds(5), Duration.ofHours(7), () -> 0);
    assertThat(patient.pause(1, Duration.ofDays(9))).isEqualTo(Duration.ofHours(7));
    Backoff hasty = new Backoff(5, Duration.ofMillis(5), Duration.ofSeconds(1), () -> 0);
    assertThat(hasty.pause(1, Duration.ofSeconds(30))).isEqualTo(Duration.ofSeconds(30));
  }

  @Property
  void aSpreadPauseIsUpToAFifthLonger(
      @ForAll @LongRange(min = 1, max = 86_400_000) long millis,
      @ForAll @DoubleRange(min = 0, max = 0.99) double share) {
    Duration pause = Duration.ofMillis(millis);
    assertThat(new Backoff(1, pause, pause, () -> share).pause(1, Duration.ZERO))
        .isBetween(pause, pause.plusMillis(1 + millis / 5));
  }

  @Test
  void theDefaultTriesForAboutThreeDays() {
    M2ibConfig.Delivery defaults = TestConfig.of(Map.of()).delivery();
    Backoff backoff =
        new Backoff(defaults.attempts(), defaults.firstPause(), defaults.longestPause(), () -> 0.5);
    Duration all = Duration.ZERO;
    for (int failures = 1; failures < backoff.attempts(); failures++) {
      all = all.plus(backoff.pause(failures, Duration.ZERO));
    }
    assertThat(all).isBetween(Duration.ofHours(66), Duration.ofHours(78));
  }

  @Test
  void badSettingsNameTheirKey() {
    assertThatThrownBy(() -> new Backoff(0, Duration.ofSeconds(1), Duration.ofSeconds(1), () -> 0))
        .hasMessageContaining("m2ib.delivery.attempts = 0");
    assertThatThrownBy(() -> new Backoff(1, Duration.ZERO, Duration.ofSeconds(1), () -> 0))
        .hasMessageContaining("m2ib.delivery.first-pause");
    assertThatThrownBy(() -> new Backoff(1, Duration.ofSeconds(2), Duration.ofSeconds(1), () -> 0))
        .hasMessageContaining("m2ib.delivery.longest-pause");
  }
}
