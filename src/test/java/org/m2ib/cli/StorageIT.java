package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreOutcome;
import org.m2ib.dicom.StoreScu;
import org.m2ib.dicom.Tags;
import org.m2ib.peers.Peers;
import org.m2ib.peers.ServiceProcess;

/** An acknowledgement stays true when the database or the process fails afterwards. */
class StorageIT {
  private static final Path SMALL =
      Path.of("src/test/resources/dicom/SC_ybr_full_422_uncompressed.dcm");
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int IMAGES = 8;
  private static final int REPORTS = 120;
  private static final int JUDGEMENTS = 100;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void aDatabaseThatIsDownIsSaidInEveryProtocolAndNothingIsLostWhenItIsBack() throws Exception {
    int port = Peers.freePort();
    Path files = folder.resolve("postgres");
    Map<String, String> settings =
        Map.of(
            "quarkus.datasource.jdbc.url",
            "jdbc:postgresql://127.0.0.1:" + port + "/postgres",
            "quarkus.datasource.username",
            "postgres",
            "quarkus.datasource.password",
            "postgres");
    EmbeddedPostgres postgres = postgres(port, files);
    try (ServiceProcess service = new ServiceProcess(folder.resolve("data"), settings).start()) {
      assertThat(send(service, image(1)).stored()).isTrue();
      postgres.close();

      assertThat(send(service, image(2)).status()).isEqualTo(0xA700);
      assertThat(service.post("/api/reports", report()).statusCode()).isEqualTo(503);
      assertThat(hl7(service)).contains("MSA|AE|");
      assertThat(service.get("/q/health/group/intake").statusCode()).isEqualTo(503);

      postgres = postgres(port, files);
      Peers.await("the database to be back", PATIENCE, () -> send(service, image(2)).stored());
      assertThat(service.post("/api/reports", report()).statusCode()).isEqualTo(202);
      assertThat(service.awaitState(study(), "DELIVERED", PATIENCE).get("sentences")).hasSize(2);
    } finally {
      postgres.close();
    }
  }

  @Test
  void killedInTheMidstOfReceivingNothingThatWasAcknowledgedIsLostAndNothingIsTwice()
      throws Exception {
    List<Path> files = new ArrayList<>();
    for (int i = 1; i <= IMAGES; i++) {
      files.add(image(i));
    }
    try (ServiceProcess service = new ServiceProcess(folder.resolve("data"), Map.of()).start()) {
      RemoteAe us = new RemoteAe("M2IB", "127.0.0.1", service.dicomPort());
      StoreScu scu = new StoreScu(StoreScu.Settings.of("TEST"));
      CompletableFuture<List<StoreOutcome>> sending =
          CompletableFuture.supplyAsync(() -> scu.store(us, files));
      Peers.await(
          "the first object", PATIENCE, () -> service.log().contains("object received, blob"));
      service.kill();
      try {
        sending.get(1, TimeUnit.MINUTES);
      } catch (ExecutionException e) {
        assertThat(e).hasMessageContaining("M2IB"); // the association was lost: send all again
      }
      service.start();
      assertThat(scu.store(us, files)).allMatch(StoreOutcome::stored);
      assertThat(service.post("/api/reports", report()).statusCode()).isEqualTo(202);

      assertThat(service.awaitState(study(), "DELIVERED", PATIENCE).get("sentences"))
          .hasSize(IMAGES);
    }
  }

  @Test
  void killedInTheMidstOfPairingAndOfAnExportEveryReportHasItsCaseAndItsLineOnce()
      throws Exception {
    String export = "";
    try (ServiceProcess service = new ServiceProcess(folder.resolve("data"), Map.of()).start()) {
      for (int sent = 0; sent < REPORTS; sent++) {
        assertThat(
                service
                    .post("/fhir/DiagnosticReport", report(sent), "application/fhir+json")
                    .statusCode())
            .isEqualTo(201);
        if (sent == REPORTS - 1) {
          export = begunExport(service);
        }
        if (sent % 40 == 39) {
          service.kill(); // pairing runs every second: some are paired, some are not
          service.start();
        }
      }
      Peers.await(
          "all to be paired",
          PATIENCE,
          () ->
              service.json("/api/cases?accessionNumber=A" + (REPORTS - 1)).get("cases").size()
                  == 1);
      for (int i = 0; i < REPORTS; i++) {
        assertThat(service.json("/api/cases?accessionNumber=A" + i).get("cases")).hasSize(1);
      }
      String status = export;
      Peers.await("the export", PATIENCE, () -> service.get(status).statusCode() == 200);
      List<String> lines =
          new String(
                  service.get(status + "/DiagnosticReport.ndjson").body(), StandardCharsets.UTF_8)
              .lines()
              .toList();
      assertThat(service.json(status).get("output").get(0).get("count").asInt()).isEqualTo(REPORTS);
      Set<String> exported = new HashSet<>();
      for (String line : lines) {
        exported.add(JSON.readTree(line).at("/identifier/0/value").asText());
      }
      assertThat(lines).hasSize(REPORTS);
      assertThat(exported).hasSize(REPORTS);
    }
  }

