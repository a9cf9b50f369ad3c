package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.lab.phantom.PhantomFolder;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.metrics.RankCorrelation;
import org.m2ib.peers.Program;

/**
 * The packaged program on a processor without AVX-512: PyTorch and oneDNN are told to use fewer
 * instruction sets, so sums have another order. bfloat16 is emulated there.
 */
class OtherProcessorIT {
  private static final Map<String, String> AVX2 =
      Map.of(
          "ATEN_CPU_CAPABILITY",
          "avx2",
          "ONEDNN_MAX_CPU_ISA",
          "AVX2",
          "MKL_ENABLE_INSTRUCTIONS",
          "AVX2");
  private static final Map<String, String> WITHOUT_BFLOAT16 =
      Map.of("ATEN_CPU_CAPABILITY", "avx2", "ONEDNN_MAX_CPU_ISA", "AVX512_CORE");
  private static final int PICTURES = 1;

  @TempDir Path folder;

  @BeforeEach
  void draw() throws IOException {
    PhantomFolder.create(folder.resolve("phantoms"))
        .write(new PhantomGenerator()::make, 2_000_000_000L, PICTURES);
  }

  @Test
  void float32GivesTheSameMapsToSixDigits() throws Exception {
    List<double[]> here = maps("float32", Map.of());
    List<double[]> there = maps("float32", AVX2);
    for (int i = 0; i < here.size(); i++) {
      assertThat(correlation(here.get(i), there.get(i))).isGreaterThan(0.99999);
      double most = Arrays.stream(here.get(i)).max().orElseThrow();
      for (int p = 0; p < here.get(i).length; p++) {
        assertThat(Math.abs(here.get(i)[p] - there.get(i)[p])).isLessThan(1e-4 * most);
      }
    }
  }

  @Test
  void bfloat16GivesMapsAsAlikeAsThoseOfFloat32() throws Exception {
    List<double[]> here = maps("bfloat16", Map.of());
    List<double[]> there = maps("bfloat16", WITHOUT_BFLOAT16);
    for (int i = 0; i < here.size(); i++) {
      assertThat(correlation(here.get(i), there.get(i))).isGreaterThan(0.995);
    }
  }

  private static double correlation(double[] one, double[] other) {
    return RankCorrelation.spearman(new double[][] {one}, new double[][] {other});
  }

  /** Bits of the patches, one map after the other. */
  private List<double[]> maps(String precision, Map<String, String> environment) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("attribute", "--json"));
    arguments.addAll(List.of("--precision", precision, "--out", folder.resolve("out").toString()));
    arguments.addAll(List.of("--text", "There is a left pleural effusion."));
    arguments.addAll(List.of("--text", "No pneumothorax."));
    for (int i = 1; i <= PICTURES; i++) {
      arguments.add(folder.resolve("phantoms/000%d/image.dcm".formatted(i)).toString());
    }
    Path printed = folder.resolve("maps.json");
    Path errors = folder.resolve("maps.err");
    ProcessBuilder builder =
        new ProcessBuilder(Program.command(List.of(), arguments))
            .redirectOutput(printed.toFile())
            .redirectError(errors.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
    List<double[]> maps = new ArrayList<>();
    for (JsonNode result : new ObjectMapper().readTree(printed.toFile())) {
      maps.add(
          StreamSupport.stream(result.get("grid").get("bits").spliterator(), false)
              .flatMap(row -> StreamSupport.stream(row.spliterator(), false))
              .mapToDouble(JsonNode::asDouble)
              .toArray());
    }
    assertThat(maps).hasSize(2 * PICTURES);
    return maps;
  }
}
