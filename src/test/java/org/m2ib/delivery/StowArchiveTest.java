package org.m2ib.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.base.tls.TestKeys;
import org.m2ib.base.tls.Tls;
import org.m2ib.base.tls.TlsServer;
import org.m2ib.dicom.DicomFiles;

/** What is made of all that may come back from an address that should be a DICOMweb archive. */
@Timeout(60)
class StowArchiveTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path folder;
  private FakeWebArchive archive;

  @BeforeEach
  void start() throws IOException {
    archive = new FakeWebArchive();
  }

  @AfterEach
  void stop() {
    archive.close();
  }

  private List<Path> files(int count) throws IOException {
    List<Path> files = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      files.add(DicomFiles.write(DicomFiles.made("1.2.3.4." + i), folder, i + ".dcm"));
    }
    return files;
  }

  private DeliveryException failure(int count) throws IOException {
    List<Path> files = files(count);
    DeliveryException failure =
        catchThrowableOfType(DeliveryException.class, () -> archive.client().store(files));
    assertThat(failure).as("it is a failure").isNotNull();
    assertThat(failure.getMessage()).doesNotContain("SECRET");
    return failure;
  }

  private DeliveryException failure(int status, String body) throws IOException {
    archive.fixed = FakeWebArchive.Fixed.of(status, body);
    return failure(1);
  }

  @Test
  void everyFileIsStoredAsItIs() throws Exception {
    List<Path> files = files(3);
    archive.client().store(files);
    assertThat(archive.requests).containsExactly(3);
    assertThat(archive.stored).hasSize(3);
    assertThat(archive.stored.get("1.2.3.4.2")).isEqualTo(Files.readAllBytes(files.get(1)));
    archive.client().store(files);
    assertThat(archive.stored).as("stored again").hasSize(3);
  }

  @Test
  void noFileIsNoRequest() throws Exception {
    archive.client().store(List.of());
    assertThat(archive.requests).isEmpty();
  }

  @Test
  void eachObjectThatIsRefusedIsToldWithItsReason() throws IOException {
    archive.failing.putAll(Map.of("1.2.3.4.1", 0xA700, "1.2.3.4.3", 0xC122));
    DeliveryException failure = failure(3);
    assertThat(failure.getMessage())
        .isEqualTo(
            "the DICOMweb archive at "
                + archive.url()
                + ": 2 of 3 objects not stored: 1.2.3.4.1: A700 (refused, out of resources);"
                + " 1.2.3.4.3: C122 (transfer syntax not supported)");
    assertThat(failure.mostTries()).as("it may be taken later").isEqualTo(Integer.MAX_VALUE);
    assertThat(archive.stored).containsOnlyKeys("1.2.3.4.2");
  }

  @Test
  void ofMoreThanFiveTheFirstAreNamed() throws IOException {
    for (int i = 1; i <= 7; i++) {
      archive.failing.put("1.2.3.4." + i, 0x0122);
    }
    assertThat(failure(7).getMessage())
        .contains("7 of 7", "1.2.3.4.5: 0122 (SOP class not supported); ...")
        .doesNotContain("1.2.3.4.6");
  }

  @Test
  void whatTheArchiveHasAlreadyIsStored() throws Exception {
    archive.failing.put("1.2.3.4.1", 0x0111);
    archive.client().store(files(2));
  }

  @Test
  void anObjectThatTheAnswerDoesNotNameIsNotStored() throws IOException {
    archive.failing.put("1.2.3.4.2", 0);
    assertThat(failure(2).getMessage()).contains("1 of 2", "1.2.3.4.2: not confirmed");
  }

  @Test
  void aFailureOfAnUnknownObjectIsOfThoseThatAreNotNamed() throws IOException {
    String other = "{\"0008119A\":{\"vr\":\"SQ\",\"Value\":[{\"00081197\":{\"Value\":[49152]}}]}}";
    assertThat(failure(202, other).getMessage()).contains("C000 (error, cannot understand)");
  }

  @Test
  void aFailureWithoutAReasonIsAFailure() throws IOException {
    String failed = "{\"00081198\":{\"Value\":[{\"00081155\":{\"Value\":[\"1.2.3.4.1\"]}}]}}";
    assertThat(failure(202, failed).getMessage()).contains("1.2.3.4.1: failed without a reason");
  }

  @Test
  void aWarningIsNoFailure() throws Exception {
    archive.fixed =
        FakeWebArchive.Fixed.of(
            202,
            "[{\"00081199\":{\"Value\":[{\"00081155\":{\"Value\":[\"1.2.3.4.1\"]},"
                + "\"00081196\":{\"Value\":[45056]}}]}}]");
    archive.client().store(files(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SECRET",
        "[]",
        "{}",
        "null",
        "{\"00081190\":{\"vr\":\"UR\"}}",
        "<NativeDicomModel>SECRET</NativeDicomModel>"
      })
  void aSuccessThatDoesNotSayWhatIsStoredIsNone(String body) throws IOException {
    assertThat(failure(200, body).getMessage())
        .contains("HTTP 200 with a body that does not say what is stored");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 204})
  void aSuccessWithoutABodyIsNone(int status) throws IOException {
    assertThat(failure(status, "").getMessage()).contains("HTTP " + status + " with no body");
  }

  @Test
  void aConflictThatIsNotExplainedIsTriedAgain() throws IOException {
    DeliveryException failure = failure(409, "SECRET");
    assertThat(failure.getMessage()).endsWith("answered HTTP 409");
    assertThat(failure.mostTries()).isEqualTo(Integer.MAX_VALUE);
  }

  @ParameterizedTest
  @CsvSource({
    "400, 1, HTTP 400",
    "401, 3, 'check its token, or username and password'",
    "403, 3, 'check its token, or username and password'",
    "404, 1, 'is m2ib.stow.url the base URL of a DICOMweb server?'",
    "413, 1, too large for it",
    "415, 1, HTTP 415",
    "302, 1, 'redirects to another address; set m2ib.stow.url'",
    "429, 2147483647, HTTP 429",
    "500, 2147483647, HTTP 500",
    "501, 1, HTTP 501",
    "503, 2147483647, HTTP 503"
  })
  void aRefusalSaysWhatToDoAndHowOftenToTry(int status, int tries, String text) throws IOException {
    DeliveryException failure = failure(status, "SECRET");
    assertThat(failure.getMessage()).contains(text);
    assertThat(failure.mostTries()).isEqualTo(tries);
  }

  @Test
  void aBusyArchiveIsGivenItsTime() throws IOException {
    archive.fixed = new FakeWebArchive.Fixed(429, "text/plain", "", Map.of("Retry-After", "77"));
    assertThat(failure(1).notBefore()).isEqualTo(Duration.ofSeconds(77));
  }

  @Test
  void whatIsTooLargeTogetherIsSentOneByOne() throws Exception {
    archive.most = 1;
    archive.failing.put("1.2.3.4.2", 0xA900);
    assertThat(failure(3).getMessage()).contains("1 of 3", "1.2.3.4.2: A900");
    assertThat(archive.requests).containsExactly(3, 1, 1, 1);
  }

  @Test
  void aRequestHasNoMoreThanItsBytes() throws Exception {
    List<Path> files = files(3);
    byte[] pixels = new byte[20 << 20];
    for (Path file : files) {
      DicomFiles.write(
          DicomFiles.radiograph("1.2.3.4." + file.getFileName().toString().charAt(0))
              .set(org.m2ib.dicom.Tags.PixelData, pixels),
          folder,
          file.getFileName().toString());
    }
    archive.client().store(files);
    assertThat(archive.requests).containsExactly(1, 1, 1);
    assertThat(archive.stored).hasSize(3);
  }

  @Test
  void aFileThatIsGoneIsAFailure() throws IOException {
    List<Path> files = files(2);
    Files.delete(files.get(1));
    assertThatThrownBy(() -> archive.client().store(files))
        .isInstanceOf(DeliveryException.class)
        .hasMessageContaining("an object cannot be read");
    assertThat(archive.requests).isEmpty();
  }

  @Test
  void requestsHaveTheCredentials() throws Exception {
    archive.client(HttpAuthorization.bearer("t0ken"), LONG).store(files(1));
    assertThat(archive.authorization).isEqualTo("Bearer t0ken");
    archive.client(HttpAuthorization.basic("me", "word"), LONG).ping(LONG);
    assertThat(archive.authorization).isEqualTo("Basic bWU6d29yZA==");
  }

  @Test
  void whoSaysNothingGivesNoAnswer() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      StowArchive client = at("http://127.0.0.1:" + silent.getLocalPort(), Duration.ofMillis(300));
      List<Path> files = files(1);
      assertThatThrownBy(() -> client.store(files))
          .isInstanceOf(DeliveryException.class)
          .hasMessageContaining("gave no complete answer within 0.3 s");
    }
  }

  private static StowArchive at(String url, Duration timeout) {
    return new StowArchive(
        new StowArchive.Settings(
            "m2ib.routes: web", url, HttpAuthorization.none(), timeout, Optional.empty()));
  }

  @Test
  void aShutdownEndsTheRequest() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      StowArchive client = at("http://127.0.0.1:" + silent.getLocalPort(), LONG);
      List<Path> files = files(1);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> client.store(files)).isInstanceOf(CancellationException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void anAddressThatIsNoUrlIsGivenUp() throws IOException {
    List<Path> files = files(1);
    DeliveryException failure =
        catchThrowableOfType(DeliveryException.class, () -> at("pacs:8042", LONG).store(files));
    assertThat(failure.getMessage()).isEqualTo("m2ib.routes: web is not an http or https URL");
    assertThat(failure.mostTries()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"server", "stranger"})
  void tlsTrustsOnlyWhomItShould(String theirs) throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
      Thread server =
          new Thread(
              () -> {
                while (!socket.isClosed()) {
                  try (var one =
                      new TlsServer(() -> TestKeys.of(theirs), Tls.ClientAuth.REQUIRED)
                          .accept(socket.accept())) {
                    one.getInputStream().read(new byte[1 << 16]);
                    one.getOutputStream()
                        .write("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".getBytes());
                  } catch (IOException e) {
                    // the client ends it
                  }
                }
              });
      server.setDaemon(true);
      server.start();
      StowArchive client =
          new StowArchive(
              new StowArchive.Settings(
                  "m2ib.stow.url",
                  "https://localhost:" + socket.getLocalPort(),
                  HttpAuthorization.none(),
                  LONG,
                  Optional.of(() -> TestKeys.of("client"))));
      if (theirs.equals("server")) {
        client.ping(LONG);
      } else {
        assertThatThrownBy(() -> client.ping(LONG))
            .hasMessageContaining("of no authority in our trust store");
      }
    }
  }

  @Test
  void aSearchThatIsAnsweredIsEnoughToTry() throws Exception {
    archive.client().ping(LONG);
    archive.fixed = FakeWebArchive.Fixed.of(204, "");
    archive.client().ping(LONG);
    archive.fixed = FakeWebArchive.Fixed.of(200, "<p>Hello");
    assertThatThrownBy(() -> archive.client().ping(LONG))
        .hasMessageContaining("a body that is not a list of studies");
    archive.fixed = FakeWebArchive.Fixed.of(403, "");
    assertThatThrownBy(() -> archive.client().ping(LONG)).hasMessageContaining("HTTP 403");
  }
}
