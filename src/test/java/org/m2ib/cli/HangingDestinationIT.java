package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.hl7.fhir.r4.model.Observation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.delivery.FakeFhirServer;
import org.m2ib.peers.Peers;
import org.m2ib.peers.ServiceProcess;

/** A destination that takes connections and never answers holds up no one but itself. */
class HangingDestinationIT {
  /** More than all threads that deliver. */
  private static final int CASES = 8;

  @TempDir Path folder;

  /** Takes connections, reads nothing. */
  private static final class Silent implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    final List<Socket> taken = new CopyOnWriteArrayList<>();

    Silent() throws IOException {
      Thread thread =
          new Thread(
              () -> {
                try {
                  while (true) {
                    taken.add(socket.accept());
                  }
                } catch (IOException e) {
                  // closed
                }
              });
      thread.setDaemon(true);
      thread.start();
    }

    String address() {
      return "127.0.0.1:" + socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      socket.close();
      for (Socket each : taken) {
        each.close();
      }
    }
  }

  @Test
  void anArchiveThatNeverAnswersKeepsNoCaseFromAttributionAndTheFhirServer() throws Exception {
    try (Silent archive = new Silent();
        FakeFhirServer fhir = new FakeFhirServer();
        ServiceProcess service =
            new ServiceProcess(
                    folder.resolve("data"),
                    Map.of(
                        "m2ib.archive", "SILENT@" + archive.address(), "m2ib.fhir.url", fhir.url()))
                .start()) {
      SmallStudies.send(service, folder, 1, CASES, "Heart normal.");
      Peers.await("the archive to be asked", Duration.ofMinutes(2), () -> !archive.taken.isEmpty());
      Peers.await(
          "every case's results at the FHIR server",
          Duration.ofMinutes(3),
          () ->
              fhir.resources.values().stream().filter(Observation.class::isInstance).count()
                  == CASES);
      for (JsonNode c : service.json("/api/cases").get("cases")) {
        assertThat(c.get("state").asText()).isEqualTo("DELIVERING");
      }
      assertThat(service.end(Duration.ofSeconds(20))).as("SIGTERM ends it").isTrue();
    }
  }

  @Test
  void aFhirServerThatNeverAnswersDoesNotKeepTheServiceFromItsEnd() throws Exception {
    try (Silent fhir = new Silent();
        ServiceProcess service =
            new ServiceProcess(
                    folder.resolve("data"),
                    Map.of(
                        "m2ib.fhir.url",
                        "http://" + fhir.address() + "/fhir",
                        "m2ib.fhir.timeout",
                        "10m"))
                .start()) {
      SmallStudies.send(service, folder, 1, CASES, "Heart normal.");
      Peers.await("the server to be asked", Duration.ofMinutes(2), () -> !fhir.taken.isEmpty());
      Peers.await(
          "all to be attributed",
          Duration.ofMinutes(3),
          () -> service.json("/api/cases?state=DELIVERING").get("cases").size() == CASES);
      assertThat(service.end(Duration.ofSeconds(20))).as("SIGTERM ends it").isTrue();
    }
  }
}
