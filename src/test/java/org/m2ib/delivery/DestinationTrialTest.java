package org.m2ib.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLSocket;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.CapabilityStatement.SystemRestfulInteraction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.base.tls.TestKeys;
import org.m2ib.base.tls.Tls;
import org.m2ib.base.tls.TlsServer;
import org.m2ib.delivery.DestinationTrial.Outcome;
import org.m2ib.delivery.DestinationTrial.Tried;
import org.m2ib.dicom.LoopbackScp;
import org.m2ib.dicom.StoreScp;
import org.m2ib.dicom.StoreScu;

/** Each kind of destination, answering and failing in each way. */
@Timeout(60)
class DestinationTrialTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(400);

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private static DestinationTrial trial(Duration limit, String fhir, String keys) {
    return new DestinationTrial(
        new StoreScu(new StoreScu.Settings("M2IB", limit, limit), name -> TestKeys.of(keys)),
        new MllpClient(limit, name -> TestKeys.of(keys)),
        address ->
            address.endsWith("/gone")
                ? Optional.empty()
                : Optional.of(
                    new StowArchive(
                        new StowArchive.Settings(
                            "m2ib.stow.url",
                            address.substring("stow:".length()),
                            HttpAuthorization.bearer("not-to-be-seen"),
                            limit,
                            Optional.of(() -> TestKeys.of(keys))))),
        () ->
            Optional.ofNullable(fhir)
                .map(
                    url ->
                        FhirServer.connect(
                            new FhirServer.Settings(
                                url,
                                HttpAuthorization.bearer("not-to-be-seen"),
                                FhirRelease.R4,
                                limit,
                                false,
                                Optional.of(() -> TestKeys.of(keys))))),
        limit);
  }

  private static Tried tried(String address) {
    return trial(LONG, address.startsWith("http") ? address : null, "client").of(address);
  }

  private String archive(Optional<TlsServer> tls) throws IOException {
    StoreScp.Settings plain = LoopbackScp.settings("ARCHIVE");
    StoreScp scp =
        StoreScp.start(
            new StoreScp.Settings(
                plain.aeTitles(), "127.0.0.1", 0, Set.of(), Set.of(), 1 << 16, 10, LONG, tls),
            object -> {});
    open.add(scp);
    return "@127.0.0.1:" + scp.port();
  }

  /** Accepts connections, and says nothing. */
  private int silent() throws IOException {
    ServerSocket socket = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
    open.add(socket);
    return socket.getLocalPort();
  }

  private static int closed() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static TlsServer tls(String keys) {
    return new TlsServer(() -> TestKeys.of(keys), Tls.ClientAuth.REQUIRED);
  }

  private String fhir(int status, String type, String body) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
    server.createContext(
        "/fhir",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", type);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    open.add(() -> server.stop(0));
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/fhir";
  }

  private static String capabilities(boolean validates) {
    CapabilityStatement statement = new CapabilityStatement();
    var rest = statement.addRest();
    rest.addInteraction().setCode(SystemRestfulInteraction.TRANSACTION);
    for (String type : List.of("Observation", "Device", "Provenance", "ImagingStudy")) {
      rest.addResource().setType(type).setConditionalUpdate(true);
    }
    if (validates) {
      rest.addOperation().setName("validate");
    }
    return FakeFhirServer.R4.newJsonParser().encodeResourceToString(statement);
  }

  private static void assertFailed(Tried tried, Outcome outcome, String found) {
    assertThat(tried.outcome()).as("%s", tried).isEqualTo(outcome);
    assertThat(tried.found()).contains(found).doesNotContain("not-to-be-seen");
    assertThat(tried.milliseconds()).isNotNegative();
    DeliveryReason reason = DeliveryReason.of(tried.found());
    assertThat(reason.code()).as("pages have words for: %s", tried.found()).isNotEmpty();
    assertThat(reason.values().get(0)).doesNotContain(" ");
  }

  @Test
  void anArchiveThatAnswersWorks() throws IOException {
    Tried tried = tried("ARCHIVE" + archive(Optional.empty()));
    assertThat(tried.outcome()).as("%s", tried).isEqualTo(Outcome.WORKS);
    assertThat(tried.tried()).isEqualTo("C-ECHO");
    assertThat(tried.found()).isEmpty();
  }

  @Test
  void anArchiveOfAnotherTitleRefuses() throws IOException {
    assertFailed(tried("OTHER" + archive(Optional.empty())), Outcome.REFUSED, "called AE title");
  }

  @Test
  void anArchiveWithTlsWorksWithOurCertificate() throws IOException {
    assertThat(tried("ARCHIVE" + archive(Optional.of(tls("server"))) + "+tls").outcome())
        .isEqualTo(Outcome.WORKS);
  }

  @ParameterizedTest
  @CsvSource({"client, stranger", "client, expired-alone", "stranger, server"})
  void aHandshakeThatFailsIsOfTheCertificate(String ours, String theirs) throws IOException {
    String address = "ARCHIVE" + archive(Optional.of(tls(theirs))) + "+tls";
    assertThat(trial(LONG, null, ours).of(address).outcome()).isEqualTo(Outcome.CERTIFICATE);
  }

  /** In TLS 1.3 our side of the handshake is over before a server refuses our certificate. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aConnectionThatEndsAfterTheHandshakeIsOfTheCertificateToo(boolean reset) throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
      CompletableFuture<Void> served =
          CompletableFuture.runAsync(
              () -> {
                try (Socket tcp = listening.accept()) {
                  SSLSocket tls = TestKeys.of("server").accept(tcp, Tls.ClientAuth.REQUIRED);
                  Tls.handshake(tls);
                  tls.getInputStream().read(); // the association request
                  tcp.setSoLinger(reset, 0);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      assertFailed(
          tried("ARCHIVE@127.0.0.1:" + listening.getLocalPort() + "+tls"),
          Outcome.CERTIFICATE,
          "perhaps it refuses our certificate");
      served.get();
    }
  }

  @Test
  void whereNothingListensIsNotReachable() throws IOException {
    int port = closed();
    assertFailed(tried("A@127.0.0.1:" + port), Outcome.NOT_REACHABLE, "no connection");
    assertFailed(tried("mllp://127.0.0.1:" + port), Outcome.NOT_REACHABLE, "refuses connections");
    assertFailed(tried("http://127.0.0.1:" + port + "/fhir"), Outcome.NOT_REACHABLE, "refuses");
  }

  @Test
  void anUnknownNameIsNotReachable() {
    assertFailed(tried("A@nowhere.invalid:104"), Outcome.NOT_REACHABLE, "host name is unknown");
    assertFailed(tried("mllp://nowhere.invalid:1"), Outcome.NOT_REACHABLE, "host name is unknown");
    assertFailed(tried("http://nowhere.invalid/fhir"), Outcome.NOT_REACHABLE, "unknown");
  }

  @Test
  void whoSaysNothingGivesNoAnswer() throws IOException {
    String at = "127.0.0.1:" + silent();
    assertThat(trial(SHORT, null, "client").of("A@" + at).outcome()).isEqualTo(Outcome.NO_ANSWER);
    assertThat(trial(SHORT, null, "client").of("mllp://" + at + "+tls").outcome())
        .isEqualTo(Outcome.NO_ANSWER);
    String url = "http://" + at + "/fhir";
    assertThat(trial(SHORT, url, "client").of(url).outcome()).isEqualTo(Outcome.NO_ANSWER);
  }

  @Test
  void aReceiverIsConnectedToAndGetsNoMessage() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
      Tried tried = tried("mllp://127.0.0.1:" + socket.getLocalPort());
      assertThat(tried.outcome()).isEqualTo(Outcome.WORKS);
      assertThat(tried.tried()).contains("no message");
      try (var accepted = socket.accept()) {
        assertThat(accepted.getInputStream().read()).as("nothing was sent").isEqualTo(-1);
      }
    }
  }

  @Test
  void aFhirServerThatListsWhatResultsNeedWorks() throws IOException {
    Tried tried = tried(fhir(200, "application/fhir+json", capabilities(false)));
    assertThat(tried.outcome()).as("%s", tried).isEqualTo(Outcome.WORKS);
    assertThat(tried.found()).contains("not tried: $validate");
  }

  @Test
  void aFhirServerThatListsLessSaysWhatIsMissing() throws IOException {
    CapabilityStatement nothing = new CapabilityStatement();
    String body = FakeFhirServer.R4.newJsonParser().encodeResourceToString(nothing);
    Tried tried = tried(fhir(200, "application/fhir+json", body));
    assertThat(tried.outcome()).isEqualTo(Outcome.WORKS);
    assertThat(tried.found()).contains("does not list transaction");
  }

  @ParameterizedTest
  @CsvSource({
    "401, UNAUTHORISED",
    "403, UNAUTHORISED",
    "404, REFUSED",
    "500, REFUSED",
    "503, REFUSED"
  })
  void aFhirServerThatRefusesSaysHow(int status, Outcome outcome) throws IOException {
    assertFailed(tried(fhir(status, "text/html", "<p>no")), outcome, "HTTP " + status);
  }

  @Test
  void aDicomWebArchiveIsSearchedAndKeepsNothing() throws IOException {
    try (FakeWebArchive archive = new FakeWebArchive()) {
      Tried tried = tried(archive.address());
      assertThat(tried.outcome()).as("%s", tried).isEqualTo(Outcome.WORKS);
      assertThat(tried.tried()).isEqualTo("QIDO-RS search, nothing stored");
      assertThat(archive.requests).isEmpty();
      archive.fixed = FakeWebArchive.Fixed.of(401, "");
      assertFailed(tried(archive.address()), Outcome.UNAUTHORISED, "HTTP 401");
      archive.fixed = FakeWebArchive.Fixed.of(500, "");
      assertFailed(tried(archive.address()), Outcome.REFUSED, "HTTP 500");
      archive.fixed = FakeWebArchive.Fixed.of(200, "<p>Hello");
      assertFailed(tried(archive.address()), Outcome.UNEXPECTED, "not a list of studies");
    }
    assertFailed(
        tried("stow:http://127.0.0.1:" + closed() + "/dicom-web"),
        Outcome.NOT_REACHABLE,
        "refuses connections");
    assertFailed(
        tried("stow:http://pacs.example/gone"), Outcome.NOT_REACHABLE, "neither m2ib.stow.url");
  }

  @Test
  void aPageInsteadOfAFhirServerIsUnexpected() throws IOException {
    assertFailed(tried(fhir(200, "text/html", "<p>Hello")), Outcome.UNEXPECTED, "HTTP 200");
  }

  @Test
  void aFhirServerWhoseCertificateIsOfNobodyWeTrustIsOfTheCertificate() throws Exception {
    String at = serving(tcp -> Tls.handshake(tls("stranger").accept(tcp)));
    assertFailed(
        tried("https://" + at + "/fhir"),
        Outcome.CERTIFICATE,
        "of no authority in our trust store");
  }

  /** Serves one connection after the other. */
  private interface Served {
    void with(Socket tcp) throws IOException;
  }

  private String serving(Served served) throws IOException {
    ServerSocket socket = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
    open.add(socket);
    Thread server = // not of the common pool, on which the client's own work may be
        new Thread(
            () -> {
              while (!socket.isClosed()) {
                try (Socket tcp = socket.accept()) {
                  served.with(tcp);
                } catch (IOException e) {
                  // the client is gone, or refused
                }
              }
            });
    server.setDaemon(true);
    server.start();
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /** With TLS 1.3, in which a client has finished before the server looks at its certificate. */
  private String trustsNobody() throws IOException {
    return serving(
        tcp -> {
          SSLSocket tls =
              TestKeys.of("server", List.of("other-ca")).accept(tcp, Tls.ClientAuth.REQUIRED);
          Tls.handshake(tls);
        });
  }

  @Test
  void aReceiverThatRefusesOurCertificateAfterTheHandshakeIsOfTheCertificate() throws Exception {
    assertFailed(
        tried("mllp://" + trustsNobody() + "+tls"), Outcome.CERTIFICATE, "it refuses ours");
  }

  @Test
  void aReceiverThatLeavesAfterTheHandshakeIsOfTheCertificateToo() throws Exception {
    String at =
        serving(tcp -> Tls.handshake(TestKeys.of("server").accept(tcp, Tls.ClientAuth.REQUIRED)));
    assertFailed(
        tried("mllp://" + at + "+tls"), Outcome.CERTIFICATE, "perhaps it refuses our certificate");
  }

  @Test
  void aReceiverThatTakesOurCertificateWorks() throws Exception {
    String at =
        serving(
            tcp ->
                TestKeys.of("server").accept(tcp, Tls.ClientAuth.REQUIRED).getInputStream().read());
    Tried tried = tried("mllp://" + at + "+tls");
    assertThat(tried.outcome()).as("%s", tried).isEqualTo(Outcome.WORKS);
  }

  @Test
  void aReceiverThatEndsTheConnectionAtOnceRefuses() throws Exception {
    assertFailed(
        tried("mllp://" + serving(tcp -> {})), Outcome.REFUSED, "it ended the connection at once");
  }

  @Test
  void aWebServerThatRefusesOurCertificateAfterTheHandshakeIsOfTheCertificate() throws Exception {
    String at = trustsNobody();
    assertFailed(tried("https://" + at + "/fhir"), Outcome.CERTIFICATE, "it refuses ours");
    assertFailed(
        tried("stow:https://" + at + "/dicom-web"), Outcome.CERTIFICATE, "it refuses ours");
  }

  @Test
  void aServerThatNoSettingNamesIsNotTried() {
    Tried tried = trial(LONG, null, "client").of("https://gone.example/fhir");
    assertFailed(tried, Outcome.NOT_REACHABLE, "neither m2ib.fhir.url");
    assertThat(tried.tried()).isEqualTo("nothing");
  }

  @Test
  void anAddressThatMakesNoSenseIsAFinding() {
    assertFailed(tried("NONSENSE"), Outcome.UNEXPECTED, "is not of the form");
  }
}
