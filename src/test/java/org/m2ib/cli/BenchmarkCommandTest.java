package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.cli.options.Failures;
import org.m2ib.clip.HfFolder;
import picocli.CommandLine;

class BenchmarkCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void itPrintsATableOfTimesAndLimits(@TempDir Path folder) {
    HfFolder.Sizes sizes = new HfFolder.Sizes(32, 3, 2, 8, 32, 32, 3, 2, 40, 20, 16);
    HfFolder.write(folder, sizes, List.of("pleural", "effusion"));
    Path page = folder.resolve("page.md");
    int code =
        run(
            "--model=%s,%s".formatted(folder, folder),
            "--repeat=1",
            "--sentences=2",
            "--steps=3",
            "--seed=s",
            "--threads=1",
            "--doc=" + page);
    assertThat(code).isZero();
    String name = folder.getFileName().toString();
    String models = name + "," + name;
    assertThat(out.toString())
        .contains("--model " + models + " --repeat 1 --sentences 2 --threads 1 --steps 3 --seed s`")
        .containsPattern("\\d+ cores")
        .contains(name + ": layer 1, 3 steps, 10 samples, seed `s`")
        .containsPattern("\\d+ GFLOP/s in a large matrix product")
        .doesNotContain(folder.getParent().toString())
        .containsPattern("\\| text side, a sentence alone( \\| \\d+\\.\\d+){4} \\|")
        .containsPattern(
            "\\| text side, each of 2 together \\| \\d+\\.\\d+ \\| \\d+\\.\\d+ \\| \\d+\\.\\d+ \\|")
        .contains("image prefix, once for an image", "one image, 2 sentences")
        .containsPattern("\\| aten::\\w+ \\| \\d+ \\| 0\\.\\d+ \\|");
    assertThat(page).content().contains("<!-- benchmark: written by", out.toString().strip());
  }

  @Test
  void bothPrecisionsAreMeasuredInOneRun(@TempDir Path folder) {
    HfFolder.Sizes sizes = new HfFolder.Sizes(32, 3, 2, 8, 32, 32, 3, 2, 40, 20, 16);
    HfFolder.write(folder, sizes, List.of("pleural", "effusion"));
    Path page = folder.resolve("page.md");
    int code =
        run(
            "--model=" + folder,
            "--precisions",
            "--repeat=1",
            "--steps=3",
            "--samples=2",
            "--threads=1",
            "--doc=" + page);
    assertThat(code).isZero();
    String name = folder.getFileName().toString();
    assertThat(out.toString())
        .contains("--model " + name + " --repeat 1 --precisions --threads 1 --steps 3 --samples 2`")
        .containsPattern("\\| " + name + " \\| 1 \\| 3 \\| 2( \\| \\d+\\.\\d+){6} \\|")
        .containsPattern("\\| " + name + "( \\| \\d+\\.\\d+){6} \\|")
        .containsPattern("\\| " + name + "( \\| [1-9]\\d*){2}( \\| \\d+\\.\\d+){5} \\|");
    assertThat(page).content().contains("<!-- benchmark of precisions: written by");
  }

  @Test
  void severalImagesAreMeasuredApartTogetherAndInParallelInOneRun(@TempDir Path folder) {
    HfFolder.Sizes sizes = new HfFolder.Sizes(32, 3, 2, 8, 32, 32, 3, 2, 40, 20, 16);
    HfFolder.write(folder, sizes, List.of("pleural", "effusion"));
    int code =
        run(
            "--model=" + folder,
            "--images=3",
            "--sentences=2",
            "--repeat=1",
            "--steps=3",
            "--samples=2",
            "--threads=1");
    assertThat(code).isZero();
    String name = folder.getFileName().toString();
    assertThat(out.toString())
        .contains("--repeat 1 --sentences 2 --images 3 --threads 1 --steps 3 --samples 2`")
        .containsPattern("\\| " + name + " \\| 3 \\| 2( \\| \\d+\\.\\d+){5} \\|");
  }

  @Test
  void badOptionsAreUsageErrors() {
    assertThat(run("--repeat=0")).isEqualTo(2);
    assertThat(run("--sentences=0")).isEqualTo(2);
    assertThat(run("--threads=0")).isEqualTo(2);
    assertThat(err.toString()).contains("--repeat, --sentences and --threads must be at least 1");
    assertThat(run("--images=-1")).isEqualTo(2);
    assertThat(run("--images=2", "--precisions")).isEqualTo(2);
    assertThat(err.toString()).contains("--images must be at least 1, and without --precisions");
    assertThat(run("--beta=0")).isEqualTo(2);
    assertThat(err.toString()).contains("--beta = 0.0: must be above 0");
    assertThat(run("--device=tpu")).isEqualTo(2);
    assertThat(err.toString()).contains("--device tpu: must be cpu, gpu");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aModelThatIsNotThereIsNamed() {
    assertThat(run("--model", "gone")).isEqualTo(1);
    assertThat(err.toString()).contains("m2ib: gone: no such folder");
  }

  private int run(String... args) {
    return new CommandLine(new BenchmarkCommand())
        .setExecutionExceptionHandler(new Failures())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }
}
