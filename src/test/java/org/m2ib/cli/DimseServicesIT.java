package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

  @Test
  void theStudyOfAReportIsFetchedFromOrthancByGetAndByMove() throws Exception {
    for (String method : List.of("get", "move")) {
      Map<String, String> settings =
          Map.of(
              "m2ib.retrieve.from",
              "ORTHANC@127.0.0.1:" + archivePort,
              "m2ib.retrieve.method",
              method,
              "m2ib.retrieve.after",
              "1s");
      try (ServiceProcess service = new ServiceProcess(folder.resolve(method), settings).start();
          Orthanc orthanc =
              Orthanc.start(
                  Files.createDirectories(folder.resolve("orthanc-" + method)),
                  "M2IB",
                  service.dicomPort(),
                  archivePort)) {
        orthanc.upload(CHEST);
        report(service);
        service.awaitState(study(), "DELIVERED", PATIENCE);
        assertThat(service.log()).contains("1 object fetched");
      }
    }
  }

  @Test
  void dcmtkFindsAndRetrievesWhatTheServiceHolds() throws Exception {
    for (String program : List.of("findscu", "getscu", "movescu")) {
      Peers.need(program, "dcmtk");
    }
    int stationPort = Peers.freePort();
    Map<String, String> settings =
        Map.of(
            "m2ib.query.callers",
            "STATION",
            "m2ib.dicom.peers",
            "STATION@127.0.0.1:" + stationPort);
    try (ServiceProcess service = service(settings);
        Orthanc orthanc = orthanc(service)) {
      orthanc.sendToM2ib(orthanc.upload(CHEST));
      String patient = chest().requiredString(Tags.PatientID);
      for (String model : List.of("-S", "-P")) {
        Peers.Run found =
            scu(
                service,
                "findscu",
                model,
                "STUDY",
                "-k",
                "PatientID=" + patient,
                "-k",
                "StudyDate");
        assertThat(found.output()).contains(study());
        Peers.Run none = scu(service, "findscu", model, "STUDY", "-k", "PatientID=NOBODY");
        assertThat(none.exit()).as(none.output()).isZero();
        assertThat(none.output()).doesNotContain(study());
        for (String program : List.of("getscu", "movescu")) {
          Path arrived = Files.createDirectories(folder.resolve(program + model));
          String[] more =
              program.equals("getscu")
                  ? new String[] {"-od", arrived.toString()}
                  : new String[] {
                    "-od", arrived.toString(), "-aem", "STATION", "+P", "" + stationPort
                  };
          List<String> arguments =
              new ArrayList<>(
                  List.of("+xw", "-k", "PatientID=" + patient)); // the sample is in JPEG 2000
          arguments.addAll(List.of(more));
          Peers.Run run = scu(service, program, model, "STUDY", arguments.toArray(String[]::new));
          assertThat(run.exit()).as(run.output()).isZero();
          try (var files = Files.list(arrived)) {
            List<Path> all = files.toList();
            assertThat(all).as(run.output()).hasSize(1);
            assertThat(DicomObject.read(all.get(0), h -> false).string(Tags.SOPInstanceUID))
                .isEqualTo(chest().string(Tags.SOPInstanceUID));
          }
        }
      }
      Peers.Run refused =
          Peers.run(
              "findscu",
              "-S",
              "-v",
              "-aec",
              "M2IB",
              "127.0.0.1",
              String.valueOf(service.dicomPort()),
              "-k",
              "QueryRetrieveLevel=STUDY",
              "-k",
              "StudyInstanceUID");
      assertThat(refused.output()).doesNotContain(study());
    }
  }

  /** With a quiet period that the test would not wait for. */
  @Test
  void aStepOrANotificationByPynetdicomCompletesAStudy() throws Exception {
    Map<String, String> settings = Map.of("m2ib.study.quiet-period", "1h");
    String instance =
        chest().requiredString(Tags.SOPClassUID)
            + "="
            + chest().requiredString(Tags.SOPInstanceUID);
    for (boolean step : new boolean[] {true, false}) {
      try (ServiceProcess service =
          new ServiceProcess(folder.resolve("step-" + step), settings).start()) {
        Peers.need("storescu", "dcmtk");
        String port = String.valueOf(service.dicomPort());
        Peers.Run sent =
            Peers.run("storescu", "-xw", "-aec", "M2IB", "127.0.0.1", port, CHEST.toString());
        assertThat(sent.exit()).as(sent.output()).isZero();
        report(service);
        service.awaitState(study(), "COLLECTING", PATIENCE);
        List<JsonNode> said =
            step
                ? PythonReader.run("dimse.py", "step", port, "1.2.3.9", study(), instance)
                : PythonReader.run("dimse.py", "available", port, study(), instance);
        assertThat(said.get(0).get("create").asInt()).isZero();
        service.awaitState(study(), "DELIVERED", PATIENCE);
      }
    }
  }

  @Test
  void whatAStepAnnouncedAndDidNotComeIsSaid() throws Exception {
    String sopClass = chest().requiredString(Tags.SOPClassUID);
    try (ServiceProcess service = new ServiceProcess(folder.resolve("less"), Map.of()).start()) {
      Peers.need("storescu", "dcmtk");
      String port = String.valueOf(service.dicomPort());
      PythonReader.run(
          "dimse.py",
          "step",
          port,
          "1.2.3.9",
          study(),
          sopClass + "=" + chest().requiredString(Tags.SOPInstanceUID),
          sopClass + "=1.2.3.4.5.6");
      Peers.Run sent =
          Peers.run("storescu", "-xw", "-aec", "M2IB", "127.0.0.1", port, CHEST.toString());
      assertThat(sent.exit()).as(sent.output()).isZero();
      report(service);
      JsonNode done = service.awaitState(study(), "DELIVERED", PATIENCE);
      assertThat(done.get("reason").asText())
          .contains("1 of 2 objects that the modality or an archive announced did not come");
    }
  }

  private static Peers.Run scu(
      ServiceProcess service, String program, String model, String level, String... more)
      throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                program,
                "-v",
                model,
                "-aet",
                "STATION",
                "-aec",
                "M2IB",
                "127.0.0.1",
                String.valueOf(service.dicomPort()),
                "-k",
                "QueryRetrieveLevel=" + level,
                "-k",
                "StudyInstanceUID" + (program.equals("findscu") ? "" : "=" + study())));
    command.addAll(List.of(more));
    return Peers.run(command.toArray(String[]::new));
  }
}
