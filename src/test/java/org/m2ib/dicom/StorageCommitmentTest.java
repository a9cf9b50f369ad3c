package org.m2ib.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.aoju.bus.image.Tag;
import org.aoju.bus.image.metric.DimseRSP;
import org.aoju.bus.image.metric.internal.pdu.AAssociateRQ;
import org.aoju.bus.image.metric.internal.pdu.RoleSelection;
import org.aoju.bus.image.metric.service.ServiceHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.m2ib.base.SuppliedClock;
import org.m2ib.base.Threads;
import org.m2ib.cases.Database;
import org.m2ib.cases.OwedCommitment;
import org.m2ib.cases.OwedCommitmentStore;
import org.m2ib.cases.TestDatabase;
import org.m2ib.intake.dicom.OwedAnswers;
import org.m2ib.peers.Peers;

class StorageCommitmentTest {
  private static final String CLASS = Uids.STORAGE_COMMITMENT_PUSH_MODEL;
  private static final SopReference HELD = new SopReference(Uids.SECONDARY_CAPTURE, "1.2.3.4.5");
  private static final SopReference GONE = new SopReference(Uids.SECONDARY_CAPTURE, "1.2.3.4.6");
  private static final CommitmentReport ANSWER =
      new CommitmentReport(
          "1.2.3", List.of(HELD), Map.of(GONE, CommitmentReport.NO_SUCH_OBJECT_INSTANCE));

  private final List<StoreScp> open = new ArrayList<>();
  private final Map<String, RemoteAe> peers = new HashMap<>();
  private final Database database = TestDatabase.h2();
  private Instant now = Instant.parse("2024-05-06T07:08:09Z");
  private final BlockingQueue<CommitmentReport> reports = new LinkedBlockingQueue<>();
  private final CommitmentScu scu = scu("M2IB");

  private static CommitmentScu scu(String aeTitle) {
    return new CommitmentScu(
        StoreScu.Settings.of(aeTitle),
        name -> {
          throw new IllegalArgumentException(name);
        });
  }

  private RemoteAe start(String aeTitle, List<DimseService> services) throws IOException {
    StoreScp scp = StoreScp.start(LoopbackScp.settings(aeTitle), object -> {}, services);
    open.add(scp);
    return new RemoteAe(aeTitle, "127.0.0.1", scp.port());
  }

  /** One that has an instance. */
  private RemoteAe archive() throws IOException {
    return start("ARCHIVE", List.of(commitment()));
  }

  private StorageCommitment commitment() {
    return new StorageCommitment(
        instance -> instance.equals(HELD) ? 0 : CommitmentReport.NO_SUCH_OBJECT_INSTANCE,
        new OwedAnswers(new OwedCommitmentStore(database, new SuppliedClock(() -> now))),
        report -> false,
        scu("ARCHIVE"),
        title -> Optional.ofNullable(peers.get(title)));
  }

  /** Our own listener. */
  private void listen() throws IOException {
    OwedAnswers none =
        new OwedAnswers(new OwedCommitmentStore(TestDatabase.h2(), Clock.systemUTC()));
    peers.put(
        "M2IB",
        start(
            "M2IB",
            List.of(
                new StorageCommitment(
                    instance -> 0, none, this::take, scu, title -> Optional.empty()))));
  }

  private boolean take(CommitmentReport report) {
    return report.transactionUid().equals("1.2.3") && reports.add(report);
  }

  @AfterEach
  void stop() {
    open.forEach(StoreScp::close);
  }

  @Test
  void anAnswerComesOnTheAssociationOfItsRequestWhileThatIsOpen() throws Exception {
    scu.ask(archive(), "1.2.3", List.of(HELD, GONE), Duration.ofSeconds(20), this::take);
    assertThat(reports.poll()).isEqualTo(ANSWER);
  }

