package org.m2ib.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.base.Logged;
import org.m2ib.peers.Peers;

class StoreTest {
  private final Map<String, byte[]> received = new ConcurrentHashMap<>();
  private final StoreScu scu = new StoreScu(StoreScu.Settings.of("SENDER"));
  private StoreScp scp;
  @TempDir Path folder;

  private RemoteAe start(StoreScp.Settings settings, StoreScp.Handler handler) throws IOException {
    scp = StoreScp.start(settings, handler);
    return new RemoteAe(settings.aeTitles().iterator().next(), "127.0.0.1", scp.port());
  }

  private RemoteAe start(StoreScp.Handler handler) throws IOException {
    return start(settings(Set.of(), 10, Duration.ofSeconds(20)), handler);
  }

  private static StoreScp.Settings settings(Set<String> callers, int associations, Duration idle) {
    return new StoreScp.Settings(
        Set.of("M2IB"),
        "127.0.0.1",
        0,
        callers,
        Set.of(),
        1 << 16,
        associations,
        idle,
        Optional.empty());
  }

  private static StoreScp.Settings settings(String aeTitle, int port) {
    return new StoreScp.Settings(
        Set.of(aeTitle),
        "127.0.0.1",
        port,
        Set.of(),
        Set.of(),
        1 << 16,
        1,
        Duration.ofSeconds(1),
        Optional.empty());
  }

