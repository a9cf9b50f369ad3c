package org.m2ib.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.hl7.fhir.r4.model.Basic;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.CapabilityStatement.SystemRestfulInteraction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.base.tls.TestKeys;
import org.m2ib.base.tls.Tls;
import org.m2ib.base.tls.TlsServer;

/** What is made of all that may come back from an address that should be a FHIR server. */
class FhirServerTest {
  private static final String DONE = "{\"response\":{\"status\":\"200\"}}";
  private static final String WRONG =
      "{\"response\":{\"status\":\"422 Unprocessable\",\"outcome\":{\"resourceType\":"
          + "\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":\"invalid\","
          + "\"diagnostics\":\"SECRET\"}]}}}";

  private static final Instant LATER = Instant.parse("2199-01-01T00:00:00Z");

  private interface Answer {
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  private ServerSocket socket;
  private volatile Answer answer;

  /** Whether connections end by RST. */
  private volatile boolean reset;

  /** Null: plain. */
  private volatile TlsServer tls;

  /** Whether the client has given up. */
  private volatile CountDownLatch given = new CountDownLatch(1);

  @BeforeEach
  void listen() throws IOException {
    socket = new ServerSocket(0, 9, InetAddress.getLoopbackAddress());
    Thread server =
        new Thread(
            () -> {
              while (!socket.isClosed()) {
                try (Socket tcp = socket.accept();
                    Socket one = tls == null ? tcp : tls.accept(tcp)) {
                  one.getInputStream().read(new byte[1 << 16]);
                  answer.write(one.getOutputStream());
                  one.setSoLinger(reset, 0);
                } catch (IOException | InterruptedException e) {
                  // the client has gone
                }
              }
            });
    server.setDaemon(true);
    server.start();
  }

  @AfterEach
  void close() throws IOException {
    socket.close();
  }

  private static FhirServer at(String url, Duration timeout) {
    return FhirServer.connect(FhirServer.Settings.of(url, HttpAuthorization.none(), timeout));
  }

  private void send() throws DeliveryException {
    send(Duration.ofSeconds(20));
  }

  private void send(Duration timeout) throws DeliveryException {
    at("http://127.0.0.1:" + socket.getLocalPort() + "/fhir", timeout).transaction(two());
  }

  private DeliveryException failure() {
    return catchThrowableOfType(DeliveryException.class, this::send);
  }

  private void answers(String head, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String start = "HTTP/1.1 " + head + "\r\nContent-Length: " + bytes.length + "\r\n\r\n";
    answer =
        out -> {
          out.write(start.getBytes(StandardCharsets.US_ASCII));
          out.write(bytes);
        };
  }

  private void answers(String body) {
    answers("200 OK\r\nContent-Type: application/fhir+json", body);
  }

  private static String bundle(String type, String... entries) {
    return "{\"resourceType\":\"Bundle\",\"type\":\"%s\",\"entry\":[%s]}"
        .formatted(type, String.join(",", entries));
  }

  @Test
  void aPingEndsAtItsOwnLimitHoweverLongATransactionMayTake() {
    answer = out -> given.await();
    String url = "http://127.0.0.1:" + socket.getLocalPort() + "/fhir";
    FhirServer server = at(url, Duration.ofHours(1));
    DeliveryException failure =
        catchThrowableOfType(DeliveryException.class, () -> server.ping(Duration.ofMillis(200)));
    given.countDown();
    assertThat(failure).hasMessageContaining("gave no complete answer within 0.2 s");
  }

  @Test
  void aConfiguredCertificateIsShownAndReloadedOnesCount() {
    tls = new TlsServer(() -> TestKeys.of("server"), Tls.ClientAuth.REQUIRED);
    answers(bundle("transaction-response", DONE, DONE));
    AtomicReference<Tls> keys = new AtomicReference<>(TestKeys.of("client"));
    FhirServer server =
        FhirServer.connect(
            new FhirServer.Settings(
                "https://127.0.0.1:" + socket.getLocalPort() + "/fhir",
                HttpAuthorization.none(),
                FhirRelease.R4,
                Duration.ofSeconds(20),
                false,
                Optional.of(keys::get)));
    assertThatCode(() -> server.transaction(two())).doesNotThrowAnyException();
    keys.set(TestKeys.of(""));
    assertThat(catchThrowableOfType(DeliveryException.class, () -> server.transaction(two())))
        .as("no certificate any more")
        .isNotNull();
    keys.set(TestKeys.of("client"));
    assertThatCode(() -> server.transaction(two())).doesNotThrowAnyException();
  }