  @Test
  void anAnswerComesToOurListenerIfTheAssociationIsClosed() throws Exception {
    listen();
    RemoteAe archive = archive();
    // the archive's events are refused on this association, as by a sender that takes none there
    scu.ask(archive, "1.2.3", List.of(HELD, GONE), Duration.ZERO, report -> false);
    assertThat(reports.poll(20, TimeUnit.SECONDS)).isEqualTo(ANSWER);
  }

  @Test
  void anAnswerThatIsOwedComesAfterARestart() throws Exception {
    // the sender does not listen, and no event is taken on the association of the request
    RemoteAe archive = archive();
    scu.ask(archive, "1.2.3", List.of(HELD, GONE), Duration.ZERO, report -> false);
    stop();
    listen();
    now = now.plus(Duration.ofMinutes(3));
    archive();
    assertThat(reports.poll(20, TimeUnit.SECONDS)).isEqualTo(ANSWER);
  }

  @Test
  void aRequestWhoseProcessDiedAfterTheAcknowledgementIsAnsweredByTheNextOne() throws Exception {
    OwedCommitmentStore killed = new OwedCommitmentStore(database, new SuppliedClock(() -> now));
    new OwedAnswers(killed).open("M2IB", "ARCHIVE", "1.2.3", List.of(HELD, GONE));
    listen();
    try (StorageCommitment next = commitment()) {
      next.answerDue();
      assertThat(reports).as("it may still be in progress").isEmpty();
      now = now.plus(Duration.ofMinutes(2));
      next.answerDue();
      assertThat(reports.poll(20, TimeUnit.SECONDS)).isEqualTo(ANSWER);
      // the row goes when the answer's association has ended, which is after the answer
      Peers.await("nothing is owed", Duration.ofSeconds(20), () -> owed() == 0);
      now = now.plus(Duration.ofDays(2));
      next.answerDue();
      assertThat(killed.take()).as("nothing is owed any more").isEmpty();
      assertThat(reports).isEmpty();
    }
  }

