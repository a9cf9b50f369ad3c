package org.m2ib.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProportionTest {
  /** By statsmodels 0.14: proportion_confint(count, of, method="wilson"). */
  @ParameterizedTest
  @CsvSource({
    "0, 10, 0, 0.2775327998628892",
    "3, 10, 0.10779126740630104, 0.6032218525388546",
    "10, 10, 0.7224672001371107, 1",
    "190, 200, 0.9104218518612239, 0.972617354399236"
  })
  void theIntervalIsWilsons(int count, int of, double low, double high) {
    Proportion share = Proportion.of(count, of);
    assertThat(share.value()).isEqualTo((double) count / of);
    assertThat(share.low()).isEqualTo(low, within(1e-12));
    assertThat(share.high()).isEqualTo(high, within(1e-12));
  }

  @Test
  void ofNothingThereIsNoShare() {
    assertThat(Proportion.of(0, 0)).isEqualTo(new Proportion(0, 0, null, null, null));
  }
}
