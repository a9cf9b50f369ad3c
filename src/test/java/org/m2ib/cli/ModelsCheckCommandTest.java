package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.cli.options.Failures;
import org.m2ib.clip.FormulaWeights;
import org.m2ib.clip.Golden;
import org.m2ib.clip.HfFolder;
import org.m2ib.clip.checkpoint.CheckpointWriter;
import picocli.CommandLine;

class ModelsCheckCommandTest {
  private static final HfFolder.Sizes SIZES =
      new HfFolder.Sizes(32, 3, 2, 8, 32, 32, 3, 2, 40, 9, 16);

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  @BeforeEach
  void write() {
    HfFolder.write(folder, SIZES, List.of("pleural", "effusion", "small"));
  }

  @Test
  void itSaysWhatTheModelIsAndHowWellASentenceFitsAnImage() {
    assertThat(
            run(
                folder.toString(),
                "--text=small pleural effusion",
                "--image=src/test/resources/imaging/processors/61x41.png"))
        .isZero();
    assertThat(out.toString())
        .containsPattern("model +" + folder.getFileName())
        .containsPattern("SHA-256 +[0-9a-f]{64}")
        .containsPattern("licence +not stated")
        .containsPattern("layout +Hugging Face CLIP")
        .containsPattern("image tower +3 layers, input 32 x 32, grid 4 x 4, width 32, class token")
        .containsPattern("text tower +3 layers, context 9 tokens, vocabulary 40, width 32")
        .containsPattern("bottleneck +behind layer 1, 4 x 4 patches")
        .containsPattern("weights +model.safetensors")
        .containsPattern("tensors +109 found, none missing, 0 unused")
        .containsPattern("parameters +0\\.1 million, 0 MiB")
        .containsPattern("loaded in +\\d+\\.\\d s, peak memory of the process \\d+ MiB")
        .containsPattern("tokens +5: <38> small\\(4\\) pleural\\(2\\) effusion\\(3\\) <39>")
        .containsPattern("similarity +-?0\\.\\d{4}, in \\d+\\.\\d\\d s")
        .doesNotContain("probability")
        .doesNotContain(folder.getParent().toString());
  }

  @Test
  void ofAModelWithASigmoidTheProbabilityIsToldToo(@TempDir Path siglip) {
    new Golden("tiny-siglip").writeFolder(siglip);
    String image = "--image=src/test/resources/imaging/processors/61x41.png";
    assertThat(run(siglip.toString(), "--text=small pleural effusion", image)).isZero();
    double similarity = number("similarity +(-?0\\.\\d{4}), in ");
    double probability = number("probability +(0\\.\\d{4}), by its sigmoid");
    double scale = FormulaWeights.values("logit_scale", 1)[0];
    double bias = FormulaWeights.values("logit_bias", 1)[0];
    assertThat(probability)
        .isCloseTo(1 / (1 + Math.exp(-Math.exp(scale) * similarity - bias)), within(1e-4));
  }

  @Test
  void whatIsTakenForGrantedIsSaid(@TempDir Path openai) {
    new Golden("tiny-openai-vit").writeFolder(openai);
    assertThat(run(openai.toString())).isZero();
    assertThat(out.toString()).containsPattern("assumed +no configuration: .* quick GELU");
  }

  private double number(String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(out.toString());
    assertThat(matcher.find()).as(out.toString()).isTrue();
    return Double.parseDouble(matcher.group(1));
  }

  @Test
  void theWordsThatDoNotFitAreShown() {
    assertThat(run(folder.toString(), "--text=small small small small small small small effusion."))
        .isZero();
    assertThat(out.toString()).containsPattern("cut +beyond the context: effusion\\.");
  }

  @Test
  void tensorsThatAreRoundedAreCounted() {
    new CheckpointWriter(HfFolder.shapes(SIZES))
        .as(CheckpointWriter.Type.F64)
        .safetensors(folder.resolve("model.safetensors"));
    assertThat(run(folder.toString())).isZero();
    assertThat(out.toString())
        .contains("MiB in the engine, 109 tensors rounded from float64 to float32");
  }

  @Test
  void ofManyTensorsThatAreNotNeededTheFirstAreNamed() {
    assertThat(ModelsCheckCommand.firstNames(List.of("a", "b"))).isEqualTo("a, b");
    assertThat(
            ModelsCheckCommand.firstNames(
                List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j")))
        .isEqualTo("a, b, c, d, e, f, g, h and 2 more");
  }

  @Test
  void whatCannotBeRunIsRefusedWithFileAndTensor() throws IOException {
    Path config = folder.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config).replaceAll("\"projection_dim\" : 16", "\"projection_dim\" : 8"));
    assertThat(run(folder.toString())).isEqualTo(1);
    assertThat(err.toString())
        .contains("m2ib: model.safetensors: tensor 'visual_projection.weight' has shape [16, 32]");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    assertThat(run("gone")).isEqualTo(1);
    assertThat(err.toString()).contains("m2ib: gone: no such folder");
    assertThat(run()).isEqualTo(2);
  }

  private int run(String... args) {
    return new CommandLine(new ModelsCheckCommand())
        .setExecutionExceptionHandler(new Failures())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }
}
