package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.peers.Orthanc;
import org.m2ib.peers.Peers;
import org.m2ib.peers.PythonReader;
import org.m2ib.peers.ServiceProcess;

/** The DICOM services besides Storage, with real peers. */
class DimseServicesIT {
  private static final Path CHEST = Path.of("samples/chest.dcm");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path folder;
  private final int archivePort = Peers.freePort();

  private ServiceProcess service(Map<String, String> settings) throws Exception {
    return new ServiceProcess(folder.resolve("data"), settings).start();
  }

  private Orthanc orthanc(ServiceProcess service) throws Exception {
    return Orthanc.start(
        Files.createDirectories(folder.resolve("orthanc")),
        "M2IB",
        service.dicomPort(),
        archivePort);
  }

  private static DicomObject chest() throws Exception {
    return DicomObject.read(CHEST, header -> false);
  }

  private static String study() throws Exception {
    return chest().requiredString(Tags.StudyInstanceUID);
  }

  private static void report(ServiceProcess service) throws Exception {
    String report = "{\"studyInstanceUid\": \"%s\", \"text\": \"FINDINGS: Clear lungs.\"}";
    assertThat(service.post("/api/reports", report.formatted(study())).statusCode()).isEqualTo(202);
  }

  @Test
  void orthancPromisesToKeepTheCapturesAndThenTheCaseIsDelivered() throws Exception {
    Map<String, String> settings =
        Map.of(
            "m2ib.archive",
            "ORTHANC@127.0.0.1:" + archivePort,
            "m2ib.delivery.commitment",
            "ORTHANC");
    try (ServiceProcess service = service(settings);
        Orthanc orthanc = orthanc(service)) {
      orthanc.sendToM2ib(orthanc.upload(CHEST));
      report(service);
      service.awaitState(study(), "DELIVERED", PATIENCE);
      assertThat(orthanc.instancesOf(study())).hasSize(2);
      assertThat(orthanc.get("/jobs?expand").findValuesAsText("Type"))
          .contains("StorageCommitmentScp");
    }
  }

  @Test
  void whoAsksForCommitmentIsAnsweredAfterItsAssociationByOrthanc() throws Exception {
    Map<String, String> settings = Map.of("m2ib.dicom.peers", "ORTHANC@127.0.0.1:" + archivePort);
    try (ServiceProcess service = service(settings);
        Orthanc orthanc = orthanc(service)) {
      orthanc.sendToM2ib(orthanc.upload(CHEST));
      String sopClass = chest().requiredString(Tags.SOPClassUID);
      String instance = chest().requiredString(Tags.SOPInstanceUID);
      JsonNode kept = orthanc.storageCommitment(List.of(List.of(sopClass, instance)));
      assertThat(kept.get("Status").asText()).isEqualTo("Success");
      JsonNode lost =
          orthanc.storageCommitment(
              List.of(
                  List.of(sopClass, instance),
                  List.of(sopClass, "1.2.3.4"),
                  List.of("1.2.840.10008.5.1.4.1.1.2", instance)));
      assertThat(lost.get("Status").asText()).isEqualTo("Failure");
      assertThat(lost.get("Failures")).hasSize(2);
    }
  }

  @Test
  void whoAsksForCommitmentIsAnsweredOnItsAssociationByPynetdicom() throws Exception {
    try (ServiceProcess service = service(Map.of());
        Orthanc orthanc = orthanc(service)) {
      orthanc.sendToM2ib(orthanc.upload(CHEST));
      String sopClass = chest().requiredString(Tags.SOPClassUID);
      String instance = chest().requiredString(Tags.SOPInstanceUID);
      List<JsonNode> said =
          PythonReader.run(
              "dimse.py",
              "commit",
              String.valueOf(service.dicomPort()),
              "1.2.3.4.5",
              sopClass + "=" + instance,
              sopClass + "=1.2.3.4",
              "1.2.840.10008.5.1.4.1.1.2=" + instance);
      assertThat(said.get(0).get("status").asInt()).isZero();
      JsonNode report = said.get(1);
      assertThat(report.get("transaction").asText()).isEqualTo("1.2.3.4.5");
      assertThat(report.get("event").asInt()).isEqualTo(2);
      assertThat(report.get("committed").toString()).isEqualTo("[\"" + instance + "\"]");
      assertThat(report.get("failed").get("1.2.3.4").asInt()).isEqualTo(0x0112);
      assertThat(report.get("failed").get(instance).asInt()).isEqualTo(0x0119);
    }
  }
}
