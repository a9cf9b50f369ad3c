package org.m2ib.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PrecisionTest {

  @Test
  void aThreadIsInFloat32UnlessTold() {
    assertThat(Precision.isReduced()).isFalse();
    assertThat(Precision.BFLOAT16.during(Precision::isReduced)).isTrue();
    assertThat(Precision.isReduced()).isFalse();
  }

  @Test
  void anotherThreadIsNotAffected() {
    boolean other =
        Precision.BFLOAT16.during(() -> CompletableFuture.supplyAsync(Precision::isReduced).join());
    assertThat(other).isFalse();
  }

  @Test
  void afterAFailureAndInsideAnotherTheOneBeforeIsBack() {
    assertThatThrownBy(
            () ->
                Precision.BFLOAT16.during(
                    () -> {
                      throw new IllegalStateException("made");
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(Precision.isReduced()).isFalse();
    boolean after =
        Precision.BFLOAT16.during(
            () -> {
              Precision.FLOAT32.during(() -> 1);
              return Precision.isReduced();
            });
    assertThat(after).isTrue();
  }
}
