package org.m2ib.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Associations at the edge of PS3.8, byte by byte. */
class AssociationEdgesTest {
  private static final String IMPLICIT = Uids.IMPLICIT_VR_LITTLE_ENDIAN;
  private static final byte[] ABORT = HexFormat.of().parseHex("07000000000400000206");
  private static final byte[] REJECTION = HexFormat.of().parseHex("03000000000400010101");

  private StoreScp scp;
  @TempDir Path folder;

  @BeforeEach
  void start() throws IOException {
    scp =
        StoreScp.start(
            new StoreScp.Settings(
                "M2IB",
                "127.0.0.1",
                0,
                Set.of(),
                Set.of(Uids.COMPUTED_RADIOGRAPHY),
                1 << 16,
                10,
                Duration.ofSeconds(20)),
            object -> object.writeTo(new ByteArrayOutputStream()));
  }

  @AfterEach
  void stop() {
    scp.close();
  }

  @Test
  void anyMaximumLengthWithRoomForDataIsServed() throws IOException {
    for (int length : new int[] {0xFFFFFFFF, 0x80000000, Integer.MAX_VALUE, 0, 8, 9, 16, 16384}) {
      try (Socket socket = connect()) {
        socket.getOutputStream().write(request(maximumLength(length)));
        assertThat(pdu(socket)[0]).as("answer to %08X", length).isEqualTo((byte) 2);
        socket.getOutputStream().write(echo());
        byte[] command = command(socket);
        assertThat(command).as("response for %08X", length).endsWith(0, 0);
        assertThat(command.length).isEqualTo(78);
      }
    }
  }

  @Test
  void aMaximumLengthWithoutRoomForDataIsRejected() throws IOException {
    for (int length = 1; length < 8; length++) {
      assertThat(answer(request(maximumLength(length)))).as("%d", length).isEqualTo(REJECTION);
    }
    new StoreScu(StoreScu.Settings.of("SENDER")).echo(remote());
  }

  @Test
  void malformedRequestsAreAborted() throws IOException {
    byte[] user = maximumLength(16384);
    List<byte[]> malformed =
        List.of(
            pdu(1, new byte[0]),
            pdu(1, new byte[20]),
            request(context(1, Uids.VERIFICATION), user),
            request(context(1, Uids.VERIFICATION, ""), user),
            request(
                context(1, Uids.VERIFICATION, IMPLICIT),
                context(1, Uids.VERIFICATION, IMPLICIT),
                user),
            request(context(2, Uids.VERIFICATION, IMPLICIT), user),
            request(item(0x20, new byte[2]), user),
            request(new byte[] {0x20, 0, 0x70, 0}),
            request(item(0x50, new byte[] {0x51, 0, 0, 9, 1})),
            request(item(0x50, item(0x54, new byte[] {0, 90, 1}))));
    for (byte[] request : malformed) {
      assertThat(answer(request)).as(HexFormat.of().formatHex(request)).isEqualTo(ABORT);
    }
    new StoreScu(StoreScu.Settings.of("SENDER")).echo(remote());
  }

  @Property(tries = 60)
  void aDamagedRequestIsAnswered(@ForAll @IntRange(min = 6, max = 200) int at, @ForAll byte value)
      throws IOException {
    start();
    try {
      byte[] request = request(context(1, Uids.VERIFICATION, IMPLICIT), maximumLength(16384));
      request[Math.min(at, request.length - 1)] = value;
      try (Socket socket = connect()) {
        socket.getOutputStream().write(request);
        assertThat(pdu(socket)[0]).isIn((byte) 2, (byte) 3, (byte) 7);
      }
    } finally {
      stop();
    }
  }