  private void keep(IncomingObject object) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    object.writeTo(out);
    received.put(object.sopInstanceUid(), out.toByteArray());
  }

  @AfterEach
  void stop() {
    if (scp != null) {
      scp.close();
    }
  }

  @Test
  void anEchoIsAnswered() throws IOException {
    RemoteAe remote = start(this::keep);
    scu.echo(remote);
    assertThat(scp.isListening()).isTrue();
  }

  @Test
  void storedObjectsArePart10FilesWithTheSameContent() throws IOException {
    RemoteAe remote = start(this::keep);
    Path first = DicomFiles.write(DicomFiles.made("1.2.3.4.5"), folder, "a.dcm");
    List<StoreOutcome> outcomes =
        scu.store(remote, List.of(first, DicomFiles.path("image_dfl.dcm")));
    assertThat(outcomes).allMatch(StoreOutcome::stored).hasSize(2);
    DicomObject object = DicomObject.read(new ByteArrayInputStream(received.get("1.2.3.4.5")));
    assertThat(object.string(Tags.PatientName)).isEqualTo("Żółć^Ağa");
    DicomObject sent = DicomFiles.read("image_dfl.dcm");
    DicomObject inflated =
        DicomObject.read(new ByteArrayInputStream(received.get(sent.string(Tags.SOPInstanceUID))));
    assertThat(inflated.bytes(Tags.PixelData)).isEqualTo(sent.bytes(Tags.PixelData));
  }

  @Test
  void compressedObjectsArriveByteForByte() throws IOException {
    RemoteAe remote = start(this::keep);
    for (String name : List.of("RG1_J2KI.dcm", "JLSL_16_15_1_1F.dcm", "JPGExtended.dcm")) {
      Path file = DicomFiles.path(name);
      assertThat(scu.store(remote, List.of(file))).allMatch(StoreOutcome::stored);
      DicomObject sent = DicomObject.read(file);
      byte[] bytes = received.get(sent.string(Tags.SOPInstanceUID));
      DicomObject arrived = DicomObject.read(new ByteArrayInputStream(bytes));
      assertThat(arrived.transferSyntaxUid()).isEqualTo(sent.transferSyntaxUid());
      assertThat(arrived.fragments(Tags.PixelData))
          .usingRecursiveComparison()
          .isEqualTo(sent.fragments(Tags.PixelData));
      byte[] original = Files.readAllBytes(file);
      int tail = 100_000;
      int from = Math.max(original.length - tail, original.length / 2);
      assertThat(bytes).endsWith(java.util.Arrays.copyOfRange(original, from, original.length));
    }
  }

  @Test
  void aWrongCalledAeTitleIsRefused() throws IOException {
    RemoteAe remote = start(this::keep);
    RemoteAe wrong = new RemoteAe("NOT_ME", remote.host(), remote.port());
    assertThatThrownBy(() -> scu.echo(wrong))
        .isInstanceOf(DicomNetworkException.class)
        .hasMessageContaining("called AE title not recognized")
        .hasMessageContaining("NOT_ME@127.0.0.1");
  }

  @Test
  void onlyListedCallersAreLetIn() throws IOException {
    RemoteAe remote = start(settings(Set.of("FRIEND"), 10, Duration.ofSeconds(20)), this::keep);
    assertThatThrownBy(() -> scu.echo(remote))
        .hasMessageContaining("calling AE title not recognized");
    new StoreScu(StoreScu.Settings.of("FRIEND")).echo(remote);
  }

  @Test
  void associationsAboveTheLimitAreRejectedForNow() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    RemoteAe remote =
        start(
            settings(Set.of(), 1, Duration.ofSeconds(20)),
            object -> {
              inside.countDown();
              await(leave);
            });
    Path file = DicomFiles.write(DicomFiles.made("1.2.3.4.5"), folder, "a.dcm");
    Thread first = new Thread(() -> scu.store(remote, List.of(file)));
    first.start();
    assertThat(inside.await(20, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(() -> scu.echo(remote))
        .hasMessageContaining("too many associations, for now");
    leave.countDown();
    first.join(20_000);
    assertThat(first.isAlive()).isFalse();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aRefusalCarriesItsStatusAndTheAssociationGoesOn() throws IOException {
    RemoteAe remote =
        start(
            object -> {
              if (object.sopInstanceUid().endsWith(".5")) {
                throw new RefusedException(RefusedException.OUT_OF_RESOURCES, "the disk is full");
              }
              keep(object);
            });
    Path full = DicomFiles.write(DicomFiles.made("1.2.3.4.5"), folder, "a.dcm");
    Path fine = DicomFiles.write(DicomFiles.made("1.2.3.4.6"), folder, "b.dcm");
    List<StoreOutcome> outcomes = scu.store(remote, List.of(full, fine));
    assertThat(outcomes.get(0)).isEqualTo(new StoreOutcome(full, 0xA700, "the disk is full"));
    assertThat(outcomes.get(0).stored()).isFalse();
    assertThat(outcomes.get(1).stored()).isTrue();
  }

  @Test
  void aFailingHandlerIsAProcessingFailureAndTellsNoDetails() throws Exception {
    RemoteAe remote =
        start(
            object -> {
              throw new IllegalStateException("secret");
            });
    Path file = DicomFiles.write(DicomFiles.made("1.2.3.4.5"), folder, "a.dcm");
    List<StoreOutcome> outcomes = new ArrayList<>();
    String log = Logged.by(StoreScp.class, () -> outcomes.addAll(scu.store(remote, List.of(file))));
    assertThat(outcomes)
        .containsExactly(new StoreOutcome(file, 0x0110, "the object could not be stored"));
    assertThat(log)
        .contains("IllegalStateException", "at org.m2ib.dicom.StoreService.store")
        .doesNotContain("secret");
    scu.echo(remote);
  }

  @Test
  void anInstanceUidThatDiffersFromTheCommandIsRefused() throws IOException {
    RemoteAe remote = start(this::keep);
    byte[] bytes = DicomFiles.bytes(DicomFiles.made("1.2.3.4.5"));
    // the first occurrence is in the file meta information, which the command is made from
    int at = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("1.2.3.4.5");
    bytes[at] = '2';
    Path file = Files.write(folder.resolve("a.dcm"), bytes);
    StoreOutcome outcome = scu.store(remote, List.of(file)).get(0);
    assertThat(outcome.status()).isEqualTo(0xA900);
    assertThat(outcome.comment()).contains("(0008,0018) SOPInstanceUID differs");
    assertThat(received).isEmpty();
  }

  @Test
  void privateAndFutureStorageClassesAreTaken() throws IOException {
    RemoteAe remote = start(this::keep);
    Path vendor =
        DicomFiles.write(
            DicomFiles.made("1.2.3.4.5").set(Tags.SOPClassUID, "1.3.12.2.1107.5.9.1"),
            folder,
            "a.dcm");
    Path later =
        DicomFiles.write(
            DicomFiles.made("1.2.3.4.6").set(Tags.SOPClassUID, "1.2.840.10008.5.1.4.1.1.999"),
            folder,
            "b.dcm");
    Path query =
        DicomFiles.write(
            DicomFiles.made("1.2.3.4.7").set(Tags.SOPClassUID, "1.2.840.10008.5.1.4.1.2.2.1"),
            folder,
            "c.dcm");
    List<StoreOutcome> outcomes = scu.store(remote, List.of(vendor, later, query));
    assertThat(outcomes).extracting(StoreOutcome::stored).containsExactly(true, true, false);
    assertThat(outcomes.get(2).comment()).contains("no presentation context");
  }

  @Test
  void filesThatAreNotDicomAreReportedAndTheOthersSent() throws IOException {
    RemoteAe remote = start(this::keep);
    Path text = Files.writeString(folder.resolve("note.txt"), "hello, this is no image at all");
    Path missing = folder.resolve("missing.dcm");
    Path fine = DicomFiles.write(DicomFiles.made("1.2.3.4.6"), folder, "b.dcm");
    List<StoreOutcome> outcomes = scu.store(remote, List.of(text, missing, fine));
    assertThat(outcomes).extracting(StoreOutcome::stored).containsExactly(false, false, true);
    assertThat(outcomes.get(0).comment()).contains("cannot be read as DICOM");
    assertThat(outcomes.get(1).comment()).isEqualTo("the file does not exist");
    assertThat(scu.store(remote, List.of(text))).noneMatch(StoreOutcome::stored);
  }

  @Test
  void nobodyThereIsSaidClearly() throws IOException {
    int port = Peers.freePort();
    assertThatThrownBy(() -> scu.echo(new RemoteAe("PACS", "127.0.0.1", port)))
        .isInstanceOf(DicomNetworkException.class)
        .hasMessageContaining("PACS@127.0.0.1:" + port + ": no connection");
  }

  @Test
  void aSilentReceiverTimesOut() throws IOException {
    StoreScu impatient =
        new StoreScu(
            new StoreScu.Settings("SENDER", Duration.ofSeconds(2), Duration.ofMillis(300)));
    try (ServerSocket socket = new ServerSocket(0)) {
      RemoteAe silent = new RemoteAe("PACS", "127.0.0.1", socket.getLocalPort());
      assertThatThrownBy(() -> impatient.echo(silent)).isInstanceOf(DicomNetworkException.class);
    }
  }

  @Test
  void aSenderThatSaysNothingIsCutOff() throws IOException {
    RemoteAe remote = start(settings(Set.of(), 10, Duration.ofMillis(300)), this::keep);
    try (Socket socket = new Socket(remote.host(), remote.port())) {
      socket.setSoTimeout(20_000);
      // A-ABORT or the end of the stream, but no wait without end
      assertThat(socket.getInputStream().readAllBytes().length).isLessThan(100);
    }
    scu.echo(remote);
  }

  @Test
  void bytesThatAreNoDicomDoNotKillTheListener() throws IOException {
    RemoteAe remote = start(this::keep);
    for (byte[] noise :
        List.of(
            new byte[100], "GET / HTTP/1.1\r\n\r\n".getBytes(), new byte[] {1, 0, 127, -1, -1})) {
      try (Socket socket = new Socket(remote.host(), remote.port())) {
        socket.getOutputStream().write(noise);
      }
    }
    scu.echo(remote);
  }

  @Test
  void aTakenPortIsNamed() throws IOException {
    try (ServerSocket socket =
        new ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"))) {
      StoreScp.Settings settings =
          new StoreScp.Settings(
              Set.of("M2IB"),
              "127.0.0.1",
              socket.getLocalPort(),
              Set.of(),
              Set.of(),
              1 << 16,
              1,
              Duration.ofSeconds(1),
              Optional.empty());
      assertThatThrownBy(() -> StoreScp.start(settings, this::keep))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen for DICOM on 127.0.0.1:" + socket.getLocalPort());
    }
  }

  @Test
  void remoteEntitiesAreReadFromText() {
    assertThat(RemoteAe.parse("ARCHIVE@pacs.example:11112"))
        .isEqualTo(new RemoteAe("ARCHIVE", "pacs.example", 11112));
    for (String text : List.of("A@[::1]:104", "A@pacs:104+tls", "A@[::1]:104+tls=hospital")) {
      assertThat(RemoteAe.parse(text)).hasToString(text);
    }
    assertThat(RemoteAe.parse("A@pacs:104+tls").tls()).contains("");
    assertThat(RemoteAe.parse("A@pacs:104+tls=hospital").tls()).contains("hospital");
    for (String wrong :
        List.of("", "A", "A@b", "@b:1", "A@b:0", "A@b:70000", "A_TITLE_TOO_LONG_X@b:1")) {
      assertThatThrownBy(() -> RemoteAe.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> settings("M2IB", 70_000)).hasMessageContaining("port");
    assertThatThrownBy(() -> settings("", 104)).hasMessageContaining("AE title");
    assertThatThrownBy(() -> settings(Set.of(), 0, Duration.ofSeconds(1)))
        .hasMessageContaining("associations");
    assertThatThrownBy(() -> settings(Set.of(), 1, Duration.ZERO))
        .hasMessageContaining("idle timeout");
  }
}