  private static Bundle two() {
    Bundle bundle = new Bundle().setType(Bundle.BundleType.TRANSACTION);
    bundle.addEntry().setResource(new Basic());
    bundle.addEntry().setResource(new Basic());
    return bundle;
  }

  @ParameterizedTest
  @CsvSource({
    "transaction, true, ''",
    "batch, true, transaction",
    "transaction, false, 'conditional update of Observation,conditional update of Device,"
        + "conditional update of Provenance,conditional update of ImagingStudy'"
  })
  void whatAServerDoesNotListIsNamed(String interaction, boolean conditional, String lacking)
      throws Exception {
    CapabilityStatement statement = new CapabilityStatement();
    var rest = statement.addRest();
    rest.addInteraction().setCode(SystemRestfulInteraction.fromCode(interaction));
    for (String type : List.of("Observation", "Device", "Provenance", "ImagingStudy")) {
      rest.addResource().setType(type).setConditionalUpdate(conditional);
    }
    answers(FakeFhirServer.R4.newJsonParser().encodeResourceToString(statement));
    FhirServer server =
        at("http://127.0.0.1:" + socket.getLocalPort() + "/fhir", Duration.ofSeconds(20));
    FhirReadiness readiness = FhirReadiness.of(server, Duration.ofSeconds(20));
    assertThat(String.join(",", readiness.lacking())).isEqualTo(lacking);
    assertThat(readiness.validated()).isFalse();
  }

  @Test
  void aTransactionWhoseEveryEntryIsDoneIsTaken() {
    answers(bundle("transaction-response", DONE, DONE));
    assertThatCode(this::send).doesNotThrowAnyException();
    answers(
        "200 OK\r\nContent-Type: application/fhir+xml",
        "<Bundle xmlns=\"http://hl7.org/fhir\"><type value=\"transaction-response\"/>"
            + "<entry><response><status value=\"201 Created\"/></response></entry>"
            + "<entry><response><status value=\"304\"/></response></entry></Bundle>");
    assertThatCode(this::send).doesNotThrowAnyException();
  }

