package org.m2ib.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountedTest {
  @ParameterizedTest
  @CsvSource({"0, 0 frames", "1, 1 frame", "2, 2 frames"})
  void oneIsNoPlural(long count, String words) {
    assertThat(Counted.of(count, "frame")).isEqualTo(words);
  }
}
