package org.m2ib.clip;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Agrees with the reference on the tiny model. */
class TinyClipTest extends GoldenChecks {
  private final Golden golden = new Golden("tiny-clip");

  TinyClipTest() {
    super("tiny-clip");
  }

  @Test
  void theWriterNamesTheTensorsAsTheReferenceDoes() {
    assertThat(HfFolder.shapes(golden.sizes()).keySet())
        .containsExactlyElementsOf(golden.shapes().keySet());
    golden
        .shapes()
        .forEach(
            (name, shape) ->
                assertThat(HfFolder.shapes(golden.sizes()).get(name)).as(name).isEqualTo(shape));
  }
}