  @Test
  void aSuccessThatDoesNotSayThatAllIsDoneIsNone() {
    answers(bundle("batch-response", WRONG, WRONG));
    assertThat(failure())
        .hasMessageContaining("2 of 2 entries failed: entry 1: HTTP 422; ERROR INVALID")
        .hasMessageNotContaining("SECRET");
    answers(bundle("transaction-response", DONE, WRONG));
    assertThat(failure()).hasMessageContaining("entry 2: HTTP 422");
    answers(bundle("transaction-response", DONE, "{\"response\":{}}"));
    assertThat(failure()).hasMessageContaining("entry 2: no HTTP status");
    answers(bundle("transaction-response", DONE, "{}"));
    assertThat(failure()).hasMessageContaining("entry 2: no HTTP status");
    answers(bundle("batch-response", DONE, DONE));
    assertThat(failure()).hasMessageContaining("of type batch-response");
    answers(bundle("transaction", DONE, DONE));
    assertThat(failure()).hasMessageContaining("of type transaction instead");
    answers(bundle("transaction-response", DONE));
    assertThat(failure()).hasMessageContaining("1 of 2 entries");
    answers(bundle("transaction-response", DONE, DONE, DONE));
    assertThat(failure()).hasMessageContaining("3 of 2 entries");
    answers("{\"resourceType\":\"Bundle\",\"type\":\"transaction-response\"}");
    assertThat(failure()).hasMessageContaining("0 of 2 entries");
    answers(bundle("transaction-response", DONE, "{\"response\":{\"status\":\"202 Accepted\"}}"));
    assertThat(failure()).hasMessageContaining("entry 2: HTTP 202");
    answers(bundle("transaction-response", DONE, WRONG.replace("422 Unprocessable", "200")));
    assertThat(failure()).hasMessageContaining("entry 2: HTTP 200; ERROR INVALID");
    answers(
        "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\","
            + "\"code\":\"exception\",\"diagnostics\":\"SECRET\"}]}");
    assertThat(failure())
        .hasMessageContaining(
            "HTTP 200 with an OperationOutcome instead of a Bundle; ERROR EXCEPTION")
        .hasMessageNotContaining("SECRET");
    answers("{\"resourceType\":\"Patient\"}");
    assertThat(failure()).hasMessageContaining("not a Bundle");
    answers("{");
    assertThat(failure()).hasMessageContaining("not a FHIR resource");
    answers("200 OK\r\nContent-Type: text/html; charset=utf-8", "<html>Sign in</html>");
    assertThat(failure()).hasMessageContaining("its content type is text/html");
    answers("200 OK\r\nContent-Type: application/fhir+json\r\nContent-Encoding: gzip", "\u001f\b");
    assertThat(failure()).hasMessageContaining("Content-Encoding that was not requested");
    for (String odd :
        new String[] {
          "[]",
          "5",
          "null",
          "\"x\"",
          "{\"resourceType\":5}",
          "[".repeat(20_000),
          "{\"a\":".repeat(4_000),
          "{\"resourceType\":\"Bundle\",\"entry\":7}"
        }) {
      answers(odd);
      assertThat(failure()).isNotNull().hasMessageContaining("HTTP 200 with ");
    }
    answers(
        "200 OK\r\nContent-Type: application/fhir+xml",
        "<!DOCTYPE b [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>"
            + "<Bundle xmlns=\"http://hl7.org/fhir\"><id value=\"&b;\"/></Bundle>");
    assertThat(failure()).hasMessageContaining("HTTP 200 with ");
    answers("201 Created", "");
    assertThat(failure()).hasMessageContaining("HTTP 201 with no body");
    answers("202 Accepted", "");
    assertThat(failure()).hasMessageContaining("HTTP 202 with no body");
    answers("200 OK", "");
    assertThat(failure()).hasMessageContaining("HTTP 200 with no body");
    answer = out -> out.write("HTTP/1.1 204 No Content\r\n\r\n".getBytes());
    assertThat(failure()).hasMessageContaining("HTTP 204 with no body");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {400, 404, 405, 406, 407, 410, 411, 413, 415, 422, 428, 301, 302, 303, 307, 308, 501})
  void whatIsAnsweredAlikeHoweverOftenItIsAskedIsTriedOnce(int status) {
    answers(status + " No", "");
    assertThat(failure()).hasMessageContaining("HTTP " + status);
    assertThat(failure().mostTries()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void credentialsThatAreRefusedGetAFewTriesAndTheirSettingsAreNamed(int status) {
    answers(status + " No", "");
    assertThat(failure()).hasMessageContaining("HTTP " + status).hasMessageContaining("m2ib.fhir");
    assertThat(failure().mostTries()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 409, 412, 423, 425, 429, 500, 502, 503, 504, 507, 599})
  void whatMayPassIsTriedAgain(int status) {
    answers(status + " Later", "");
    assertThat(failure().mostTries()).isEqualTo(Integer.MAX_VALUE);
    assertThat(failure().notBefore()).isZero();
    answers(status + " Later\r\nRetry-After: 30", "");
    assertThat(failure().notBefore()).isEqualTo(Duration.ofSeconds(30));
    assertThat(failure()).hasMessageContaining("HTTP " + status).hasMessageContaining("30 s");
    String far = DateTimeFormatter.RFC_1123_DATE_TIME.format(LATER.atOffset(ZoneOffset.UTC));
    answers(
        status + " Later\r\nContent-Type: text/html\r\nRetry-After: " + far,
        "<html><body>SECRET</body></html>");
    assertThat(failure().notBefore()).isGreaterThan(Duration.ofDays(365));
    assertThat(failure())
        .hasMessageContaining("HTTP " + status)
        .hasMessageNotContaining("SECRET")
        .satisfies(e -> assertThat(e.mostTries()).isEqualTo(Integer.MAX_VALUE));
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "120,120",
    "' 7 ',7",
    "-5,0",
    "1.5,0",
    "soon,0",
    "'',0",
    "+5,0",
    "١٢,0",
    "1e3,0",
    "'1, 2',0"
  })
  void aPauseIsInSeconds(String field, long seconds) {
    assertThat(RetryAfter.parse(field, Instant.EPOCH)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void aPauseIsUntilADateOrFarLongerThanAnyoneWaits() {
    Instant now = Instant.parse("2024-05-06T07:08:09Z");
    String later =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(now.plusSeconds(90).atOffset(ZoneOffset.UTC));
    assertThat(RetryAfter.parse("Mon, 06 May 2024 07:09:39 GMT", now)).hasSeconds(90);
    assertThat(RetryAfter.parse(later, now)).hasSeconds(90);
    assertThat(RetryAfter.parse("Monday, 06-May-24 07:09:39 GMT", now)).hasSeconds(90);
    assertThat(RetryAfter.parse("Mon May  6 07:09:39 2024", now)).hasSeconds(90);
    assertThat(RetryAfter.parse("Fri, 31 Dec 1999 23:59:59 GMT", now)).isZero();
    assertThat(RetryAfter.parse("9".repeat(400), now)).isGreaterThan(Duration.ofDays(365));
  }

  @Test
  void theTimeoutIsForTheWholeExchange() {
    Duration short_ = Duration.ofMillis(700);
    answer = out -> given.await(); // silence, until the client has given up
    assertSlow(short_);
    answer =
        out -> {
          out.write("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n".getBytes());
          drip(out);
        };
    assertSlow(short_);
    answer = this::drip;
    assertSlow(short_);
  }

  /** A byte now and then, far more often than the timeout, until the client has given up. */
  private void drip(OutputStream out) throws IOException, InterruptedException {
    do {
      out.write('H');
      out.flush();
    } while (!given.await(50, TimeUnit.MILLISECONDS));
  }

  private void assertSlow(Duration timeout) {
    given = new CountDownLatch(1);
    try {
      assertThat(catchThrowableOfType(DeliveryException.class, () -> send(timeout)))
          .hasMessageContaining("no complete answer within 0.7 s");
    } finally {
      given.countDown();
    }
  }

  @Test
  void anAnswerWithoutEndIsCutOff() {
    answer =
        out -> {
          out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes());
          for (int i = 0; i < 1000; i++) {
            out.write(new byte[1 << 20]);
          }
        };
    assertThat(failure()).hasMessageContaining("more than 32 MiB");
  }

  @Test
  void whatKeptItFromAnAnswerIsNamed() throws IOException {
    answer = OutputStream::flush;
    assertThat(failure()).hasMessageContaining("without a complete HTTP answer");
    reset = true;
    answer = out -> out.write("HTTP/1.1 200 OK\r\n".getBytes());
    assertThat(failure()).hasMessageContaining("without a complete HTTP answer");
    reset = false;
    answer =
        out -> out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{".getBytes());
    assertThat(failure()).hasMessageContaining("without a complete HTTP answer");
    answer = out -> out.write("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".getBytes());
    assertThat(failure()).hasMessageContaining("without a complete HTTP answer");
    answer = out -> out.write(("HTTP/1.1 200 OK\r\nX: " + "a".repeat(600_000)).getBytes());
    assertThat(failure()).hasMessageContaining("without a complete HTTP answer");
    answer = out -> out.write("220 mail.example ESMTP\r\n".getBytes());
    assertThat(failure()).hasMessageContaining("without a complete HTTP answer");
    assertThat(pinged("https://127.0.0.1:" + socket.getLocalPort()))
        .hasMessageContaining("the peer speaks plain text, not TLS");
    assertThat(pinged("http://nowhere.invalid/fhir"))
        .hasMessageContaining("the host name is unknown");
    assertThat(pinged("ftp://127.0.0.1/fhir"))
        .hasMessageContaining("m2ib.fhir.url is not an http or https URL");
    int closed = socket.getLocalPort();
    socket.close();
    assertThat(pinged("http://127.0.0.1:" + closed)).hasMessageContaining("refuses connections");
  }

  private static DeliveryException pinged(String url) {
    return catchThrowableOfType(
        DeliveryException.class,
        () -> at(url, Duration.ofSeconds(20)).ping(Duration.ofSeconds(20)));
  }
}
