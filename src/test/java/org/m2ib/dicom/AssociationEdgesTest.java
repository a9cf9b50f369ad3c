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
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.peers.Peers;

/** Associations at the edge of PS3.8, byte by byte. */
class AssociationEdgesTest {
  private static final String IMPLICIT = Uids.IMPLICIT_VR_LITTLE_ENDIAN;
  private static final byte[] ABORT = HexFormat.of().parseHex("07000000000400000206");
  private static final byte[] REJECTION = HexFormat.of().parseHex("03000000000400010101");

  private final List<String> senders = new CopyOnWriteArrayList<>();
  private StoreScp scp;
  @TempDir Path folder;

  @BeforeEach
  void start() throws IOException {
    scp =
        StoreScp.start(
            new StoreScp.Settings(
                Set.of("M2IB"),
                "127.0.0.1",
                0,
                Set.of(),
                Set.of(Uids.COMPUTED_RADIOGRAPHY),
                1 << 16,
                10,
                Duration.ofSeconds(20),
                Optional.empty()),
            this::keep);
  }

  private void keep(IncomingObject object) throws IOException {
    object.writeTo(new ByteArrayOutputStream());
    senders.add(object.callingAeTitle());
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
            request(user, new byte[0]),
            request(item(0x20, new byte[] {1, 0, 0, 0}, item(0x40, ascii(IMPLICIT))), user),
            request(
                context(1, Uids.VERIFICATION, IMPLICIT),
                item(0x50, item(0x58, new byte[] {2, 0, 1, 0, 'x'}))),
            request(context(1, Uids.VERIFICATION, IMPLICIT), item(0x50, item(0x53, new byte[2]))),
            request(
                context(1, "1.2.3.4", IMPLICIT),
                item(0x50, item(0x57, new byte[] {0, 1, '1', 0, 99, '1'}))),
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

  /**
   * The provider stores and never sends, and gives no role that is not proposed (PS3.7 D.3.3.4).
   */
  @ParameterizedTest
  @CsvSource({
    // proposed, answered (SCU and SCP role), result of the context: 0 acceptance, 1 user rejection
    "0000, 0000, 1",
    "0001, 0000, 1",
    "0100, 0100, 0",
    "0101, 0100, 0"
  })
  void rolesAreAnsweredWithNoMoreThanWasProposed(String proposed, String answered, int result)
      throws IOException {
    String uid = Uids.SECONDARY_CAPTURE;
    byte[] length = ByteBuffer.allocate(2).putShort((short) uid.length()).array();
    byte[] request =
        request(
            context(1, uid, IMPLICIT),
            context(3, uid, IMPLICIT),
            context(5, Uids.VERIFICATION, IMPLICIT),
            item(
                0x50,
                item(0x51, new byte[] {0, 0, 64, 0}),
                item(0x54, length, ascii(uid), HexFormat.of().parseHex(proposed))));
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request);
      byte[] answer = pdu(socket);
      assertThat(results(answer)).containsExactly(result, result, 0);
      String role = HexFormat.of().formatHex(join(length, ascii(uid)));
      assertThat(HexFormat.of().formatHex(answer)).containsOnlyOnce(role + answered);
    }
  }

  @Test
  void everyContextOfALongRequestIsAnswered() throws IOException {
    List<byte[]> items = new ArrayList<>();
    for (int id = 1; id < 256; id += 2) {
      String sopClass = id == 3 ? "1.2.840.10008.5.1.4.1.2.2.1" : Uids.SECONDARY_CAPTURE;
      items.add(context(id, sopClass, id == 5 ? "1.2.840.10008.1.2.3.99" : IMPLICIT));
    }
    items.add(
        item(
            0x50,
            item(0x51, new byte[] {0, 0, 64, 0}),
            item(0x53, new byte[] {0, 0, 0, 0}), // operations without limit
            item(0x56, new byte[] {0, 1, '1', 2, 0, 0}), // extended negotiation
            item(0x58, new byte[] {1, 1, 0, 3, 'b', 'o', 'b', 0, 0}), // user identity
            item(0x7A, new byte[] {1, 2, 3}))); // not in the standard
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request(items.toArray(byte[][]::new)));
      List<Integer> results = results(pdu(socket));
      assertThat(results).hasSize(128).startsWith(0, 3);
      assertThat(results.stream().filter(r -> r == 0)).hasSizeGreaterThanOrEqualTo(126);
    }
  }

  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {"m2ib,3", "M2IB\\X,3", "M2IB567890123456,3", ",3", "  M2IB,2"})
  void onlyTheOwnTitleIsCalled(String called, int type) throws IOException {
    byte[] request = request(maximumLength(16384));
    byte[] title = ascii("%-16s".formatted(called == null ? "" : called));
    System.arraycopy(title, 0, request, 10, 16);
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request);
      byte[] answer = pdu(socket);
      assertThat(answer[0]).isEqualTo((byte) type);
      if (type == 3) {
        assertThat(answer).as("called AE title not recognized").endsWith(1, 1, 7);
      }
    }
  }

  /** A NUL would not go into every database, a backslash not into a file's meta information. */
  @Test
  void aSendersTitleIsKeptWithoutCharactersThatNoneHas() throws IOException {
    for (String title :
        List.of("A\0B", "A\nB", "A\\B", "A\u007fB", "A B", "", "ABCDEFGHIJKLMNOP")) {
      byte[] request = request(context(1, Uids.SECONDARY_CAPTURE, IMPLICIT), maximumLength(16384));
      System.arraycopy(ascii("%-16s".formatted(title)), 0, request, 26, 16);
      try (Socket socket = connect()) {
        socket.getOutputStream().write(request);
        assertThat(pdu(socket)[0]).isEqualTo((byte) 2);
        socket.getOutputStream().write(join(storeCommand(), data(2, dataSet())));
        assertSuccess(socket);
      }
    }
    assertThat(senders).containsExactly("A?B", "A?B", "A?B", "A?B", "A B", "", "ABCDEFGHIJKLMNOP");
  }

  /** Each is answered with A-ABORT, and costs no memory. */
  @Test
  void aCommandThatIsNoneIsAborted() throws IOException {
    byte[] noField = element(0x0800, 1, 1);
    byte[] noMessage = join(element(0x0100, 0x30, 0), noField);
    byte[] noDataSetType = join(element(0x0100, 0x30, 0), element(0x0110, 1, 0));
    byte[] endless = HexFormat.of().parseHex("00000200f0ffff7f");
    byte[] negative = HexFormat.of().parseHex("00000200f0ffffff3131");
    byte[] otherGroup = HexFormat.of().parseHex("080016000200000031310000");
    for (byte[] command :
        List.of(new byte[0], noField, noMessage, noDataSetType, endless, negative, otherGroup)) {
      assertThat(afterAssociation(pdv(1, 3, command)))
          .as(HexFormat.of().formatHex(command))
          .isEqualTo(ABORT);
    }
    byte[][] fragments = new byte[5][];
    Arrays.fill(fragments, pdv(1, 1, new byte[16_000]));
    fragments[0] = pdv(1, 1, endless);
    assertThat(afterAssociation(join(join(fragments), fragments[1])))
        .as("a command without end")
        .isEqualTo(ABORT);
    new StoreScu(StoreScu.Settings.of("SENDER")).echo(remote());
  }

  @Test
  void aCommandInFragmentsOfAByteAndEmptyOnesIsTaken() throws IOException {
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write(request(context(1, Uids.SECONDARY_CAPTURE, IMPLICIT), maximumLength(16384)));
      pdu(socket);
      byte[] command = Arrays.copyOfRange(storeCommand(), 12, storeCommand().length);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (byte b : command) {
        out.writeBytes(pdv(1, 1, new byte[] {b}));
      }
      out.writeBytes(pdv(1, 3, new byte[0]));
      out.writeBytes(pdv(1, 0, new byte[0]));
      out.writeBytes(data(0, dataSet()));
      out.writeBytes(pdv(1, 2, new byte[0]));
      socket.getOutputStream().write(out.toByteArray());
      assertSuccess(socket);
    }
    assertThat(senders).hasSize(1);
  }

  /** Order of command and data, and an association's end in between. */
  @Test
  void anObjectThatIsNotSentAsItMustBeIsNotKept() throws IOException {
    byte[] half = Arrays.copyOf(dataSet(), 20);
    List<byte[]> wrong =
        List.of(
            data(2, dataSet()), // no command
            join(storeCommand(), echo()), // a command where data is due
            join(storeCommand(), pdv(3, 2, dataSet())), // data of another context
            pdv(99, 3, Arrays.copyOfRange(echo(), 12, echo().length)), // a context never proposed
            join(storeCommand(), data(0, half), HexFormat.of().parseHex("05000000000400000000")));
    for (byte[] bytes : wrong) {
      assertThat(afterAssociation(bytes)[0]).isEqualTo((byte) 7);
    }
    for (String end : List.of("07000000000400000000", "")) { // A-ABORT, and a lost connection
      try (Socket socket = connect()) {
        socket
            .getOutputStream()
            .write(request(context(1, Uids.SECONDARY_CAPTURE, IMPLICIT), maximumLength(16384)));
        pdu(socket);
        socket
            .getOutputStream()
            .write(join(storeCommand(), data(0, half), HexFormat.of().parseHex(end)));
      }
    }
    new StoreScu(StoreScu.Settings.of("SENDER")).echo(remote());
    assertThat(senders).isEmpty();
  }

  @Test
  void aSenderThatTricklesAnObjectIsAborted() throws Exception {
    scp.close();
    scp =
        StoreScp.start(
            new StoreScp.Settings(
                Set.of("M2IB"),
                "127.0.0.1",
                0,
                Set.of(),
                Set.of(),
                1 << 16,
                10,
                Duration.ofMillis(300),
                Optional.empty()),
            this::keep);
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write(request(context(1, Uids.SECONDARY_CAPTURE, IMPLICIT), maximumLength(16384)));
      pdu(socket);
      socket.getOutputStream().write(join(storeCommand(), data(0, dataSet())));
      Thread sender =
          new Thread(
              () -> {
                try {
                  while (true) {
                    socket.getOutputStream().write(pdv(1, 0, new byte[2]));
                    Thread.sleep(20);
                  }
                } catch (IOException | InterruptedException e) {
                  // closed by the provider
                }
              });
      sender.start();
      assertThat(socket.getInputStream().readNBytes(1)).containsExactly(7);
      sender.join();
    }
    assertThat(senders).isEmpty();
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
    String jpegXl = "1.2.840.10008.1.2.4.110";
    assertThat(results(Uids.COMPUTED_RADIOGRAPHY, jpegXl)).isEqualTo(4);
    assertThat(results(Uids.COMPUTED_RADIOGRAPHY, jpegXl, IMPLICIT)).isZero();
    assertThat(results("1.2.840.10008.5.1.4.1.1.88.11", jpegXl)).isZero();
  }

  @Test
  void whatAProgramDecodesIsTakenWhereTheProgramIs() throws IOException {
    Peers.need("ojph_expand", "openjph-tools");
    DecoderPrograms.Settings before = DecoderPrograms.settings();
    assertThat(results(Uids.COMPUTED_RADIOGRAPHY, Uids.HTJ2K)).isZero();
    DecoderPrograms.configure(
        new DecoderPrograms.Settings(false, before.folder(), before.timeLimit(), before.memory()));
    try {
      assertThat(results(Uids.COMPUTED_RADIOGRAPHY, Uids.HTJ2K)).isEqualTo(4);
    } finally {
      DecoderPrograms.configure(before);
    }
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

  /** Result of the one context that is proposed. */
  private int results(String sopClass, String... syntaxes) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request(context(1, sopClass, syntaxes), maximumLength(0)));
      return results(pdu(socket)).get(0);
    }
  }

  /** Results of the contexts in their order (PS3.8 9.3.3.2). */
  private static List<Integer> results(byte[] answer) {
    List<Integer> results = new ArrayList<>();
    ByteBuffer items = ByteBuffer.wrap(answer, 74, answer.length - 74);
    while (items.hasRemaining()) {
      int type = items.get();
      items.get();
      int length = items.getShort();
      if (type == 0x21) {
        results.add((int) items.get(items.position() + 2));
      }
      items.position(items.position() + length);
    }
    return results;
  }

  /** What comes back first for these bytes, sent once an association is there. */
  private byte[] afterAssociation(byte[] bytes) throws IOException {
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write(
              request(
                  context(1, Uids.SECONDARY_CAPTURE, IMPLICIT),
                  context(3, Uids.VERIFICATION, IMPLICIT),
                  maximumLength(16384)));
      assertThat(pdu(socket)[0]).isEqualTo((byte) 2);
      socket.getOutputStream().write(bytes);
      return socket.getInputStream().readNBytes(10);
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

  /** C-STORE-RQ (PS3.7 9.3.1.1) for {@link #dataSet}, message 1, on context 1. */
  private static byte[] storeCommand() {
    return pdv(
        1,
        3,
        join(
            element(0x0002, padded(Uids.SECONDARY_CAPTURE)),
            element(0x0100, 1, 0),
            element(0x0110, 1, 0),
            element(0x0700, 0, 0),
            element(0x0800, 0, 0),
            element(0x1000, padded("1.2.3"))));
  }

  /** Of a C-STORE, whose response does not end with its status (0000,0900). */
  private static void assertSuccess(Socket socket) throws IOException {
    assertThat(HexFormat.of().formatHex(command(socket))).contains("00000009020000000000");
  }

  private static byte[] data(int flags, byte[] bytes) {
    return pdv(1, flags, bytes);
  }

  private static byte[] dataSet() {
    byte[] classUid = element(0x0016, padded(Uids.SECONDARY_CAPTURE));
    byte[] instanceUid = element(0x0018, padded("1.2.3"));
    classUid[0] = 8;
    instanceUid[0] = 8;
    return join(classUid, instanceUid);
  }

  /** An element of group 0000, Implicit VR Little Endian. */
  private static byte[] element(int element, int... value) {
    ByteBuffer buffer = ByteBuffer.allocate(8 + value.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putShort((short) 0).putShort((short) element).putInt(value.length);
    for (int b : value) {
      buffer.put((byte) b);
    }
    return buffer.array();
  }

  private static int[] padded(String uid) {
    return Arrays.copyOf(uid.chars().toArray(), uid.length() + uid.length() % 2);
  }

  private static byte[] pdv(int context, int flags, byte[] fragment) {
    return pdu(
        4,
        join(
            ByteBuffer.allocate(6)
                .putInt(fragment.length + 2)
                .put((byte) context)
                .put((byte) flags)
                .array(),
            fragment));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
