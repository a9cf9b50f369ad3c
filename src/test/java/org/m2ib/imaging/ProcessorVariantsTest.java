package org.m2ib.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * Configurations as they are found, and the pixels that transformers makes by them: here they are
 * the same, or the configuration is refused by its key. Made by processor_variants.py.
 */
class ProcessorVariantsTest {
  private static final Path IMAGING = Path.of("src/test/resources/imaging");
  private static final int EVERY = 7;

  /** Grey levels of 255: two resampling codes round differently. */
  private static final double LEVELS = 2;

  @Test
  void aConfigurationGivesTheLibrarysPixelsOrIsRefusedByItsKey() throws IOException {
    DisplayImage picture =
        ImageFile.read(
                IMAGING.resolve("processors/150x215.png"),
                ImageSelection.all(FrameChoice.FIRST, object -> false))
            .image();
    JsonNode variants =
        new ObjectMapper().readTree(IMAGING.resolve("processor-variants.json").toFile());
    List<String> refused = new ArrayList<>();
    int run = 0;
    for (JsonNode variant : variants) {
      JsonNode config = variant.get("config");
      Preprocessor preprocessor;
      try {
        preprocessor = Preprocessor.of(Path.of("preprocessor_config.json"), config);
      } catch (PreprocessorConfigException e) {
        refused.add(e.getMessage());
        assertThat(StreamSupport.stream(config.properties().spliterator(), false))
            .as(e.getMessage())
            .anyMatch(entry -> e.getMessage().contains("'" + entry.getKey()));
        continue;
      }
      if (variant.has("values")) {
        run++;
        assertSame(config.toString(), preprocessor.apply(picture), variant);
      }
    }
    assertThat(run).as("run, while refused were %s", refused).isGreaterThanOrEqualTo(30);
  }

  private static void assertSame(String config, ModelInput input, JsonNode variant) {
    int rows = variant.at("/shape/1").asInt();
    int columns = variant.at("/shape/2").asInt();
    assertThat(input.geometry().inputRows()).as(config).isEqualTo(rows);
    assertThat(input.geometry().inputColumns()).as(config).isEqualTo(columns);
    JsonNode values = variant.get("values");
    double[] expected =
        IntStream.range(0, values.size()).mapToDouble(i -> values.get(i).asDouble()).toArray();
    double range =
        IntStream.range(0, expected.length).mapToDouble(i -> expected[i]).max().orElseThrow()
            - IntStream.range(0, expected.length).mapToDouble(i -> expected[i]).min().orElseThrow();
    int i = 0;
    double worst = 0;
    for (int channel = 0; channel < 3; channel++) {
      for (int y = 0; y < rows; y += EVERY) {
        for (int x = 0; x < columns; x += EVERY) {
          double found = input.pixels()[(channel * rows + y) * columns + x];
          worst = Math.max(worst, Math.abs(found - expected[i++]));
        }
      }
    }
    assertThat(worst).as(config).isLessThan(LEVELS * range / 255);
  }
}
