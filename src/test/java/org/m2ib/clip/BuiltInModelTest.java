package org.m2ib.clip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuiltInModelTest {

  @Test
  void theCommittedFilesAreWhatTheFormulaGives(@TempDir Path folder) throws IOException {
    BuiltInModel.write(folder);
    for (String file : ModelFolder.FILES) {
      try (InputStream in = ClipModel.class.getResourceAsStream("builtin/" + file)) {
        assertThat(in).as(file).isNotNull();
        assertThat(in.readAllBytes()).as(file).isEqualTo(Files.readAllBytes(folder.resolve(file)));
      }
    }
  }

  @Test
  void itLoadsFromTheClassPathAndSaysThatItsMapsMeanNothing() {
    try (ClipModel model = ClipModel.builtIn()) {
      assertThat(model.card().warning()).contains("means nothing");
      assertThat(model.card().hash()).matches("[0-9a-f]{64}");
      assertThat(model.card().name()).hasSizeLessThanOrEqualTo(64);
      assertThat(model.image().gridRows()).isEqualTo(14);
      assertThat(model.image().imageSize()).isEqualTo(112);
    }
  }

  @Test
  void itIsSmall() throws IOException {
    try (InputStream in = ClipModel.class.getResourceAsStream("builtin/model.safetensors")) {
      assertThat(in.readAllBytes().length).isLessThan(2_500_000);
    }
  }

  @Test
  void itKnowsTheWordsOfAReport() {
    try (ClipModel model = ClipModel.builtIn()) {
      Tokens tokens = model.tokenizer().encode("Small left pleural effusion.");
      assertThat(tokens.tokens())
          .filteredOn(t -> !t.special())
          .extracting(Token::text)
          .containsExactly("Small", "left", "pleural", "effusion", ".");
      assertThat(tokens.tokens()).noneMatch(t -> t.id() == 1);
    }
  }
}