  @Test
  void killedWhileJudgementsAreSavedNoneThatWasConfirmedIsLostAndSentAgainNoneIsTwice()
      throws Exception {
    try (ServiceProcess service = new ServiceProcess(folder.resolve("data"), Map.of()).start()) {
      assertThat(send(service, image(1))).matches(StoreOutcome::stored);
      assertThat(service.post("/api/reports", report()).statusCode()).isEqualTo(202);
      JsonNode found = service.awaitState(study(), "DELIVERED", PATIENCE);
      String path = found.at("/sentences/0/links/judgements").asText();
      List<UUID> ids = Stream.generate(UUID::randomUUID).limit(JUDGEMENTS).toList();
      Queue<UUID> confirmed = new ConcurrentLinkedQueue<>();
      CompletableFuture<Void> sending =
          CompletableFuture.runAsync(
              () -> {
                try {
                  for (UUID id : ids) {
                    assertThat(judged(service, path, id)).isEqualTo(201);
                    confirmed.add(id);
                  }
                } catch (IOException | InterruptedException e) {
                  // the connection was lost: send all again
                }
              });
      Peers.await("the first ones", PATIENCE, () -> confirmed.size() >= JUDGEMENTS / 5);
      service.kill();
      sending.get(1, TimeUnit.MINUTES);
      service.start();

      assertThat(judgements(service, found)).doesNotHaveDuplicates().containsAll(confirmed);
      for (UUID id : ids) {
        assertThat(judged(service, path, id)).isLessThan(300);
      }
      assertThat(judgements(service, found)).containsExactlyInAnyOrderElementsOf(ids);
    }
  }

  private static int judged(ServiceProcess service, String path, UUID id)
      throws IOException, InterruptedException {
    String body = "{\"id\": \"%s\", \"answers\": {\"finding\": \"no\"}}".formatted(id);
    return service.post(path, body).statusCode();
  }

  private static List<UUID> judgements(ServiceProcess service, JsonNode found) throws Exception {
    return service
        .json("/api/cases/" + found.get("id").asText())
        .get("sentences")
        .get(0)
        .get("judgements")
        .findValuesAsText("id")
        .stream()
        .map(UUID::fromString)
        .toList();
  }

  private static String report(int number) {
    return """
        {"resourceType":"DiagnosticReport","status":"final","code":{"text":"Chest"},
         "identifier":[{"type":{"coding":[{"code":"ACSN"}]},"value":"A%d"}],"conclusion":"Clear."}
        """
        .formatted(number);
  }

  /** Asks for an export, waits until something is in its files, and returns its path. */
  private String begunExport(ServiceProcess service) throws Exception {
    HttpResponse<byte[]> begun = service.get("/fhir/$export", "Prefer", "respond-async");
    assertThat(begun.statusCode()).isEqualTo(202);
    Path files = folder.resolve("data/exports");
    Peers.await(
        "the first page",
        PATIENCE,
        () -> {
          if (!Files.isDirectory(files)) {
            return false;
          }
          try (Stream<Path> all = Files.walk(files)) {
            return all.anyMatch(file -> file.toString().endsWith(".ndjson"));
          }
        });
    return URI.create(begun.headers().firstValue("Content-Location").orElseThrow()).getPath();
  }

  private static EmbeddedPostgres postgres(int port, Path files) throws IOException {
    return EmbeddedPostgres.builder()
        .setPort(port)
        .setDataDirectory(files)
        .setCleanDataDirectory(false)
        .start();
  }

  /** One of several images of a study. */
  private Path image(int number) throws IOException {
    Path file = folder.resolve("image-" + number + ".dcm");
    if (!Files.exists(file)) {
      DicomObject image = DicomObject.read(SMALL);
      image.set(Tags.SOPInstanceUID, image.string(Tags.SOPInstanceUID) + "." + number);
      try (OutputStream out = Files.newOutputStream(file)) {
        image.write(out);
      }
    }
    return file;
  }

  private static StoreOutcome send(ServiceProcess service, Path file) {
    RemoteAe us = new RemoteAe("M2IB", "127.0.0.1", service.dicomPort());
    return new StoreScu(StoreScu.Settings.of("TEST")).store(us, List.of(file)).get(0);
  }

  private static String report() throws IOException {
    return "{\"studyInstanceUid\": \"%s\", \"text\": \"FINDINGS: Clear lungs.\"}"
        .formatted(study());
  }

  private static String study() throws IOException {
    return DicomObject.read(SMALL, header -> false).requiredString(Tags.StudyInstanceUID);
  }

  private static String hl7(ServiceProcess service) throws IOException {
    String message = Files.readString(Path.of("samples/report.hl7"));
    try (var socket = new java.net.Socket("127.0.0.1", service.hl7Port())) {
      socket.setSoTimeout(60_000);
      socket
          .getOutputStream()
          .write(("\u000b" + message + "\u001c\r").getBytes(StandardCharsets.UTF_8));
      byte[] answer = new byte[4096];
      int n = socket.getInputStream().read(answer);
      return new String(answer, 0, n, StandardCharsets.UTF_8);
    }
  }
}
