package org.m2ib.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.base.tls.TestKeys;
import org.m2ib.base.tls.Tls;
import org.m2ib.base.tls.TlsServer;

/** With receivers that misbehave; DeliveryChecks has one that is HAPI's own. */
@Timeout(60)
class MllpClientTest {
  private static final String MESSAGE = "MSH|^~\\&|M2IB|||||ORU^R01|C1|P|2.5.1\rNTE|||Größe\r";
  private static final String ACK = "\u000bMSH|^~\\&|RIS||||||ACK|1|P|2.3\rMSA|%s\r%s\u001c\r";

  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private MllpAddress address(String suffix) {
    return MllpAddress.parse("mllp://127.0.0.1:" + server.getLocalPort() + suffix);
  }

  /** Answers one connection's first frame. */
  private CompletableFuture<String> answer(String answer) {
    return CompletableFuture.supplyAsync(() -> answerOne(answer, null));
  }

  private String answerOne(String answer, TlsServer tls) {
    try (Socket accepted = server.accept();
        Socket socket = tls == null ? accepted : tls.accept(accepted)) {
      StringBuilder received = new StringBuilder();
      byte[] bytes =
          socket.getInputStream().readNBytes(MESSAGE.getBytes(StandardCharsets.UTF_8).length + 3);
      received.append(new String(bytes, StandardCharsets.UTF_8));
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
      return received.toString();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MllpClient client() {
    return new MllpClient(Duration.ofSeconds(20), name -> TestKeys.of("client"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"AA", "CA"})
  void anAcceptedMessageIsSentInItsFrame(String code) throws Exception {
    var received = answer(ACK.formatted(code + "|C1", ""));
    client().send(address(""), MESSAGE, "C1");
    assertThat(received.get()).isEqualTo("\u000b" + MESSAGE + "\u001c\r");
  }

  @Test
  void tlsIsUsedWhereTheAddressSaysSo() throws Exception {
    TlsServer tls = new TlsServer(() -> TestKeys.of("server"), Tls.ClientAuth.REQUIRED);
    var received = CompletableFuture.supplyAsync(() -> answerOne(ACK.formatted("AA|C1", ""), tls));
    client().send(address("+tls"), MESSAGE, "C1");
    assertThat(received.get()).contains("Größe");
  }

  @ParameterizedTest
  @CsvSource({
    "AE|C1, '', it answered AE, 2147483647",
    "AE|C1, ERR|||207^Application internal error, 'it answered AE, error code 207', 2147483647",
    "AR|C1, ERR|||200^Unsupported message type, 'it answered AR, error code 200', 3",
    "AE|C1, ERR|PID^1^5^103&Table value not found, 'it answered AE, error code 103', 3",
    "CE|C1, '', it answered CE, 2147483647",
    "CR|C1, ERR|||202^Unsupported event code, 'it answered CR, error code 202', 3",
    "CR|C1, '', it answered CR, 2147483647",
    "'AA|', '', its acknowledgement (MSA-2) is for another message, 2147483647",
    "AA|C2, '', its acknowledgement (MSA-2) is for another message, 2147483647",
    "ZZ|C1, '', its acknowledgement has no code of table 0008, 2147483647"
  })
  void aRefusalNamesItsCodesAndNoText(String msa, String err, String problem, int mostTries) {
    answer(ACK.formatted(msa + "|Müller has no such order", err.isEmpty() ? "" : err + "\r"));
    DeliveryException e =
        catchThrowableOfType(
            DeliveryException.class, () -> client().send(address(""), MESSAGE, "C1"));
    assertThat(e).hasMessage(address("") + " (m2ib.hl7.destinations): " + problem);
    assertThat(e.mostTries()).isEqualTo(mostTries);
  }

  @ParameterizedTest
  @CsvSource({
    "'', the connection was lost before the acknowledgement",
    "HTTP/1.1 400 Bad Request, it answered without the frame of MLLP",
    "'\u000bgarbage\u001c\r', its answer is not an HL7 acknowledgement",
    "'\u000bMSH|^~\\&|RIS||||||ACK|1|P|2.5.1\r\u001c\r', its answer is not an HL7 acknowledgement",
    "'\u000bMSH|^~\\&|RIS||||||ACK|1|P|2.5.1\rMSA|AA|C1', it answered without the frame of MLLP"
  })
  void anAnswerThatIsNoneIsNoSuccess(String answer, String problem) {
    answer(answer);
    assertThatThrownBy(() -> client().send(address(""), MESSAGE, "C1"))
        .isInstanceOf(DeliveryException.class)
        .hasMessageEndingWith(problem);
  }

  /** In TLS 1.3 that is known only after our side of the handshake. */
  @Test
  void aReceiverThatRefusesOurCertificateIsNamedSo() {
    CompletableFuture.runAsync(
        () -> {
          try (Socket accepted = server.accept()) {
            Tls tls = TestKeys.of("server", List.of("other-ca"));
            Tls.handshake(tls.accept(accepted, Tls.ClientAuth.REQUIRED));
          } catch (IOException e) {
            // refused
          }
        });
    assertThatThrownBy(() -> client().send(address("+tls"), MESSAGE, "C1"))
        .isInstanceOf(DeliveryException.class)
        .hasMessageContaining("it refuses our");
  }

  @Test
  void aReceiverThatIsSilentIsLeft() {
    MllpClient hasty = new MllpClient(Duration.ofMillis(300), name -> null);
    assertThatThrownBy(() -> hasty.send(address(""), MESSAGE, "C1"))
        .hasMessageEndingWith("it gave no acknowledgement within 0.3 s");
  }

  @Test
  void aClosedPortIsNamed() throws IOException {
    MllpAddress closed = address("");
    server.close();
    assertThatThrownBy(() -> client().send(closed, MESSAGE, "C1"))
        .hasMessageContaining("it refuses connections");
    assertThatThrownBy(() -> client().ping(closed)).hasMessageContaining(closed.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"mllp://ris:2575", "mllp://[::1]:1+tls", "mllp://10.0.0.1:65535+tls=hospital"})
  void anAddressIsReadAsItIsWritten(String text) {
    assertThat(MllpAddress.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ris:2575", "mllp://ris", "mllp://ris:0", "mllp://ris:99999", "mllp://a@b:1"})
  void anotherFormIsRefused(String text) {
    assertThatThrownBy(() -> MllpAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("m2ib.hl7.destinations: '" + text + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mllp://ris:2575?version=2.3", "mllp://ris:1+tls=hospital?version=2.8"})
  void theVersionIsPartOfTheAddress(String text) {
    assertThat(MllpAddress.parse(text)).hasToString(text);
    assertThat(MllpAddress.parse(text).version().id()).isEqualTo(text.replaceFirst(".*=", ""));
  }

  @Test
  void aReceiverIsTheSameInEachVersion() {
    MllpAddress old = MllpAddress.parse("mllp://ris:1+tls?version=2.3");
    assertThat(old.name()).isEqualTo("mllp://ris:1+tls");
    assertThat(old.contradicts(MllpAddress.parse("mllp://ris:1+tls"))).isTrue();
    assertThat(old.contradicts(old)).isFalse();
    assertThat(old.contradicts(MllpAddress.parse("mllp://ris:1"))).isFalse();
  }

  @Test
  void theUsualVersionIsNotNamed() {
    assertThat(MllpAddress.parse("mllp://ris:1?version=2.5.1")).hasToString("mllp://ris:1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2.9", "2.1", "three"})
  void aVersionThatIsNotSentIsRefused(String version) {
    assertThatThrownBy(() -> MllpAddress.parse("mllp://ris:1?version=" + version))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("HL7 version '" + version + "' is none of 2.3, 2.3.1,");
  }
}
