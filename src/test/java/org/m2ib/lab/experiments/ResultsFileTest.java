package org.m2ib.lab.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsFileTest {
  private static final Settings SETTINGS = new Settings("a", 0.1);

  record Settings(String model, double beta) {}

  record Result(long seed, String text) {}

  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void name() {
    path = folder.resolve("new/results.jsonl");
  }

  @Test
  void whatWasWrittenIsThereWhenItIsOpenedAgain() throws IOException {
    write(new Result(1, "x\ny"), new Result(2, "ü"));
    write(new Result(3, "z"));
    try (ResultsFile<Result> file = open(SETTINGS)) {
      assertThat(file.before())
          .containsExactly(new Result(1, "x\ny"), new Result(2, "ü"), new Result(3, "z"));
    }
  }

  @Test
  void aLineThatWasCutOffIsDroppedAndTheNextFollowsTheLastWholeOne() throws IOException {
    write(new Result(1, "x"));
    Files.writeString(path, "{\"seed\":2,\"te", StandardOpenOption.APPEND);
    write(new Result(3, "z"));
    try (ResultsFile<Result> file = open(SETTINGS)) {
      assertThat(file.before()).containsExactly(new Result(1, "x"), new Result(3, "z"));
    }
  }

  @Test
  void aFileWhoseFirstLineWasCutOffStartsAnew() throws IOException {
    Files.createDirectories(path.getParent());
    Files.writeString(path, "{\"model\":");
    write(new Result(1, "x"));
    try (ResultsFile<Result> file = open(SETTINGS)) {
      assertThat(file.before()).containsExactly(new Result(1, "x"));
    }
  }

  @Test
  void otherSettingsAreRefusedByNameAndNothingIsLost() throws IOException {
    write(new Result(1, "x"));
    assertThatThrownBy(() -> open(new Settings("a", 0.3)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("results.jsonl holds results of other settings")
        .hasMessageContaining("beta 0.1 there, 0.3 here")
        .hasMessageContaining("name another folder, or delete the file")
        .hasMessageNotContaining("model");
    try (ResultsFile<Result> file = open(SETTINGS)) {
      assertThat(file.before()).hasSize(1);
    }
  }

  @Test
  void aForeignFileIsRefusedAndKept() throws IOException {
    Files.createDirectories(path.getParent());
    Files.writeString(path, "shopping\nmilk\n");
    assertThatThrownBy(() -> open(SETTINGS))
        .hasMessageContaining("results.jsonl, line 1: not a result of this program");
    assertThat(path).hasContent("shopping\nmilk\n");
  }

  private void write(Result... results) throws IOException {
    try (ResultsFile<Result> file = open(SETTINGS)) {
      for (Result result : results) {
        file.append(result);
      }
    }
  }

  private ResultsFile<Result> open(Settings settings) throws IOException {
    return new ResultsFile<>(path, settings, Result.class);
  }
}
