package org.m2ib.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Backoff BACKOFF = new Backoff(5, Duration.ofSeconds(5), Duration.ofHours(1));

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
    Backoff patient = new Backoff(5, Duration.ofSeconds(5), Duration.ofHours(7));
    assertThat(patient.pause(1, Duration.ofDays(9))).isEqualTo(Duration.ofHours(7));
    Backoff hasty = new Backoff(5, Duration.ofMillis(5), Duration.ofSeconds(1));
    assertThat(hasty.pause(1, Duration.ofSeconds(30))).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void badSettingsNameTheirKey() {
    assertThatThrownBy(() -> new Backoff(0, Duration.ofSeconds(1), Duration.ofSeconds(1)))
        .hasMessageContaining("m2ib.delivery.attempts = 0");
    assertThatThrownBy(() -> new Backoff(1, Duration.ZERO, Duration.ofSeconds(1)))
        .hasMessageContaining("m2ib.delivery.first-pause");
    assertThatThrownBy(() -> new Backoff(1, Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .hasMessageContaining("m2ib.delivery.longest-pause");
  }
}
