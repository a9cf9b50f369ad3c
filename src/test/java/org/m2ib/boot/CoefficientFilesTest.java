package org.m2ib.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.discordance.Coefficients;

/** The files of {@code m2ib.discordance.coefficients}, which are read at start. */
class CoefficientFilesTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("own.json");
    try (InputStream in = Coefficients.class.getResourceAsStream("coefficients.json")) {
      Files.write(file, in.readAllBytes());
    }
  }

  @Test
  void eachIsOfTheModelThatItNames() {
    assertThat(PipelineBeans.coefficients(List.of(file)))
        .hasSize(1)
        .allSatisfy((model, read) -> assertThat(read.model()).isEqualTo(model));
  }

  @Test
  void aWrongFileIsNamedWithWhatToDo() throws IOException {
    Path missing = folder.resolve("missing.json");
    assertRefused("missing.json: no such file; ./m2ib evaluate discordance --fit", missing);
    Path other = Files.writeString(folder.resolve("other.json"), "{}");
    assertRefused("other.json: it names no model; ", other);
    Path text = Files.writeString(folder.resolve("text.json"), "weights");
    assertRefused("text.json: no coefficients; ./m2ib evaluate discordance --fit", text);
    assertRefused("own.json: another file of the list is of the same model; ", file, file);
  }

  private static void assertRefused(String message, Path... files) {
    assertThatThrownBy(() -> PipelineBeans.coefficients(List.of(files)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("m2ib.discordance.coefficients = ")
        .hasMessageContaining(message);
  }
}