  @Test
  void aRoleThatIsNotProposedIsNotGiven() throws IOException {
    String storage = Uids.SECONDARY_CAPTURE;
    byte[] uid = storage.getBytes(StandardCharsets.US_ASCII);
    byte[] role =
        ByteBuffer.allocate(uid.length + 4)
            .putShort((short) uid.length)
            .put(uid)
            .put((byte) 0)
            .put((byte) 1)
            .array();
    byte[] request =
        request(
            context(1, storage, IMPLICIT),
            item(0x50, item(0x51, new byte[] {0, 0, 64, 0}), item(0x54, role)));
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request);
      byte[] answer = pdu(socket);
      assertThat(answer[0]).isEqualTo((byte) 2);
      String hex = HexFormat.of().formatHex(answer);
      assertThat(hex).as("roles").contains(HexFormat.of().formatHex(uid) + "0000");
      assertThat(hex).as("context 1 is rejected by the user").contains("01000100");
    }
  }

  /** What is wrong once an association is there (PS3.8 9.2, states 2 and 6): A-ABORT, reason. */
  @ParameterizedTest
  @CsvSource({
    // PDU with its header, reason: 1 unrecognized, 2 unexpected, 6 invalid parameter value
    "09000000000400000000, 1",
    "ff000000000100, 1",
    "04000000000100, 6",
    "0400000000080000000200ff0000, 6",
    "04000000000700000002010300, 6",
    "040000000006000000000103, 6",
    "04000000000600ffffff0103, 6",
    "0400ffffffff, 6",
    "0100000000080001000000000000, 2",
    "02000000000400000000, 2"
  })
  void whatIsWrongWithinAnAssociationIsAbortedWithItsReason(String pdu, int reason)
      throws IOException {
    try (Socket socket = connect()) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write(request(maximumLength(16384)));
      assertThat(pdu(socket)[0]).isEqualTo((byte) 2);
      socket.getOutputStream().write(HexFormat.of().parseHex(pdu));
      socket.getOutputStream().flush();
      assertThat(HexFormat.of().formatHex(socket.getInputStream().readNBytes(10)))
          .isEqualTo("070000000004000002%02x".formatted(reason));
    }
    new StoreScu(StoreScu.Settings.of("SENDER")).echo(remote());
  }

  /** What comes before an association (PS3.8 Table 9-10, state 2). */
  @ParameterizedTest
  @CsvSource({
    "040000000006000000020103, 2",
    "05000000000400000000, 2",
    "09000000000400000000, 1",
    "0100000000, 0",
    "010000000001ff, 6",
    "01007fffffff, 6",
    "0100ffffffff, 6",
    "474554202f20485454502f312e310d0a0d0a, 1"
  })
  void whatComesBeforeAnAssociationIsAbortedWithItsReason(String bytes, int reason)
      throws IOException {
    try (Socket socket = connect()) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write(HexFormat.of().parseHex(bytes));
      if (reason > 0) {
        assertThat(HexFormat.of().formatHex(socket.getInputStream().readNBytes(10)))
            .isEqualTo("070000000004000002%02x".formatted(reason));
      }
    }
    new StoreScu(StoreScu.Settings.of("SENDER")).echo(remote());
  }

  @Test
  void anAttributedClassIsTakenOnlyInTransferSyntaxesThatAreDecoded() throws IOException {
    String htj2k = "1.2.840.10008.1.2.4.201";
    assertThat(results(Uids.COMPUTED_RADIOGRAPHY, htj2k)).isEqualTo(4);
    assertThat(results(Uids.COMPUTED_RADIOGRAPHY, htj2k, IMPLICIT)).isZero();
    assertThat(results("1.2.840.10008.5.1.4.1.1.88.11", htj2k)).isZero();
  }

  @Test
  void aReceiverWithAnUnlimitedLengthIsServedAndOneWithoutRoomIsNamed() throws Exception {
    StoreScu scu =
        new StoreScu(new StoreScu.Settings("SENDER", Duration.ofSeconds(5), Duration.ofSeconds(5)));
    for (int length : new int[] {0xFFFFFFFF, 5}) {
      try (ServerSocket receiver = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
        Thread proxy = new Thread(() -> relay(receiver, length));
        proxy.start();
        RemoteAe remote = new RemoteAe("M2IB", "127.0.0.1", receiver.getLocalPort());
        if (length == 5) {
          assertThatThrownBy(() -> scu.echo(remote))
              .isInstanceOf(DicomNetworkException.class)
              .hasMessageContaining("maximum PDU length is 5 bytes");
        } else {
          scu.echo(remote);
        }
        proxy.join(20_000);
      }
    }
  }

  /** Hands everything on, the maximum length in the answer changed. */
  private void relay(ServerSocket receiver, int length) {
    try (Socket sender = receiver.accept();
        Socket behind = connect()) {
      behind.getOutputStream().write(pdu(sender));
      byte[] answer = pdu(behind);
      ByteBuffer buffer = ByteBuffer.wrap(answer);
      for (int i = 74; i < answer.length - 7; i++) {
        if (buffer.getInt(i) == 0x5100_0004) {
          buffer.putInt(i + 4, length);
        }
      }
      sender.getOutputStream().write(answer);
      while (true) {
        behind.getOutputStream().write(pdu(sender));
        sender.getOutputStream().write(pdu(behind));
      }
    } catch (IOException | RuntimeException e) {
      // one side has closed: the exchange is over
    }
  }

  /** Result of the one context that is proposed (PS3.8 9.3.3.2). */
  private int results(String sopClass, String... syntaxes) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request(context(1, sopClass, syntaxes), maximumLength(0)));
      byte[] answer = pdu(socket);
      ByteBuffer items = ByteBuffer.wrap(answer, 74, answer.length - 74);
      while (items.hasRemaining()) {
        int type = items.get();
        items.get();
        int length = items.getShort();
        if (type == 0x21) {
          return items.get(items.position() + 2);
        }
        items.position(items.position() + length);
      }
      throw new AssertionError("no context in the answer");
    }
  }

  private RemoteAe remote() {
    return new RemoteAe("M2IB", "127.0.0.1", scp.port());
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket("127.0.0.1", scp.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private byte[] answer(byte[] request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request);
      return socket.getInputStream().readNBytes(10);
    }
  }

  private static byte[] pdu(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] header = in.readNBytes(6);
    if (header.length < 6) {
      throw new IOException("closed after " + header.length + " bytes");
    }
    byte[] whole = Arrays.copyOf(header, 6 + ByteBuffer.wrap(header).getInt(2));
    assertThat(in.readNBytes(whole, 6, whole.length - 6)).isEqualTo(whole.length - 6);
    return whole;
  }

  /** The response's command, its fragments put together. */
  private static byte[] command(Socket socket) throws IOException {
    ByteArrayOutputStream command = new ByteArrayOutputStream();
    while (true) {
      byte[] pdu = pdu(socket);
      assertThat(pdu.length).as("a fragment is not empty").isGreaterThan(12);
      command.write(pdu, 12, pdu.length - 12);
      if ((pdu[11] & 2) != 0) {
        return command.toByteArray();
      }
    }
  }

  private static byte[] item(int type, byte[]... parts) {
    byte[] body = join(parts);
    return join(
        ByteBuffer.allocate(4).put((byte) type).put((byte) 0).putShort((short) body.length).array(),
        body);
  }

  private static byte[] context(int id, String abstractSyntax, String... transferSyntaxes) {
    List<byte[]> parts = new ArrayList<>();
    parts.add(new byte[] {(byte) id, 0, 0, 0});
    parts.add(item(0x30, abstractSyntax.getBytes(StandardCharsets.US_ASCII)));
    for (String syntax : transferSyntaxes) {
      parts.add(item(0x40, syntax.getBytes(StandardCharsets.US_ASCII)));
    }
    return item(0x20, parts.toArray(byte[][]::new));
  }

  private static byte[] maximumLength(int length) {
    return item(0x50, item(0x51, ByteBuffer.allocate(4).putInt(length).array()));
  }

  private static byte[] request(byte[] user) {
    return request(context(1, Uids.VERIFICATION, IMPLICIT), user);
  }

  private static byte[] request(byte[]... items) {
    byte[] fixed =
        ("\0\1\0\0" + "M2IB            " + "SENDER          " + "\0".repeat(32))
            .getBytes(StandardCharsets.US_ASCII);
    return pdu(
        1,
        join(
            fixed,
            item(0x10, "1.2.840.10008.3.1.1.1".getBytes(StandardCharsets.US_ASCII)),
            join(items)));
  }

  private static byte[] pdu(int type, byte[] body) {
    return join(
        ByteBuffer.allocate(6).put((byte) type).put((byte) 0).putInt(body.length).array(), body);
  }

  /** C-ECHO-RQ (PS3.7 9.3.5.1), message 1, on context 1. */
  private static byte[] echo() {
    byte[] command =
        HexFormat.of()
            .parseHex(
                "00000000040000003800000000000200120000"
                    + "00312e322e3834302e31303030382e312e310000000001020000003000"
                    + "00001001020000000100000000080200000001"
                    + "01");
    byte[] pdv =
        join(
            ByteBuffer.allocate(6).putInt(command.length + 2).put((byte) 1).put((byte) 3).array(),
            command);
    return pdu(4, pdv);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
