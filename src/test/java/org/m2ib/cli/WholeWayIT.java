package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
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
import org.m2ib.peers.ServiceProcess;

/** The packaged service between a real PACS and a sender of reports. */
class WholeWayIT {
  private static final Path CHEST = Path.of("samples/chest.dcm");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path folder;

  @Test
  void aPacsGetsCapturesThatTheStandardsCheckerAcceptsUnderTheSameStudy() throws Exception {
    Peers.need("dciodvfy", "dicom3tools");
    int archivePort = Peers.freePort();
    Map<String, String> settings = Map.of("m2ib.archive", "ORTHANC@127.0.0.1:" + archivePort);
    try (ServiceProcess service = new ServiceProcess(folder.resolve("data"), settings).start();
        Orthanc orthanc =
            Orthanc.start(
                Files.createDirectories(folder.resolve("orthanc")),
                "M2IB",
                service.dicomPort(),
                archivePort)) {
      orthanc.sendToM2ib(orthanc.upload(CHEST));
      sendReport(service);
      JsonNode done = service.awaitState(study(), "DELIVERED", PATIENCE);

      assertThat(done.get("sentences")).hasSize(5);
      List<String> instances = orthanc.instancesOf(study());
      assertThat(instances).hasSize(1 + 5);
      for (String instance : instances) {
        Path file = folder.resolve(instance + ".dcm");
        Files.write(file, orthanc.bytes("/instances/" + instance + "/file"));
        DicomObject object = DicomObject.read(file, header -> false);
        if (object.string(Tags.SeriesDescription, "").equals("M2IB attribution")) {
          assertThat(Peers.run("dciodvfy", file.toString()).output()).doesNotContain("Error");
          assertThat(object.string(Tags.BurnedInAnnotation)).isEqualTo("YES");
          assertThat(object.string(Tags.DerivationDescription)).contains("Not for diagnostic use.");
        }
      }
      assertThat(service.log())
          .contains("\"case\":\"" + done.get("id").asText() + "\"")
          .doesNotContain("effusion")
          .doesNotContain("9RG1");
      awaitReady(service, 200);
      String health =
          new String(service.get("/q/health").body(), StandardCharsets.UTF_8).replace(" ", "");
      assertThat(health).contains("\"configured\":1", "\"answering\":1");
      assertThat(health).doesNotContain("127.0.0.1", "localhost", "ORTHANC", "jdbc");
      assertThat(new String(service.get("/q/metrics").body(), StandardCharsets.UTF_8))
          .contains("m2ib_cases{state=\"DELIVERED\"} 1.0")
          .contains("m2ib_outbox{status=\"DELIVERED\"} 1.0")
          .contains("m2ib_step_seconds_count{step=\"attribution\"}")
          .contains("m2ib_step_seconds_count{step=\"delivery\"}");
      orthanc.close();
      awaitReady(service, 503);
      assertThat(service.get("/q/health/group/intake").statusCode()).isEqualTo(200);
      assertThat(anonymous(service, "/fhir/metadata")).isEqualTo(200);
      for (String closed :
          List.of(
              "/fhir/Observation", "/fhir/metadata/../Observation", "/api/cases", "/q/metrics")) {
        assertThat(anonymous(service, closed)).as(closed).isEqualTo(401);
      }
    }
  }

  /** Orthanc does not hide what a note rejects; it is told, and shows the note. */
  @Test
  void aWithdrawnReportsCapturesAreRejectedInThePacs() throws Exception {
    Peers.need("dsrdump", "dcmtk");
    int archivePort = Peers.freePort();
    Map<String, String> settings = Map.of("m2ib.archive", "ORTHANC@127.0.0.1:" + archivePort);
    try (ServiceProcess service = new ServiceProcess(folder.resolve("data"), settings).start();
        Orthanc orthanc =
            Orthanc.start(
                Files.createDirectories(folder.resolve("orthanc")),
                "M2IB",
                service.dicomPort(),
                archivePort)) {
      send(service);
      report(service, "final", "FINDINGS: Clear lungs. Heart enlarged.");
      service.awaitState(study(), "DELIVERED", PATIENCE);
      assertThat(orthanc.instancesOf(study())).hasSize(2);
      report(service, "cancelled", "FINDINGS: Clear lungs. Heart enlarged.");
      service.awaitState(study(), "CANCELLED", PATIENCE);

      List<DicomObject> stored = new ArrayList<>();
      for (String instance : orthanc.instancesOf(study())) {
        Path file = folder.resolve(instance + ".dcm");
        Files.write(file, orthanc.bytes("/instances/" + instance + "/file"));
        stored.add(DicomObject.read(file, header -> false));
        if (stored.get(stored.size() - 1).string(Tags.Modality).equals("KO")) {
          assertThat(Peers.run("dsrdump", file.toString()).output())
              .contains("Rejected for Quality Reasons");
        }
      }
      assertThat(stored)
          .extracting(object -> object.string(Tags.Modality))
          .containsExactlyInAnyOrder("OT", "OT", "KO");
      DicomObject note =
          stored.stream().filter(o -> o.string(Tags.Modality).equals("KO")).findFirst().get();
      assertThat(
              note.sequence(Tags.CurrentRequestedProcedureEvidenceSequence)
                  .get(0)
                  .sequence(Tags.ReferencedSeriesSequence)
                  .get(0)
                  .sequence(Tags.ReferencedSOPSequence))
          .extracting(item -> item.string(Tags.ReferencedSOPInstanceUID))
          .containsExactlyInAnyOrderElementsOf(
              stored.stream()
                  .filter(o -> o != note)
                  .map(o -> o.string(Tags.SOPInstanceUID))
                  .toList());

      report(service, "amended", "FINDINGS: Clear lungs.");
      service.awaitState(study(), "DELIVERED", PATIENCE);
      assertThat(orthanc.instancesOf(study()))
          .as("the sentence that holds again is a new object")
          .hasSize(2 + 1 + 1);
    }
  }

