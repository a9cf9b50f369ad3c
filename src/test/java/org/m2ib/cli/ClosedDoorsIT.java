package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.peers.Program;
import org.m2ib.peers.ServiceProcess;

/** Which ports and paths the packaged program opens, and to whom. */
class ClosedDoorsIT {
  @TempDir Path folder;

  /** On a port that another has, a program that opens it says so and fails. */
  @ParameterizedTest
  @ValueSource(strings = {"serve --help", "serve -h", "demo --help", "--help", "serve x"})
  void askedForHelpItOpensNoPort(String arguments) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<String> settings =
          List.of(
              "-Dquarkus.http.port=" + taken.getLocalPort(),
              "-Dm2ib.data-dir=" + folder.resolve("none"));
      String output = Program.run(settings, List.of(arguments.split(" "))).output();
      assertThat(output).doesNotContain("in use", "Port", "Listening").contains("m2ib");
      assertThat(folder.resolve("none")).doesNotExist();
    }
  }

  @Test
  void aViewerAddressWithoutAPlaceForTheStudyIsRefusedAtStart() throws Exception {
    String key = "m2ib.review.viewer-url";
    Path data = folder.resolve("viewer");
    try (ServiceProcess service =
        new ServiceProcess(data, Map.of(key, "https://viewer.example/viewer"))) {
      assertThat(service.refusal())
          .contains(
              key
                  + " = https://viewer.example/viewer: must be an http or https address with"
                  + " {studyInstanceUid}");
    }
  }

  @Test
  void onlyItsOwnerCanReadTheDataFolder() throws Exception {
    Path data = Files.createDirectories(folder.resolve("data/objects")).getParent();
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (ServiceProcess service = new ServiceProcess(data, Map.of()).start()) {
      assertThat(service.get("/api/cases").statusCode()).isEqualTo(200);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
          .isEqualTo("rwx------");
    }
  }
}
