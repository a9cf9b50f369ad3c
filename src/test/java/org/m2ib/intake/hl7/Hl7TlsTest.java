package org.m2ib.intake.hl7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.base.Logged;
import org.m2ib.base.tls.TestKeys;
import org.m2ib.base.tls.Tls;
import org.m2ib.base.tls.TlsServer;
import org.m2ib.cases.Blobs;
import org.m2ib.intake.Kept;
import org.m2ib.intake.ReportIntake;
import org.m2ib.peers.Peers;

/** MLLP over TLS, with openssl and Java's own client. */
@Timeout(60)
class Hl7TlsTest {
  private static final String MESSAGE =
      "\u000bMSH|^~\\&|RIS|HOSP|M2IB|QA|20260102||ORU^R01^ORU_R01|T1|P|2.5.1\r"
          + "PID|1||P7\rOBR|1||T1\rOBX|1|TX|||Clear.\r\u001c\r";

  @TempDir Path folder;
  private final Kept kept = new Kept();
  private final AtomicReference<Tls> current = new AtomicReference<>(TestKeys.of("server"));
  private Hl7Listener listener;

  @BeforeEach
  void start() throws IOException {
    Hl7Settings settings =
        new Hl7Settings(
            "127.0.0.1",
            0,
            1 << 16,
            100,
            Set.of(),
            List.of(),
            2,
            Duration.ofMinutes(10),
            Duration.ofMinutes(1),
            Optional.of(new TlsServer(current::get, Tls.ClientAuth.REQUIRED)));
    listener =
        new Hl7Listener(
            settings, new Hl7Intake(settings, new ReportIntake(new Blobs(folder), kept)));
  }

  @AfterEach
  void stop() throws IOException {
    listener.close();
  }

  private Socket tcp() throws IOException {
    Socket socket = new Socket("127.0.0.1", listener.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private Socket connect(Tls tls) throws IOException {
    return tls.connect(tcp(), "127.0.0.1", 20_000);
  }

  private static String exchange(Socket socket) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(MESSAGE.getBytes(StandardCharsets.UTF_8));
    out.flush();
    StringBuilder answer = new StringBuilder();
    InputStream in = socket.getInputStream();
    for (int b = in.read(); b >= 0 && b != 0x1C; b = in.read()) {
      answer.append((char) b);
    }
    return answer.toString();
  }

  @Test
  void aReportIsAcknowledged() throws IOException {
    try (Socket socket = connect(TestKeys.of("client"))) {
      assertThat(exchange(socket)).contains("MSA|AA|T1");
      assertThat(exchange(socket)).contains("MSA|AA|T1");
    }
  }

  @Test
  void opensslIsAcknowledged() throws Exception {
    Peers.need("openssl", "openssl");
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "s_client",
                "-quiet",
                "-verify_return_error",
                "-CAfile",
                TestKeys.file("ca.pem").toString(),
                "-cert",
                TestKeys.file("client.pem").toString(),
                "-key",
                TestKeys.file("client.key").toString(),
                "-connect",
                "127.0.0.1:" + listener.port())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      openssl.getOutputStream().write(MESSAGE.getBytes(StandardCharsets.UTF_8));
      openssl.getOutputStream().flush();
      assertThat(new String(openssl.getInputStream().readNBytes(4), StandardCharsets.UTF_8))
          .isEqualTo("\u000bMSH");
    } finally {
      openssl.destroy();
    }
  }

  @Test
  void aSenderOfAnotherAuthorityIsRefused() throws Exception {
    String log =
        Logged.by(
            MllpConnection.class,
            () -> {
              assertThatThrownBy(
                      () -> {
                        try (Socket socket = connect(TestKeys.of("stranger"))) {
                          assertThat(exchange(socket)).contains("MSA"); // TLS 1.3 tells here
                        }
                      })
                  .isInstanceOfAny(IOException.class, AssertionError.class);
              Peers.await(
                  "the connection to end",
                  Duration.ofSeconds(20),
                  () -> listener.connections().isEmpty());
              return null;
            });
    assertThat(log)
        .contains("HL7: TLS handshake failed", "no certificate of an authority", "from 127.0.0.1");
    assertThat(kept.reports).isEmpty();
  }

  @Test
  void plainTextIsRefused() throws Exception {
    String log =
        Logged.by(
            MllpConnection.class,
            () -> {
              try (Socket socket = tcp()) {
                assertThatThrownBy(() -> assertThat(exchange(socket)).contains("MSA"))
                    .isInstanceOfAny(IOException.class, AssertionError.class);
              }
              Peers.await(
                  "the connection to end",
                  Duration.ofSeconds(20),
                  () -> listener.connections().isEmpty());
              return null;
            });
    assertThat(log).contains("the peer speaks plain text, not TLS");
    aReportIsAcknowledged();
  }

  /** Two connections are allowed. */
  @Test
  void stalledHandshakesMakeRoomForOthers() throws Exception {
    try (Socket silent = tcp();
        Socket begun = tcp()) {
      begun.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1});
      aReportIsAcknowledged();
      aReportIsAcknowledged();
      assertThat(silent.isConnected()).isTrue();
    }
  }

  @Test
  void reloadedKeysCountFromTheNextConnection() throws IOException {
    current.set(TestKeys.of("renewed"));
    try (Socket socket = connect(TestKeys.of("client", List.of("renewed")))) {
      assertThat(exchange(socket)).contains("MSA|AA|T1");
    }
  }
}
