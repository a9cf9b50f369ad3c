package org.m2ib.dicomweb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.m2ib.api.ProblemException;

class DecodingTest {
  @Test
  void oneTooManyIsToldToTryAgain() throws Exception {
    Decoding decoding = new Decoding(1, Duration.ZERO);
    decoding.run(
        () -> {
          assertThatThrownBy(() -> decoding.run(() -> 1))
              .isInstanceOfSatisfying(
                  ProblemException.class, e -> assertThat(e.status()).isEqualTo(503))
              .hasMessageContaining("Try again later");
          return null;
        });
    assertThat(decoding.run(() -> 2)).as("its turn is given back").isEqualTo(2);
  }

  @Test
  void aFailureGivesItsTurnBack() throws Exception {
    Decoding decoding = new Decoding(1, Duration.ZERO);
    assertThatThrownBy(
            () ->
                decoding.run(
                    () -> {
                      throw new IOException("cut off");
                    }))
        .hasMessage("cut off");
    assertThat(decoding.run(() -> 3)).isEqualTo(3);
  }

  @Test
  void whoIsInterruptedWhileWaitingIsToldSo() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> new Decoding(1, Duration.ofMinutes(1)).run(() -> 1))
        .hasMessageContaining("is ending");
    assertThat(Thread.interrupted()).isTrue();
  }
}