  @Test
  void aSenderThatIsSilentHoldsUpNoOther() throws Exception {
    OwedAnswers before =
        new OwedAnswers(new OwedCommitmentStore(database, new SuppliedClock(() -> now)));
    listen();
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      for (String sender : List.of("SILENT1", "SILENT2", "SILENT3")) {
        peers.put(sender, new RemoteAe(sender, "127.0.0.1", silent.getLocalPort()));
        before.open(sender, "ARCHIVE", "1.2.4", List.of(HELD));
        before.open(sender, "ARCHIVE", "1.2.5", List.of(HELD));
        now = now.plusSeconds(1);
      }
      before.open("M2IB", "ARCHIVE", "1.2.3", List.of(HELD, GONE)); // the last that is due
      now = now.plus(Duration.ofMinutes(2));
      try (StorageCommitment next = commitment()) {
        next.answerDue();
        assertThat(reports.poll(20, TimeUnit.SECONDS)).isEqualTo(ANSWER);
        Peers.await("the others are still called", Duration.ofSeconds(20), () -> owed() == 6);
      }
    }
  }

  @Test
  void anAnswerThatWaitsForAnotherOfItsSenderLosesNoAttempt() throws Exception {
    OwedAnswers before =
        new OwedAnswers(new OwedCommitmentStore(database, new SuppliedClock(() -> now)));
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      peers.put("SILENT", new RemoteAe("SILENT", "127.0.0.1", silent.getLocalPort()));
      before.open("SILENT", "ARCHIVE", "1.2.4", List.of(HELD));
      now = now.plus(Duration.ofMinutes(2));
      try (StorageCommitment next = commitment(); // looks for what is due at once
          Socket call = silent.accept()) {
        before.open("SILENT", "ARCHIVE", "1.2.5", List.of(HELD));
        now = now.plus(Duration.ofMinutes(2));
        next.answerDue();
        assertThat(attempts("1.2.5")).isEqualTo(1);
      }
    }
  }

  private int attempts(String transaction) {
    return database
        .list(
            (row, context) -> row.getInt(1),
            "select attempts from owed_commitment where transaction_uid = ?",
            transaction)
        .get(0);
  }

  @Test
  void aSenderThatIsAwayIsCalledOnceForAllItsAnswers() throws Exception {
    OwedCommitmentStore store = new OwedCommitmentStore(database, new SuppliedClock(() -> now));
    OwedAnswers before = new OwedAnswers(store);
    AtomicInteger calls = new AtomicInteger();
    try (ServerSocket refusing = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Threads.named("refusing")
          .newThread(
              () -> {
                try {
                  for (; ; ) {
                    try (Socket call = refusing.accept()) {
                      calls.incrementAndGet();
                    }
                  }
                } catch (IOException e) {
                  // the test ends
                }
              })
          .start();
      peers.put("AWAY", new RemoteAe("AWAY", "127.0.0.1", refusing.getLocalPort()));
      before.open("AWAY", "ARCHIVE", "1.2.4", List.of(HELD));
      before.open("AWAY", "ARCHIVE", "1.2.5", List.of(HELD));
      now = now.plus(Duration.ofMinutes(2));
      try (StorageCommitment next = commitment()) { // looks for what is due at once
        Peers.await("both have failed", Duration.ofSeconds(20), () -> failures() == 2);
      }
    }
    assertThat(calls).hasValue(1);
  }

  private int failures() {
    return database
        .list(
            (row, context) -> row.getInt(1),
            "select count(*) from owed_commitment where problem <> ''")
        .get(0);
  }

  private int owed() {
    return database
        .list((row, context) -> row.getInt(1), "select count(*) from owed_commitment")
        .get(0);
  }

  @Test
  void anAnswerIsGivenUpAfterADay() {
    OwedCommitmentStore store = new OwedCommitmentStore(database, new SuppliedClock(() -> now));
    store.open("NOBODY", "ARCHIVE", "1.2.3", List.of());
    Instant asked = now;
    int attempts = 1;
    for (; now.isBefore(asked.plus(Duration.ofDays(3))); now = now.plus(Duration.ofMinutes(1))) {
      for (OwedCommitment owed : store.take()) {
        attempts++;
        if (store.failed(owed, "it does not listen")) {
          assertThat(Duration.between(asked, now)).isGreaterThan(Duration.ofHours(24));
        }
      }
    }
    assertThat(attempts).isEqualTo(28);
  }

  @Test
  void anotherRequestOfTheSameTransactionTakesThePlaceOfTheFirst() {
    OwedCommitmentStore store = new OwedCommitmentStore(database, new SuppliedClock(() -> now));
    store.open("SENDER", "ARCHIVE", "1.2.3", List.of());
    store.open("OTHER", "ARCHIVE", "1.2.3", List.of());
    var again = List.of(new OwedCommitment.Instance("1.2", "3.4"));
    store.open("SENDER", "ARCHIVE", "1.2.3", again);
    now = now.plus(Duration.ofHours(1));
    assertThat(store.take())
        .extracting(OwedCommitment::callingAeTitle, OwedCommitment::instances)
        .containsExactlyInAnyOrder(tuple("SENDER", again), tuple("OTHER", List.of()));
    assertThat(store.take()).as("they are taken").isEmpty();
  }

  @Test
  void aRequestThatCannotBeRecordedIsNotAcknowledged() throws Exception {
    StorageCommitment.Owed away =
        new StorageCommitment.Owed() {
          @Override
          public StorageCommitment.Answer open(
              String calling, String called, String transaction, List<SopReference> instances) {
            throw new IllegalStateException("the database is away");
          }

          @Override
          public List<StorageCommitment.Answer> take() {
            return List.of();
          }
        };
    RemoteAe archive =
        start(
            "ARCHIVE",
            List.of(
                new StorageCommitment(
                    instance -> 0, away, report -> false, scu, title -> Optional.empty())));
    DicomObject good = DicomObject.create().set(Tags.TransactionUID, "1.2.3");
    HELD.write(good, Tags.ReferencedSOPSequence);
    assertThat(act(archive, Uids.STORAGE_COMMITMENT_INSTANCE, 1, good)).isEqualTo(0x0213);
  }

  @Test
  void anArchiveMayOpenAnAssociationInTheRoleOfTheProviderAlone() throws Exception {
    listen();
    for (boolean alsoUser : new boolean[] {false, true}) {
      AAssociateRQ request = request();
      request.addRoleSelection(new RoleSelection(CLASS, alsoUser, true));
      RoleSelection agreed =
          associations()
              .open(
                  peers.get("M2IB"),
                  request,
                  (association, timer) -> association.getAAssociateAC().getRoleSelectionFor(CLASS));
      assertThat(agreed.isSCP()).isTrue();
      assertThat(agreed.isSCU()).isEqualTo(alsoUser);
    }
  }

  @Test
  void aTransactionThatWasNotRequestedIsRefused() throws Exception {
    listen();
    CommitmentReport other = new CommitmentReport("9.9", List.of(HELD), Map.of());
    assertThatThrownBy(() -> scu.report(peers.get("M2IB"), "ARCHIVE", other))
        .isInstanceOf(DicomNetworkException.class)
        .hasMessageContaining("0115");
    assertThat(reports).isEmpty();
  }

  @Test
  void requestsThatAreNotOnesAreRefusedWithTheirStatus() throws Exception {
    RemoteAe archive = archive();
    DicomObject good = DicomObject.create().set(Tags.TransactionUID, "1.2.3");
    HELD.write(good, Tags.ReferencedSOPSequence);
    DicomObject nothing = DicomObject.create().set(Tags.TransactionUID, "1.2.3");
    DicomObject noTransaction = DicomObject.create();
    HELD.write(noTransaction, Tags.ReferencedSOPSequence);
    String instance = Uids.STORAGE_COMMITMENT_INSTANCE;
    // one that is right would be answered with a report, on an association that ends already
    assertThat(act(archive, "1.2.3.4", 1, good)).isEqualTo(0x0112);
    assertThat(act(archive, instance, 2, good)).isEqualTo(0x0123);
    assertThat(act(archive, instance, 1, nothing)).isEqualTo(0x0115);
    assertThat(act(archive, instance, 1, noTransaction)).isEqualTo(0x0115);
    DicomObject noUid = DicomObject.create().set(Tags.TransactionUID, "1.2 3");
    HELD.write(noUid, Tags.ReferencedSOPSequence);
    assertThat(act(archive, instance, 1, noUid)).isEqualTo(0x0115);
  }

  private static int act(RemoteAe archive, String instance, int type, DicomObject data) {
    return associations()
        .open(
            archive,
            request(),
            new ServiceHandler(), // takes no event
            (association, timer) -> {
              DimseRSP response =
                  association.naction(
                      CLASS, instance, type, data.attributes(), Uids.IMPLICIT_VR_LITTLE_ENDIAN);
              response.next();
              return response.getCommand().getInt(Tag.Status, -1);
            });
  }

  @Test
  void anArchiveThatDoesNotOfferItIsNamed() throws Exception {
    RemoteAe archive = start("ARCHIVE", List.of());
    assertThat(scu.isOffered(archive)).isFalse();
    assertThatThrownBy(
            () -> scu.ask(archive, "1.2.3", List.of(HELD), Duration.ZERO, report -> true))
        .isInstanceOf(DicomNetworkException.class)
        .hasMessageContaining("ARCHIVE@127.0.0.1")
        .hasMessageContaining("does not offer storage commitment");
    assertThat(scu.isOffered(archive())).isTrue();
  }

  private static AAssociateRQ request() {
    AAssociateRQ request = new AAssociateRQ();
    request.addPresentationContextFor(CLASS, Uids.IMPLICIT_VR_LITTLE_ENDIAN);
    return request;
  }

  private static Associations associations() {
    return new Associations(
        StoreScu.Settings.of("M2IB"),
        name -> {
          throw new IllegalArgumentException(name);
        });
  }
}
