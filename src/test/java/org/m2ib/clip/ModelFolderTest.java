package org.m2ib.clip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFolderTest {
  @TempDir Path folder;

  /**
   * Stored results and UIDs hold it. Computed with Python's hashlib: SHA-256 over name, 0, length
   * as 8 bytes big-endian, content of each file, in name order.
   */
  @Test
  void theHashOfAFolderStaysWhatItWas() throws IOException {
    write("config.json", "{}");
    write("model-card.json", "{\"name\":\"n\"}");
    write("preprocessor_config.json", "{\"a\":1}");
    write("tokenizer.json", "tok");
    write("model.safetensors", "weights");
    write("notes.txt", "not read");
    assertThat(hash("model.safetensors"))
        .isEqualTo("a0bc33abfd81310869268447769f90dec31218c46d59c51fce8216d009ff1985");
    Files.move(folder.resolve("model.safetensors"), folder.resolve("pytorch_model.bin"));
    assertThat(hash("pytorch_model.bin"))
        .isEqualTo("f5218d3ed98c588f75230901721628d2909cdf580c137aefb849fed67c54ace8");
  }

  private String hash(String weights) {
    ModelFolder files = new ModelFolder(folder);
    files.path("tokenizer.json");
    files.path(weights);
    files.path("preprocessor_config.json");
    files.path("config.json");
    return files.card().hash();
  }

  private void write(String file, String content) throws IOException {
    Files.writeString(folder.resolve(file), content);
  }
}