  @Test
  void everyKindOfObjectReachesThePacsAndIsNotAttributedWhenItComesBack() throws Exception {
    Peers.need("dciodvfy", "dicom3tools");
    int archivePort = Peers.freePort();
    Map<String, String> settings =
        Map.of(
            "m2ib.archive",
            "ORTHANC@127.0.0.1:" + archivePort,
            "m2ib.delivery.objects",
            "secondary-capture,parametric-map,segmentation,presentation-state,structured-report,"
                + "key-object-selection,encapsulated-pdf");
    try (ServiceProcess service = new ServiceProcess(folder.resolve("data"), settings).start();
        Orthanc orthanc =
            Orthanc.start(
                Files.createDirectories(folder.resolve("orthanc")),
                "M2IB",
                service.dicomPort(),
                archivePort)) {
      send(service);
      report(service, "final", "FINDINGS: Left pleural effusion.");
      JsonNode done = service.awaitState(study(), "DELIVERED", PATIENCE);
      List<String> instances = orthanc.instancesOf(study());
      List<String> kinds = new ArrayList<>();
      for (String instance : instances) {
        Path file = folder.resolve(instance + ".dcm");
        Files.write(file, orthanc.bytes("/instances/" + instance + "/file"));
        kinds.add(DicomObject.read(file, header -> false).string(Tags.SOPClassUID));
        assertThat(Peers.run("dciodvfy", file.toString()).output().lines())
            .noneMatch(line -> line.startsWith("Error"));
      }
      assertThat(kinds)
          .contains(
              "1.2.840.10008.5.1.4.1.1.7",
              "1.2.840.10008.5.1.4.1.1.30",
              "1.2.840.10008.5.1.4.1.1.66.4",
              "1.2.840.10008.5.1.4.1.1.11.1",
              "1.2.840.10008.5.1.4.1.1.88.34",
              "1.2.840.10008.5.1.4.1.1.104.1");
      for (String instance : instances) {
        orthanc.sendToM2ib(instance);
      }
      Peers.await(
          "the case to be delivered again",
          PATIENCE,
          () ->
              service
                  .awaitState(study(), "DELIVERED", PATIENCE)
                  .get("reason")
                  .asText()
                  .contains("it is itself an attribution"));
      JsonNode again = service.awaitState(study(), "DELIVERED", PATIENCE);
      assertThat(again.get("sentences")).hasSize(done.get("sentences").size());
      assertThat(orthanc.instancesOf(study())).containsExactlyInAnyOrderElementsOf(instances);
    }
  }

  private static void report(ServiceProcess service, String status, String text) throws Exception {
    String report =
        "{\"studyInstanceUid\": \"%s\", \"reportId\": \"R1\", \"status\": \"%s\", \"text\": \"%s\"}";
    assertThat(service.post("/api/reports", report.formatted(study(), status, text)).statusCode())
        .isEqualTo(202);
  }

  private static void awaitReady(ServiceProcess service, int status) {
    Peers.await(
        "readiness " + status,
        PATIENCE,
        () -> service.get("/q/health/ready").statusCode() == status);
  }

  @Test
  void askedForFramesThePacsGetsOneCaptureOfAllSentences() throws Exception {
    Peers.need("dciodvfy", "dicom3tools");
    int archivePort = Peers.freePort();
    Map<String, String> settings =
        Map.of(
            "m2ib.archive", "ORTHANC@127.0.0.1:" + archivePort, "m2ib.results.multi-frame", "true");
    try (ServiceProcess service = new ServiceProcess(folder.resolve("data"), settings).start();
        Orthanc orthanc =
            Orthanc.start(
                Files.createDirectories(folder.resolve("orthanc")),
                "M2IB",
                service.dicomPort(),
                archivePort)) {
      send(service);
      sendReport(service);
      JsonNode done = service.awaitState(study(), "DELIVERED", PATIENCE);

      List<String> instances = orthanc.instancesOf(study());
      assertThat(instances).hasSize(1);
      Path file = folder.resolve("frames.dcm");
      Files.write(file, orthanc.bytes("/instances/" + instances.get(0) + "/file"));
      DicomObject object = DicomObject.read(file, header -> false);
      assertThat(object.string(Tags.SOPClassUID)).isEqualTo("1.2.840.10008.5.1.4.1.1.7.4");
      assertThat(object.string(Tags.NumberOfFrames)).isEqualTo("5");
      assertThat(Peers.run("dciodvfy", file.toString()).output()).doesNotContain("Error");
      JsonNode capture = done.get("sentences").get(4).get("capture");
      assertThat(capture.get("sopInstanceUid").asText())
          .isEqualTo(object.string(Tags.SOPInstanceUID));
      assertThat(capture.get("frame").asInt()).isEqualTo(5);
    }
  }

