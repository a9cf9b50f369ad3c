package org.m2ib.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.m2ib.base.tls.TestKeys;
import org.m2ib.base.tls.Tls;
import org.m2ib.base.tls.TlsServer;
import org.m2ib.peers.Peers;

/** {@code /api/doctor} where much is wrong. */
@QuarkusTest
@TestProfile(DoctorResourceTest.Ill.class)
class DoctorResourceTest {
  private static final String SECRET = "not-to-be-seen";

  @TestHTTPResource("/api/doctor")
  URI doctor;

  /** A DICOMweb archive that does not listen unless a test says so. */
  @ConfigProperty(name = "m2ib.stow.url")
  URI archive;

  /** A FHIR server that does not listen unless a test says so. */
  @ConfigProperty(name = "m2ib.fhir.url")
  URI fhir;

  /** Nobody answers, and our own certificate has expired. */
  public static final class Ill extends ServiceProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
      settings.put("m2ib.stow.url", "http://127.0.0.1:" + Peers.freePort() + "/dicom-web");
      settings.put("m2ib.stow.token", SECRET);
      settings.put("m2ib.archive", "NOBODY@127.0.0.1:1,SECURED@127.0.0.1:1+tls=hospital,NONSENSE");
      settings.put("m2ib.fhir.url", "https://localhost:" + Peers.freePort() + "/fhir");
      settings.put("m2ib.fhir.token", SECRET);
      settings.put("m2ib.dicom.port", "1");
      settings.put("m2ib.hl7.tls-configuration-name", "hospital");
      String tls = "quarkus.tls.hospital.";
      settings.put(tls + "key-store.pem.0.key", TestKeys.file("expired-server.key").toString());
      settings.put(tls + "key-store.pem.0.cert", TestKeys.file("expired-server.pem").toString());
      settings.put(tls + "trust-store.pem.certs", TestKeys.file("ca.pem").toString());
      return settings;
    }
  }

  private HttpResponse<String> get(String authorization) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(doctor).header("Authorization", authorization).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void itNamesWhatFailedAndWhatToDo() throws Exception {
    HttpResponse<String> answer = get(ServiceProfile.BASIC);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).doesNotContain(SECRET, ServiceProfile.PASSWORD);
    JsonNode report = new ObjectMapper().readTree(answer.body());
    assertThat(report.get("status").asText()).isEqualTo("failed");
    assertThat(check(report, "archive NOBODY@127.0.0.1:1"))
        .startsWith("failed")
        .contains("no connection", "Compare host and port");
    assertThat(check(report, "archive SECURED@127.0.0.1:1+tls=hospital")).startsWith("failed");
    assertThat(check(report, "archive NONSENSE")).contains("Correct m2ib.archive");
    assertThat(check(report, "archive stow:" + archive))
        .startsWith("failed")
        .contains("refuses connections", "Compare its URL");
    assertThat(check(report, "fhir")).startsWith("failed").contains("m2ib.fhir.url");
    assertThat(check(report, "tls hospital")).startsWith("failed").contains("expired", "Renew");
    assertThat(check(report, "m2ib.dicom.port 1")).startsWith("failed");
    assertThat(check(report, "database")).startsWith("ok").contains("H2");
    assertThat(check(report, "decoders")).startsWith("ok").contains("images decoded as expected");
    assertThat(check(report, "model default")).startsWith("warning").contains("loads");
    assertThat(answer.body()).contains("\"name\":\"disk ");
  }

  private static String check(JsonNode report, String name) {
    for (JsonNode check : report.get("checks")) {
      if (check.get("name").asText().equals(name)) {
        return check.get("status").asText()
            + " "
            + check.get("found").asText()
            + " "
            + check.get("advice").asText();
      }
    }
    throw new AssertionError(name + " is not in " + report);
  }

  private String webArchive(int status) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", archive.getPort()), 5);
    server.createContext(
        "/",
        exchange -> {
          byte[] nothing = "[]".getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/dicom+json");
          exchange.sendResponseHeaders(status, nothing.length);
          exchange.getResponseBody().write(nothing);
          exchange.close();
        });
    server.start();
    try {
      String report = get(ServiceProfile.BASIC).body();
      assertThat(report).doesNotContain(SECRET);
      return check(new ObjectMapper().readTree(report), "archive stow:" + archive);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aDicomWebArchiveIsSearched() throws Exception {
    assertThat(webArchive(200)).startsWith("ok answers a search (QIDO-RS); not tried: storing");
    assertThat(webArchive(403)).startsWith("failed").contains("HTTP 403", "Correct its token");
    assertThat(webArchive(404)).startsWith("failed").contains("HTTP 404", "Compare its URL");
  }

  @Test
  void aServerWhoseCertificateIsNotTrustedIsNoMatterOfAFirewall() throws Exception {
    InetAddress here = InetAddress.getByName("127.0.0.1");
    try (ServerSocket socket = new ServerSocket(fhir.getPort(), 5, here)) {
      Thread server = new Thread(() -> shakeHands(socket));
      server.start();
      JsonNode report = new ObjectMapper().readTree(get(ServiceProfile.BASIC).body());
      assertThat(check(report, "fhir"))
          .startsWith("failed")
          .contains("TLS", "trust store of the TLS configuration")
          .doesNotContain("firewall");
    }
  }

  private static void shakeHands(ServerSocket socket) {
    TlsServer stranger = new TlsServer(() -> TestKeys.of("stranger"), Tls.ClientAuth.NONE);
    while (!socket.isClosed()) {
      try (SSLSocket one = stranger.accept(socket.accept())) {
        one.startHandshake();
      } catch (IOException e) {
        // the client ends it
      }
    }
  }

  @Test
  void itIsForTheAdministratorOnly() throws Exception {
    assertThat(get("Basic " + SECRET).statusCode()).isEqualTo(401);
  }
}
