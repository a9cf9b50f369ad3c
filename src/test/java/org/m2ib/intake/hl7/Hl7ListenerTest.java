package org.m2ib.intake.hl7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.app.Connection;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.model.v251.message.ACK;
import ca.uhn.hl7v2.model.v251.message.ORU_R01;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.cases.Blobs;
import org.m2ib.intake.Kept;
import org.m2ib.intake.ReportIntake;

@Timeout(30)
class Hl7ListenerTest {
  private static final int MOST = 4096;
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path dir;
  private final Kept kept = new Kept();
  private final List<Socket> peers = new ArrayList<>();
  private Hl7Listener listener;

  @BeforeEach
  void start() throws IOException {
    listener = listen(Duration.ofMinutes(10), Duration.ofMinutes(1));
  }

  private Hl7Listener listen(Duration idle, Duration message) throws IOException {
    Hl7Settings settings = TestHl7Settings.of(0, MOST, 4, idle, message);
    return new Hl7Listener(
        settings, new Hl7Intake(settings, new ReportIntake(new Blobs(dir), kept)));
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket peer : peers) {
      peer.close();
    }
    listener.close();
  }

  private static String message(String id, String text) {
    return "MSH|^~\\&|RIS|HOSP|M2IB|QA|20260102||ORU^R01^ORU_R01|"
        + id
        + "|P|2.5.1\rPID|1||P7\rOBR|1||"
        + id
        + "\rOBX|1|TX|||"
        + text
        + "\r";
  }

  private Socket connect() throws IOException {
    return new Socket("127.0.0.1", listener.port());
  }

  private static void send(Socket socket, String message) throws IOException {
    socket
        .getOutputStream()
        .write(("\u000b" + message + "\u001c\r").getBytes(StandardCharsets.UTF_8));
  }

  private static String receive(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    int b = in.read();
    assertThat(b).isEqualTo(0x0B);
    for (b = in.read(); b != 0x1C && b >= 0; b = in.read()) {
      answer.write(b);
    }
    assertThat(in.read()).isEqualTo('\r');
    return answer.toString(StandardCharsets.UTF_8);
  }

  @Test
  void hapisClientIsAcknowledged() throws Exception {
    try (HapiContext context = new DefaultHapiContext()) {
      Connection connection = context.newClient("127.0.0.1", listener.port(), false);
      ORU_R01 report = new ORU_R01();
      report.setParser(context.getPipeParser());
      report.parse(message("HAPI1", "Clear \\T\\ normal."));
      Message first = connection.getInitiator().sendAndReceive(report);
      Message second = connection.getInitiator().sendAndReceive(report);
      connection.close();
      for (Message answer : List.of(first, second)) {
        assertThat(((ACK) answer).getMSA().getAcknowledgmentCode().getValue()).isEqualTo("AA");
        assertThat(((ACK) answer).getMSA().getMessageControlID().getValue()).isEqualTo("HAPI1");
      }
    }
    assertThat(kept.reports).hasSize(2);
    assertThat(kept.reports.get(0).text()).isEqualTo("Clear & normal.");
  }

  @Test
  void messagesOfOneConnectionAreAnsweredInOrder() throws IOException {
    try (Socket socket = connect()) {
      for (int i = 0; i < 20; i++) {
        send(socket, message("M" + i, "t"));
      }
      for (int i = 0; i < 20; i++) {
        assertThat(receive(socket)).contains("MSA|AA|M" + i + "\r");
      }
    }
  }

  @Test
  void aSeparatorThatNoCarriageReturnFollowsEndsNoMessage() throws IOException {
    try (Socket socket = connect()) {
      send(socket, message("M1", "FINDINGS: A\u001cB and\u001c\u001c C."));
      assertThat(receive(socket)).contains("MSA|AA|M1");
    }
    assertThat(kept.report().text()).isEqualTo("FINDINGS: A B and   C.");
  }

  @Test
  void aFrameInPiecesIsOneMessage() throws IOException {
    byte[] frame = ("\u000b" + message("M1", "t") + "\u001c\r").getBytes(StandardCharsets.UTF_8);
    try (Socket socket = connect()) {
      socket.setTcpNoDelay(true);
      for (byte b : frame) {
        socket.getOutputStream().write(b);
      }
      assertThat(receive(socket)).contains("MSA|AA|M1\r");
    }
    assertThat(kept.reports).hasSize(1);
  }

  @Test
  void aFrameThatEndsWithoutACarriageReturnIsNotTaken() throws IOException {
    for (String end : List.of("\u001c", "\u001c\n", "")) {
      try (Socket socket = connect()) {
        socket.getOutputStream().write(("\u000b" + message("TORN", "t") + end).getBytes());
        socket.shutdownOutput();
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
      }
    }
    try (Socket socket = connect()) {
      socket.getOutputStream().write(("\u000b" + message("TORN", "t") + "\u001c").getBytes());
      send(socket, message("NEXT", "t"));
      assertThat(receive(socket)).contains("MSA|AA|NEXT\r");
    }
    assertThat(kept.reports).extracting(r -> r.reportId()).containsExactly("NEXT");
  }

  /** A sender compares MSA-2 with what it wrote into MSH-10. */
  @ParameterizedTest
  @ValueSource(
      strings = {"", "A^B", "A&B~C", "A\\T\\B", "A$1\\", "0123456789012345678901234567890"})
  void theControlIdIsAnsweredAsItWasSent(String id) throws IOException {
    try (Socket socket = connect()) {
      send(socket, message("M1", "t").replace("|M1|P|", "|" + id + "|P|"));
      assertThat(receive(socket))
          .containsPattern("MSA\\|AA" + Pattern.quote(id.isEmpty() ? "\r" : "|" + id + "\r"));
      send(socket, message("M1", "t").replace("|M1|P|", "|" + id + "|P|").replace("ORU", "ADT"));
      assertThat(receive(socket)).contains("MSA|AR|" + id + "|of ADT, only");
    }
  }

  @Test
  void aStorageFailureIsRetriedOnTheSameConnection() throws IOException {
    try (Socket socket = connect()) {
      kept.down = true;
      send(socket, message("M1", "t"));
      assertThat(receive(socket)).contains("MSA|AE|M1|");
      kept.down = false;
      send(socket, message("M1", "t"));
      assertThat(receive(socket)).contains("MSA|AA|M1\r");
    }
    assertThat(kept.reports).hasSize(1);
  }

  @Test
  void aMessageTooLongIsRefusedAndTheNextOneTaken() throws IOException {
    try (Socket socket = connect()) {
      send(socket, message("LONG", "x".repeat(5 * MOST)));
      assertThat(receive(socket)).contains("MSA|AR|LONG|").contains(MOST + " bytes");
      send(socket, message("NEXT", "t"));
      assertThat(receive(socket)).contains("MSA|AA|NEXT\r");
    }
    assertThat(kept.reports).hasSize(1);
  }

  @Test
  void garbageNeverStopsTheListener() throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      send(socket, "\0\1\2garbage");
      assertThat(receive(socket)).contains("MSA|AR|");
      send(socket, message("AFTER", "t"));
      assertThat(receive(socket)).contains("MSA|AA|AFTER\r");
    }
    try (Socket socket = connect()) {
      socket.getOutputStream().write(("\u000b" + message("CUT", "t")).getBytes());
    }
    try (Socket socket = connect()) {
      send(socket, message("LAST", "t"));
      assertThat(receive(socket)).contains("MSA|AA|LAST\r");
    }
    assertThat(kept.reports).extracting(r -> r.reportId()).containsExactly("AFTER", "LAST");
  }

  /** Four peers, as many as may be connected, whose first message was answered. */
  private List<Socket> four() throws IOException {
    for (int i = 0; i < 4; i++) {
      peers.add(connect());
      send(peers.get(i), message("C" + i, "t"));
      assertThat(receive(peers.get(i))).contains("MSA|AA|");
    }
    return peers;
  }

  /** Peers that opened a connection and went away without a word must not keep others out. */
  @Test
  void aNewConnectionTakesThePlaceOfTheOneIdleLongest() throws Exception {
    List<Socket> open = four();
    send(open.get(0), message("AGAIN", "t"));
    assertThat(receive(open.get(0))).contains("MSA|AA|AGAIN");
    try (Socket fifth = connect()) {
      send(fifth, message("FIFTH", "t"));
      assertThat(receive(fifth)).contains("MSA|AA|FIFTH");
    }
    assertThat(open.get(1).getInputStream().read()).isEqualTo(-1);
    send(open.get(0), message("STILL", "t"));
    assertThat(receive(open.get(0))).contains("MSA|AA|STILL");
  }

  @Test
  void aConnectionIsRefusedWhileAMessageComesInOnEachOther() throws Exception {
    List<Socket> open = four();
    for (Socket peer : open) {
      peer.getOutputStream().write(0x0B);
    }
    while (busy() < 4) {
      Thread.onSpinWait();
    }
    try (Socket fifth = connect()) {
      assertThat(fifth.getInputStream().read()).isEqualTo(-1);
    }
    for (int i = 0; i < 4; i++) {
      open.get(i).getOutputStream().write((message("D" + i, "t") + "\u001c\r").getBytes());
      assertThat(receive(open.get(i))).contains("MSA|AA|D" + i);
    }
  }

  private long busy() {
    return listener.connections().stream().filter(c -> !c.isIdle()).count();
  }

  @Test
  void aConnectionWithoutAMessageIsClosed() throws IOException {
    try (Hl7Listener hasty = listen(Duration.ofMillis(200), DAY);
        Socket socket = new Socket("127.0.0.1", hasty.port())) {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"no start", "\u000bno end"})
  void bytesThatNeverStopComingAreNoMessage(String begin) throws IOException {
    Duration limit = Duration.ofMillis(200);
    try (Hl7Listener hasty = listen(limit, limit);
        Socket socket = new Socket("127.0.0.1", hasty.port())) {
      socket.getOutputStream().write(begin.getBytes());
      assertThatThrownBy(
              () -> {
                while (true) {
                  socket.getOutputStream().write(new byte[1 << 12]);
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aMessageThatDoesNotEndInTimeLosesItsConnection() throws IOException {
    try (Hl7Listener hasty = listen(DAY, Duration.ofMillis(200));
        Socket socket = new Socket("127.0.0.1", hasty.port())) {
      socket.getOutputStream().write("\u000bMSH|^~".getBytes());
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    assertThat(kept.reports).isEmpty();
  }

  @Test
  void aMessageWithoutItsFrameIsToldApartFromAWrongMessage() throws IOException {
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write((message("M1", "t") + "\u001c\r").getBytes(StandardCharsets.UTF_8));
      assertThat(receive(socket)).contains("MSA|AR|M1|wrong framing").contains("ERR||MSH^1|100");
      send(socket, message("M2", "t"));
      assertThat(receive(socket)).contains("MSA|AA|M2");
    }
    assertThat(kept.reports).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u000b%s\u001c", "\u000b%s\u001c\n", "%s", "\r\n%s"})
  void aFrameThatIsNotCompleteIsAnsweredBeforeTheConnectionIsClosed(String frame)
      throws IOException {
    listener.close();
    listener = listen(DAY, Duration.ofMillis(200));
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write(frame.formatted(message("M1", "t")).getBytes(StandardCharsets.UTF_8));
      assertThat(receive(socket)).contains("MSA|AR|M1|wrong framing");
      assertThat(socket.getInputStream().read()).isNegative();
    }
    assertThat(kept.reports).isEmpty();
  }

  @Test
  void enhancedModeAnswersInAFrameEachOrNotAtAll() throws IOException {
    try (Socket socket = connect()) {
      send(socket, message("M1", "t").replace("|P|2.5.1", "|P|2.5.1|||NE|NE"));
      send(socket, message("M2", "t").replace("|P|2.5.1", "|P|2.5.1|||AL|AL"));
      assertThat(receive(socket)).contains("MSA|CA|M2");
      assertThat(receive(socket)).contains("MSA|AA|M2");
      send(socket, message("M3", "t"));
      assertThat(receive(socket)).contains("MSA|AA|M3");
    }
    assertThat(kept.reports).hasSize(3);
  }

  @Test
  void severalSendersAtOnceLoseNothing() throws Exception {
    ExecutorService senders = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> all =
          IntStream.range(0, 4)
              .<Future<?>>mapToObj(
                  s ->
                      senders.submit(
                          () -> {
                            try (Socket socket = connect()) {
                              for (int i = 0; i < 25; i++) {
                                send(socket, message("S" + s + "M" + i, "t"));
                                assertThat(receive(socket)).contains("MSA|AA|S" + s + "M" + i);
                              }
                            }
                            return null;
                          }))
              .toList();
      for (Future<?> sender : all) {
        sender.get();
      }
    } finally {
      senders.shutdown();
    }
    assertThat(kept.reports).hasSize(100);
  }

  @Test
  void aPortInUseIsNamed() {
    Hl7Settings taken = TestHl7Settings.of(listener.port(), MOST, 4, DAY, DAY);
    assertThatThrownBy(() -> new Hl7Listener(taken, null))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("127.0.0.1:" + listener.port())
        .hasMessageContaining("m2ib.hl7.port");
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> TestHl7Settings.of(70000, MOST, 4, DAY, DAY))
        .hasMessageContaining("m2ib.hl7.port = 70000");
  }
}