  @Test
  void killedAtAnyMomentTheServiceEndsTheCaseWithItsResultsOnce() throws Exception {
    try (ServiceProcess service = new ServiceProcess(folder.resolve("data"), Map.of()).start()) {
      sendReport(service);
      service.kill();
      service.start();
      send(service);
      service.kill(); // received
      service.start();
      Peers.await(
          "the first map",
          PATIENCE,
          () -> {
            JsonNode cases = service.cases(study());
            String id = cases.get(0).get("id").asText();
            return service.json("/api/cases/" + id).get("sentences").size() > 0;
          });
      service.kill(); // in the midst of attribution, or just after it
      service.start();
      JsonNode done = service.awaitState(study(), "DELIVERED", PATIENCE);

      assertThat(done.get("sentences")).hasSize(5);
    }
  }

  @Test
  void killedWhileItsArchiveIsDownTheServiceDeliversOnceTheArchiveIsBack() throws Exception {
    int archivePort = Peers.freePort();
    Map<String, String> settings =
        Map.of(
            "m2ib.archive",
            "ORTHANC@127.0.0.1:" + archivePort,
            "m2ib.delivery.longest-pause",
            "5s");
    try (ServiceProcess service = new ServiceProcess(folder.resolve("data"), settings).start()) {
      send(service);
      sendReport(service);
      service.awaitState(study(), "DELIVERING", PATIENCE);
      service.kill();
      try (Orthanc orthanc =
          Orthanc.start(
              Files.createDirectories(folder.resolve("orthanc")),
              "M2IB",
              service.dicomPort(),
              archivePort)) {
        service.start();
        service.awaitState(study(), "DELIVERED", PATIENCE);

        assertThat(orthanc.instancesOf(study())).hasSize(5);
      }
    }
  }

  @Test
  void echoscuIsAnsweredAndAWrongCalledAeTitleIsRefused() throws Exception {
    Peers.need("echoscu", "dcmtk");
    try (ServiceProcess service = new ServiceProcess(folder.resolve("data"), Map.of()).start()) {
      String port = String.valueOf(service.dicomPort());
      assertThat(Peers.run("echoscu", "-aec", "M2IB", "127.0.0.1", port).exit()).isZero();
      Peers.Run refused = Peers.run("echoscu", "-aec", "OTHER", "127.0.0.1", port);
      assertThat(refused.exit()).isNotZero();
      assertThat(refused.output()).contains("Called AE Title Not Recognized");
    }
  }

  @Test
  void aReportOfAnotherPatientStopsTheCase() throws Exception {
    try (ServiceProcess service = new ServiceProcess(folder.resolve("data"), Map.of()).start()) {
      send(service);
      String report =
          "{\"studyInstanceUid\": \"%s\", \"patientId\": \"SOMEONE-ELSE\", \"text\": \"FINDINGS: Clear.\"}";
      assertThat(service.post("/api/reports", report.formatted(study())).statusCode())
          .isEqualTo(202);
      JsonNode stopped = service.awaitState(study(), "MISMATCHED", PATIENCE);

      assertThat(stopped.get("reason").asText()).contains("patient identifiers differ");
      assertThat(stopped.get("sentences")).isEmpty();
    }
  }

  private static int anonymous(ServiceProcess service, String path) throws Exception {
    URI uri = URI.create(service.url() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private static void send(ServiceProcess service) throws Exception {
    Peers.need("storescu", "dcmtk");
    Peers.Run sent =
        Peers.run(
            "storescu",
            "-xw",
            "-aec",
            "M2IB",
            "127.0.0.1",
            String.valueOf(service.dicomPort()),
            CHEST.toString());
    assertThat(sent.exit()).as(sent.output()).isZero();
  }

  private static void sendReport(ServiceProcess service) throws Exception {
    String message = Files.readString(Path.of("samples/report.hl7"));
    try (var socket = new java.net.Socket("127.0.0.1", service.hl7Port())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(("\u000b" + message + "\u001c\r").getBytes(StandardCharsets.UTF_8));
      byte[] answer = new byte[4096];
      int n = socket.getInputStream().read(answer);
      assertThat(new String(answer, 0, n, StandardCharsets.UTF_8)).contains("MSA|AA|");
    }
  }

  private static String study() throws Exception {
    return DicomObject.read(CHEST, header -> false).requiredString(Tags.StudyInstanceUID);
  }
}
