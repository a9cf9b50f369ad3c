package org.m2ib.lab.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.m2ib.lab.collage.Collage;
import org.m2ib.lab.collage.CollageGenerator;

class CollagesTest {
  @Test
  void everyTileIsAnExampleWithItsMask() throws IOException {
    Collages data = new Collages(41, 3);
    assertThat(data.size()).isEqualTo(12);
    for (int i = 0; i < data.size(); i++) {
      Collage collage = new CollageGenerator().make(41 + i / 4);
      Example example = data.example(i);
      assertThat(example.image()).isEqualTo(String.valueOf(collage.seed()));
      assertThat(example.category()).isEqualTo(collage.tiles().get(i % 4).title());
      assertThat(example.sentence()).contains(collage.tiles().get(i % 4).phrase());
      assertThat(example.picture().load().values()).isEqualTo(collage.image().values());
      assertThat(example.region().mask(128, 128)).isEqualTo(Collage.mask(i % 4));
    }
    assertThat(data.identity()).isEqualTo("collages, 3 from seed 41 on");
  }

  @Test
  void anotherSizeThanTheCollagesIsRefused() {
    Example example = new Collages(41, 1).example(0);
    assertThatThrownBy(() -> example.region().mask(64, 64))
        .isInstanceOf(IOException.class)
        .hasMessage("collage 41: 128 x 128 pixels, not 64 x 64");
  }
}
