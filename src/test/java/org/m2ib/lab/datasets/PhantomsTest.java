package org.m2ib.lab.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomGenerator;

class PhantomsTest {
  @Test
  void everyFindingIsAnExampleWithItsMask() throws IOException {
    Phantoms data = new Phantoms(41, 4);
    List<String> expected = new ArrayList<>();
    for (long seed = 41; seed < 45; seed++) {
      Phantom phantom = new PhantomGenerator().make(seed);
      for (Phantom.Located located : phantom.findings()) {
        Example example = data.example(expected.size());
        expected.add(located.finding().type().names().get(0));
        assertThat(example.image()).isEqualTo(String.valueOf(seed));
        assertThat(example.picture().load().values()).isEqualTo(phantom.pixels());
        assertThat(example.region().mask(224, 224)).isEqualTo(located.mask());
        assertThat(located.finding().type().names())
            .anyMatch(name -> example.sentence().toLowerCase().contains(name));
      }
    }
    assertThat(expected).hasSizeGreaterThan(2);
    assertThat(data.size()).isEqualTo(expected.size());
    assertThat(data.identity()).isEqualTo("phantoms, 4 from seed 41 on");
  }

  @Test
  void anotherSizeThanThePhantomsIsRefused() {
    Example example = new Phantoms(41, 4).example(0);
    assertThatThrownBy(() -> example.region().mask(32, 32))
        .isInstanceOf(IOException.class)
        .hasMessage("phantom 41: 224 x 224 pixels, not 32 x 32");
  }

  @Test
  void phantomsWithoutAFindingAreRefused() {
    long healthy = 0;
    while (!new PhantomGenerator().make(healthy).findings().isEmpty()) {
      healthy++;
    }
    long seed = healthy;
    assertThatThrownBy(() -> new Phantoms(seed, 1))
        .hasMessage("no finding on 1 phantoms from seed %d; use more phantoms".formatted(seed));
  }
}
