package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.peers.Orthanc;
import org.m2ib.peers.Peers;
import org.m2ib.peers.Program;

/** {@code ./m2ib doctor} before the service has ever run. */
class DoctorIT {
  @TempDir Path folder;

  private Peers.Run doctor(String archive, String... options)
      throws IOException, InterruptedException {
    List<String> settings =
        List.of(
            "-Dm2ib.data-dir=" + folder.resolve("none"),
            "-Dm2ib.dicom.port=" + Peers.freePort(),
            "-Dm2ib.hl7.port=" + Peers.freePort(),
            "-Dquarkus.http.port=" + Peers.freePort(),
            "-Dm2ib.archive=" + archive);
    List<String> arguments = new ArrayList<>(List.of("doctor"));
    arguments.addAll(List.of(options));
    Path out = folder.resolve("out.txt");
    Process process =
        new ProcessBuilder(Program.command(settings, arguments))
            .redirectOutput(out.toFile())
            .redirectError(folder.resolve("err.txt").toFile())
            .start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    return new Peers.Run(process.exitValue(), Files.readString(out));
  }

  @Test
  void aReachableArchiveIsNoFailureAndNothingIsMade() throws Exception {
    try (Orthanc orthanc = Orthanc.start(folder, "M2IB", Peers.freePort())) {
      Peers.Run run = doctor(orthanc.archive());
      assertThat(run.output())
          .contains("ok      archive " + orthanc.archive() + ": answers C-ECHO")
          .contains("is free")
          .contains("database: none yet")
          .contains("images decoded as expected");
      assertThat(run.exit()).as(run.output()).isZero();
      assertThat(folder.resolve("none")).doesNotExist();
    }
  }

  @Test
  void anUnreachableArchiveIsAFailureInJsonToo() throws Exception {
    Peers.Run run = doctor("NOBODY@127.0.0.1:1", "--json");
    assertThat(run.exit()).isEqualTo(1);
    JsonNode report = new ObjectMapper().readTree(run.output());
    assertThat(report.get("status").asText()).isEqualTo("failed");
    assertThat(report.get("checks"))
        .anySatisfy(
            check -> {
              assertThat(check.get("name").asText()).isEqualTo("archive NOBODY@127.0.0.1:1");
              assertThat(check.get("status").asText()).isEqualTo("failed");
              assertThat(check.get("advice").asText()).contains("Compare host and port");
            });
  }
}
