package org.m2ib.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.base.Logged;
import org.m2ib.base.tls.TestKeys;
import org.m2ib.base.tls.Tls;
import org.m2ib.base.tls.TlsServer;
import org.m2ib.peers.Peers;

/** DICOM over TLS (PS3.15 B.12), with dcmtk and between our own client and server. */
class DicomTlsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Of a TLS record that does not end. */
  private static final byte[] BEGINNING = {22, 3, 1, 2, 0, 1};

  private final Map<String, byte[]> received = new ConcurrentHashMap<>();
  private final AtomicReference<Tls> current = new AtomicReference<>(TestKeys.of("server"));
  private StoreScp scp;
  @TempDir Path folder;

  private RemoteAe start(Tls.ClientAuth auth, Duration idle) throws IOException {
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
                idle,
                Optional.of(new TlsServer(current::get, auth))),
            this::keep);
    return RemoteAe.parse("M2IB@127.0.0.1:" + scp.port() + "+tls");
  }

  private RemoteAe start() throws IOException {
    return start(Tls.ClientAuth.REQUIRED, PATIENCE);
  }

  private void keep(IncomingObject object) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    object.writeTo(out);
    received.put(object.sopInstanceUid(), out.toByteArray());
  }

  /** What the server logs until it has stopped. */
  private String logged(Callable<?> work) throws Exception {
    return Logged.by(
        StoreScp.class,
        () -> {
          work.call();
          stop();
          return null;
        });
  }

  @AfterEach
  void stop() {
    if (scp != null) {
      scp.close();
    }
  }

  private static StoreScu client(Tls tls) {
    return new StoreScu(StoreScu.Settings.of("SENDER"), name -> tls);
  }

  private Peers.Run storescu(String... arguments) throws Exception {
    Peers.need("storescu", "dcmtk");
    List<String> command = new ArrayList<>(List.of("storescu", "-v", "-aec", "M2IB"));
    command.addAll(List.of(arguments));
    Path file = DicomFiles.write(DicomFiles.made("1.2.3.4.5"), folder, "a.dcm");
    command.addAll(List.of("127.0.0.1", String.valueOf(scp.port()), file.toString()));
    return Peers.run(command.toArray(String[]::new));
  }

  private static String pem(String name) {
    return TestKeys.file(name).toString();
  }

  private Peers.Run storescuAs(String certificate) throws Exception {
    return storescu(
        "+tls", pem(certificate + ".key"), pem(certificate + ".pem"), "+cf", pem("ca.pem"));
  }

  @Test
  void dcmtkSendsWithACertificateOfTheAuthority() throws Exception {
    start();
    Peers.Run run = storescuAs("client");
    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(received).containsKey("1.2.3.4.5");
  }

  @ParameterizedTest
  @CsvSource({
    "expired, has expired",
    "expired-alone, has expired",
    "stranger, of no authority in our trust store",
    "revoked, is revoked"
  })
  void dcmtkIsRefusedWithAnotherCertificate(String certificate, String reason) throws Exception {
    current.set(TestKeys.of("server", List.of("ca", "expired-alone")));
    start();
    String log =
        logged(
            () -> {
              assertThat(storescuAs(certificate).exit()).isNotZero();
              return null;
            });
    assertThat(log).contains("TLS handshake failed", reason, "from 127.0.0.1");
    assertThat(received).isEmpty();
  }

  @Test
  void aCertificateIsRequiredUnlessConfiguredOtherwise() throws Exception {
    start();
    String log =
        logged(
            () -> {
              assertThat(storescu("+tla", "+cf", pem("ca.pem")).exit()).isNotZero();
              return null;
            });
    assertThat(log).contains("the peer showed no certificate");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NONE", "REQUEST"})
  void aSenderWithoutCertificateIsAcceptedIfSoConfigured(Tls.ClientAuth auth) throws Exception {
    start(auth, PATIENCE);
    Peers.Run run = storescu("+tla", "+cf", pem("ca.pem"));
    assertThat(run.exit()).as(run.output()).isZero();
  }

  @Test
  void aCertificateThatIsRequestedMustBeValid() throws Exception {
    start(Tls.ClientAuth.REQUEST, PATIENCE);
    assertThat(storescuAs("stranger").exit()).isNotZero();
    assertThat(received).isEmpty();
  }

  @Test
  void plainTextIsRefusedAndOthersGoOn() throws Exception {
    RemoteAe remote = start();
    String log =
        logged(
            () -> {
              assertThat(storescu().exit()).isNotZero();
              client(TestKeys.of("client")).echo(remote);
              return null;
            });
    assertThat(log).contains("the peer speaks plain text, not TLS");
  }

  @Test
  void tlsToAPlainPortIsNamedInTheLog() throws Exception {
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
                PATIENCE,
                Optional.empty()),
            this::keep);
    RemoteAe remote = RemoteAe.parse("M2IB@127.0.0.1:" + scp.port() + "+tls");
    String log =
        logged(
            () -> {
              assertThatThrownBy(() -> client(TestKeys.of("client")).echo(remote))
                  .hasMessageContaining("the peer speaks plain text, not TLS");
              return null;
            });
    assertThat(log).contains("a TLS handshake on a port without TLS");
  }

  /** A client of a further service. */
  private interface Client {
    void call(RemoteAe archive, Function<String, Tls> tls);
  }

  private static final StoreScu.Settings SENDER = StoreScu.Settings.of("SENDER");
  private static final List<String> CLASSES = List.of(Uids.SECONDARY_CAPTURE);
  private static final List<SopReference> INSTANCES =
      List.of(new SopReference(Uids.SECONDARY_CAPTURE, "1.2.3.4.5"));

  private static final Map<String, Client> CLIENTS =
      Map.of(
          "C-FIND",
          (archive, tls) ->
              query(tls)
                  .find(archive, DicomObject.create().set(Tags.QueryRetrieveLevel, "STUDY"), 1),
          "C-GET",
          (archive, tls) -> query(tls).get(archive, "1.2.3", CLASSES, object -> {}),
          "C-MOVE",
          (archive, tls) -> query(tls).move(archive, "1.2.3", "SENDER"),
          "offer of query",
          (archive, tls) -> query(tls).isOffered(archive, Uids.STUDY_ROOT_FIND),
          "commitment request",
          (archive, tls) ->
              new CommitmentScu(SENDER, tls)
                  .ask(archive, "1.2.3", INSTANCES, Duration.ofSeconds(20), report -> true),
          "commitment report",
          (archive, tls) ->
              new CommitmentScu(SENDER, tls)
                  .report(archive, "SENDER", new CommitmentReport("1.2.3", INSTANCES, Map.of())),
          "offer of commitment",
          (archive, tls) -> new CommitmentScu(SENDER, tls).isOffered(archive));

  private static QueryScu query(Function<String, Tls> tls) {
    return new QueryScu(SENDER, Duration.ofMinutes(1), tls);
  }

  private static final class Nothing implements QueryRetrieve.Holdings, StorageCommitment.Owed {
    @Override
    public List<DicomObject> find(DicomObject identifier, boolean patientRoot, int limit) {
      return List.of();
    }

    @Override
    public boolean isMatched(DicomObject identifier, int tag) {
      return true;
    }

    @Override
    public List<Path> files(DicomObject identifier, boolean patientRoot) {
      return List.of();
    }

    @Override
    public StorageCommitment.Answer open(
        String calling, String called, String transaction, List<SopReference> instances) {
      throw new RefusedException(RefusedException.OUT_OF_RESOURCES, "a test");
    }

    @Override
    public List<StorageCommitment.Answer> take() {
      return List.of();
    }
  }

  @Test
  void everyClientUsesTheKeysOfItsPeerAndTrustsNoOther() throws Exception {
    Nothing nothing = new Nothing();
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
                PATIENCE,
                Optional.of(new TlsServer(current::get, Tls.ClientAuth.REQUIRED))),
            this::keep,
            List.of(
                new QueryRetrieve(
                    nothing,
                    Set.of("SENDER"),
                    1,
                    client(TestKeys.of("server")),
                    title -> Optional.of(new RemoteAe(title, "127.0.0.1", 1))),
                new StorageCommitment(
                    instance -> 0,
                    nothing,
                    report -> true,
                    new CommitmentScu(SENDER, name -> null),
                    title -> Optional.empty())));
    RemoteAe archive = RemoteAe.parse("M2IB@127.0.0.1:" + scp.port() + "+tls=hospital");
    CLIENTS.forEach(
        (name, client) -> {
          List<String> asked = new CopyOnWriteArrayList<>();
          try {
            client.call(
                archive,
                configuration -> {
                  asked.add(configuration);
                  return TestKeys.of("client");
                });
          } catch (DicomNetworkException e) { // not by TLS
            assertThat(e.getMessage()).as(name).contains("answered with status");
          }
          assertThat(asked).as(name).containsExactly("hospital");
          assertThatThrownBy(
                  () -> client.call(archive, n -> TestKeys.of("client", List.of("other-ca"))))
              .as(name)
              .isInstanceOf(DicomNetworkException.class)
              .hasMessageContaining("certificate");
          assertThatThrownBy(() -> client.call(archive, n -> TestKeys.of("stranger")))
              .as(name)
              .isInstanceOf(DicomNetworkException.class);
        });
  }

  @Test
  void aStalledHandshakeDelaysNoOther() throws Exception {
    RemoteAe remote = start();
    try (Socket silent = new Socket("127.0.0.1", scp.port());
        Socket begun = new Socket("127.0.0.1", scp.port())) {
      begun.getOutputStream().write(BEGINNING);
      client(TestKeys.of("client")).echo(remote);
      assertThat(silent.isConnected()).isTrue();
    }
  }

  @Test
  void aStalledHandshakeEndsAfterTheIdleTimeout() throws Exception {
    start(Tls.ClientAuth.REQUIRED, Duration.ofMillis(500));
    try (Socket silent = new Socket("127.0.0.1", scp.port());
        Socket begun = new Socket("127.0.0.1", scp.port())) {
      begun.getOutputStream().write(BEGINNING);
      for (Socket stalled : List.of(silent, begun)) {
        stalled.setSoTimeout((int) PATIENCE.toMillis());
        stalled.getInputStream().readAllBytes(); // returns only when the other side has closed
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aConnectionWithoutAssociationIsClosedAfterTheIdleTimeout(String version) throws Exception {
    RemoteAe remote = start(Tls.ClientAuth.REQUIRED, Duration.ofSeconds(3));
    Tls tls = TestKeys.of("client", List.of("ca"), List.of(version), List.of());
    try (Socket idle = connect(tls, remote);
        Socket open = connect(tls, remote)) {
      for (Socket one : List.of(idle, open)) {
        one.getInputStream().readAllBytes(); // returns only when the other side has closed
      }
    }
  }

  private static Socket connect(Tls tls, RemoteAe remote) throws IOException {
    Socket tcp = new Socket("127.0.0.1", remote.port());
    Socket socket = tls.connect(tcp, "127.0.0.1", (int) PATIENCE.toMillis());
    socket.setSoTimeout((int) PATIENCE.toMillis());
    return socket;
  }

  @Test
  void aReloadedCertificateCountsFromTheNextConnection() throws Exception {
    RemoteAe remote = start();
    StoreScu sender = client(TestKeys.of("client", List.of("renewed")));
    assertThatThrownBy(() -> sender.echo(remote)).hasMessageContaining("no authority");
    current.set(TestKeys.of("renewed"));
    sender.echo(remote);
  }

  @Test
  void weakProtocolsAndCipherSuitesAreRefused() throws Exception {
    assertThatThrownBy(() -> TestKeys.of("server", List.of("ca"), List.of("TLSv1.1"), List.of()))
        .hasMessageContaining("TLSv1.1: BCP 195");
    String weak = "TLS_RSA_WITH_AES_128_CBC_SHA";
    assertThatThrownBy(() -> TestKeys.of("server", List.of("ca"), List.of(), List.of(weak)))
        .hasMessageContaining(weak);
    start();
    Peers.Run run =
        storescu(
            "+tls", pem("client.key"), pem("client.pem"), "+cf", pem("ca.pem"), "+pa"); // AES CBC
    assertThat(run.exit()).as(run.output()).isNotZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void eitherVersionStoresAnObject(String version) throws Exception {
    RemoteAe remote = start();
    Tls tls = TestKeys.of("client", List.of("ca"), List.of(version), List.of());
    assertThat(client(tls).store(remote, List.of(DicomFiles.path("RG1_J2KI.dcm"))))
        .allMatch(StoreOutcome::stored);
    assertThat(received).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "expired-server, has expired",
    "elsewhere, is for another host",
    "stranger, of no authority in our trust store"
  })
  void weSendToNoServerThatIsNotTheOneMeant(String server, String reason) throws Exception {
    current.set(TestKeys.of(server));
    RemoteAe remote = start();
    assertThatThrownBy(() -> client(TestKeys.of("client")).echo(remote))
        .isInstanceOf(DicomNetworkException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void weSendToDcmtk() throws Exception {
    Peers.need("storescp", "dcmtk");
    int port = Peers.freePort();
    Path log = folder.resolve("storescp.log");
    Path out = Files.createDirectories(folder.resolve("out"));
    Process storescp =
        new ProcessBuilder(
                "storescp",
                "+tls",
                pem("server.key"),
                pem("server.pem"),
                "+cf",
                pem("ca.pem"),
                "-od",
                out.toString(),
                String.valueOf(port))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      RemoteAe remote = RemoteAe.parse("DCMTK@localhost:" + port + "+tls");
      StoreScu sender = client(TestKeys.of("client"));
      Peers.await(
          "storescp to answer",
          PATIENCE,
          () -> {
            sender.echo(remote);
            return true;
          });
      Path file = DicomFiles.write(DicomFiles.made("1.2.3.4.5"), folder, "a.dcm");
      assertThat(sender.store(remote, List.of(file))).allMatch(StoreOutcome::stored);
      assertThat(out).isDirectoryContaining(one -> one.toString().contains("1.2.3.4.5"));
      assertThatThrownBy(() -> client(TestKeys.of("stranger")).echo(remote))
          .isInstanceOf(DicomNetworkException.class);
      assertThatThrownBy(() -> client(TestKeys.of("", List.of("ca"))).echo(remote))
          .isInstanceOf(DicomNetworkException.class);
      assertThatThrownBy(() -> sender.echo(new RemoteAe("DCMTK", "localhost", port)))
          .isInstanceOf(DicomNetworkException.class);
    } finally {
      storescp.destroy();
      storescp.waitFor(10, TimeUnit.SECONDS);
    }
  }
}
