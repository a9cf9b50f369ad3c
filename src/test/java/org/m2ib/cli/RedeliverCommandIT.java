package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreOutcome;
import org.m2ib.dicom.StoreScu;
import org.m2ib.dicom.Tags;
import org.m2ib.peers.Orthanc;
import org.m2ib.peers.Peers;
import org.m2ib.peers.Program;
import org.m2ib.peers.ServiceProcess;

/** {@code m2ib redeliver} against the packaged service. */
class RedeliverCommandIT {
  private static final Path CHEST = Path.of("samples/chest.dcm");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path folder;

  @Test
  void aDeadLetterSaysWhyAndIsDeliveredOnceTheArchiveIsThereAndAPersonAsks() throws Exception {
    int archivePort = Peers.freePort();
    Map<String, String> settings =
        Map.of(
            "m2ib.archive", "ORTHANC@127.0.0.1:" + archivePort,
            "m2ib.delivery.attempts", "2",
            "m2ib.delivery.first-pause", "1s");
    try (ServiceProcess service = new ServiceProcess(folder.resolve("data"), settings).start()) {
      RemoteAe us = new RemoteAe("M2IB", "127.0.0.1", service.dicomPort());
      assertThat(new StoreScu(StoreScu.Settings.of("TEST")).store(us, List.of(CHEST)))
          .allMatch(StoreOutcome::stored);
      String study = DicomObject.read(CHEST, header -> false).requiredString(Tags.StudyInstanceUID);
      String report = "{\"studyInstanceUid\": \"%s\", \"text\": \"FINDINGS: Clear lungs.\"}";
      service.post("/api/reports", report.formatted(study));
      assertThat(service.awaitState(study, "UNDELIVERED", PATIENCE).get("reason").asText())
          .contains("ORTHANC@127.0.0.1:" + archivePort);
      try (Orthanc orthanc =
          Orthanc.start(
              Files.createDirectories(folder.resolve("orthanc")),
              "M2IB",
              service.dicomPort(),
              archivePort)) {
        Peers.Run asked = redeliver(service.url(), ServiceProcess.PASSWORD);
        assertThat(asked.exit()).as(asked.output()).isZero();
        service.awaitState(study, "DELIVERED", PATIENCE);
        assertThat(orthanc.instancesOf(study)).hasSize(1);
      }
      assertThat(redeliver(service.url(), "wrong-password").output()).contains("HTTP 401");
    }
    Peers.Run nobody = redeliver("http://127.0.0.1:" + Peers.freePort(), "12345678");
    assertThat(nobody.exit()).isEqualTo(1);
    assertThat(nobody.output()).contains("no service responds");
  }

  private static Peers.Run redeliver(String url, String password) throws Exception {
    return Program.run(
        List.of("-Dm2ib.admin-password=" + password), List.of("redeliver", "--url", url));
  }
}
