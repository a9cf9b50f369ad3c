package org.m2ib.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AuditTest {
  private static final Audit.Alternative WORSE = new Audit.Alternative("No effusion.", 0.1, false);
  private static final Audit.Alternative BETTER =
      new Audit.Alternative("Left effusion.", 0.5, true);

  @Test
  void aMapIsForcedIfAnAlternativeFitsBetter() {
    assertThat(with(WORSE, BETTER).forced()).isTrue();
    assertThat(with(BETTER, null).forced()).isTrue();
    assertThat(with(WORSE, WORSE).forced()).isFalse();
    assertThat(with(null, WORSE).forced()).isFalse();
  }

  @Test
  void withoutAnAlternativeNothingIsSaid() {
    assertThat(with(null, null).forced()).isNull();
  }

  private static Audit with(Audit.Alternative contrary, Audit.Alternative otherSide) {
    return new Audit(
        0.5, 0.1, 0.0, false, "en", "right", null, null, null, Map.of(), contrary, otherSide);
  }
}
