package org.m2ib.retrieve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.base.SuppliedClock;
import org.m2ib.base.Threads;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.DueAttempt;
import org.m2ib.cases.ReceivedInstance;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.RetrievalStore;
import org.m2ib.cases.StudyKey;
import org.m2ib.cases.TestArrivals;
import org.m2ib.cases.TestDatabase;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.IncomingObject;
import org.m2ib.dicom.LoopbackScp;
import org.m2ib.dicom.QueryRetrieve;
import org.m2ib.dicom.QueryScu;
import org.m2ib.dicom.RefusedException;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreScp;
import org.m2ib.dicom.StoreScu;
import org.m2ib.dicom.Tags;
import org.m2ib.dicom.Uids;
import org.m2ib.pairing.StudyIdentity;

class StudyRetrievalTest {
  private static final Instant NOW = Instant.parse("2024-05-06T07:08:09Z");
  private static final StudyKey BY_UID = new StudyKey("1.2.3", null, null, null, "P1", null);
  private static final StudyKey BY_ACCESSION = new StudyKey(null, "A1", null, null, "P1", null);

  @TempDir Path folder;
  private final Clock clock = new SuppliedClock(() -> this.now);
  private volatile Instant now = NOW;
  private final List<StoreScp> open = new ArrayList<>();
  private final List<DicomObject> matches = new CopyOnWriteArrayList<>();
  private final List<DicomObject> queries = new CopyOnWriteArrayList<>();
  private final List<String> received = new CopyOnWriteArrayList<>();
  private final List<Path> files = new CopyOnWriteArrayList<>();
  private final List<DicomObject> series = new ArrayList<>();
  private final List<DicomObject> instances = new ArrayList<>();
  private final List<String> hung = new CopyOnWriteArrayList<>();
  private final CountDownLatch hangs = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);
  private Optional<RemoteAe> moveTo = Optional.empty();
  private Runnable asked = () -> {};
  private StudyRetrieval.Method method = StudyRetrieval.Method.GET;
  private Database database;
  private ArrivalStore arrivals;
  private CaseStore cases;

  /** An archive that answers every query with the same matches. */
  private class Holdings implements QueryRetrieve.Holdings {
    private final List<Path> sent;

    Holdings(List<Path> sent) {
      this.sent = sent;
    }

    @Override
    public List<DicomObject> find(DicomObject identifier, boolean patientRoot, int limit) {
      String level = identifier.string(Tags.QueryRetrieveLevel);
      if (!level.equals("STUDY")) {
        return level.equals("SERIES") ? series : instances;
      }
      queries.add(identifier);
      asked.run();
      return matches;
    }

    @Override
    public boolean isMatched(DicomObject identifier, int tag) {
      return true;
    }

    @Override
    public List<Path> files(DicomObject identifier, boolean patientRoot) {
      return sent;
    }
  }

  @BeforeEach
  void start() throws IOException {
    database = TestDatabase.h2();
    arrivals = TestArrivals.store(database, clock);
    cases = new CaseStore(database, clock);
    files.add(file("1.2.3.4.5"));
  }

  private Path file(String sopInstanceUid) throws IOException {
    return DicomFiles.write(DicomFiles.made(sopInstanceUid), folder, sopInstanceUid + ".dcm");
  }

  private RemoteAe archive(String aeTitle) throws IOException {
    return archive(aeTitle, files);
  }

  private RemoteAe archive(String aeTitle, List<Path> sent) throws IOException {
    StoreScp scp =
        StoreScp.start(
            LoopbackScp.settings(aeTitle),
            object -> {},
            List.of(
                new QueryRetrieve(
                    new Holdings(sent),
                    Set.of("M2IB"),
                    100,
                    new StoreScu(StoreScu.Settings.of(aeTitle)),
                    title -> moveTo)));
    open.add(scp);
    return new RemoteAe(aeTitle, "127.0.0.1", scp.port());
  }

  /** An archive that accepts a query and then says nothing, until the test ends. */
  private RemoteAe hanging() throws IOException {
    StoreScp scp =
        StoreScp.start(
            LoopbackScp.settings("HANGS"),
            object -> {},
            List.of(
                new QueryRetrieve(
                    new Holdings(List.of()) {
                      @Override
                      public List<DicomObject> find(
                          DicomObject identifier, boolean patientRoot, int limit) {
                        hung.add(identifier.string(Tags.StudyInstanceUID));
                        hangs.countDown();
                        awaited(over);
                        return List.of();
                      }
                    },
                    Set.of("M2IB"),
                    100,
                    new StoreScu(StoreScu.Settings.of("HANGS")),
                    title -> Optional.empty())));
    open.add(scp);
    return new RemoteAe("HANGS", "127.0.0.1", scp.port());
  }

  private static void awaited(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A retrieval whose first case is being asked for at an archive that hangs. */
  private StudyRetrieval hangingAt(RemoteAe... archives) {
    StudyRetrieval retrieval = retrieval(archives);
    Threads.named("hangs").newThread(retrieval::run).start();
    awaited(hangs);
    return retrieval;
  }

  @AfterEach
  void stop() {
    over.countDown();
    open.forEach(StoreScp::close);
  }

  private StudyRetrieval retrieval(RemoteAe... archives) {
    return new StudyRetrieval(
        new StudyRetrieval.Settings(
            List.of(archives),
            method,
            Duration.ofMinutes(10),
            3,
            Duration.ofMinutes(2),
            Duration.ofHours(2),
            100,
            List.of(Uids.SECONDARY_CAPTURE),
            "M2IB"),
        new QueryScu(StoreScu.Settings.of("M2IB"), Duration.ofMinutes(1), name -> null),
        this::take,
        new StudyIdentity(database),
        arrivals,
        cases,
        new RetrievalStore(database, clock),
        clock);
  }

  private void take(IncomingObject object, String study) throws IOException {
    object.writeTo(OutputStream.nullOutputStream());
    if (object.sopInstanceUid().startsWith("9.")) {
      throw new RefusedException(RefusedException.DATA_SET_DOES_NOT_MATCH, "another study");
    }
    received.add(object.callingAeTitle() + " " + object.sopInstanceUid());
    arrivals.receive(
        new ReceivedInstance(
            new StudyKey(study, null, null, null, "P1", null),
            study + ".1",
            object.sopInstanceUid(),
            object.sopClassUid(),
            null,
            null,
            null,
            "PACS",
            "M2IB",
            TestArrivals.BLOB,
            ""));
  }

  /** What the archive says the study has. */
  private void hasInstances(String... uids) {
    series.add(DicomObject.create().set(Tags.SeriesInstanceUID, "1.2.3.1"));
    for (String uid : uids) {
      instances.add(
          DicomObject.create()
              .set(Tags.SOPInstanceUID, uid)
              .set(Tags.SOPClassUID, Uids.SECONDARY_CAPTURE));
    }
  }

  /** A case whose report waits for its study since long enough. */
  private UUID waiting(StudyKey study) {
    return waiting(study, "R1");
  }

  private UUID waiting(StudyKey study, String report) {
    arrivals.receive(
        TestArrivals.report(study, report, ReportStatus.FINAL, "Clear.", "api", "0".repeat(64)));
    UUID id = cases.create(study, CaseState.AWAITING_STUDY, TestArrivals.pair(arrivals).id()).id();
    now = now.plus(Duration.ofMinutes(10));
    return id;
  }

  private void match(String uid, String accession, String patient) {
    matches.add(
        DicomObject.create()
            .set(Tags.StudyInstanceUID, uid)
            .set(Tags.AccessionNumber, accession)
            .set(Tags.PatientID, patient)
            .set(Tags.NumberOfStudyRelatedInstances, "1"));
  }

  private String reason(UUID id) {
    return cases.find(id).map(Case::reason).orElseThrow();
  }

  @Test
  void theStudyOfAWaitingReportIsFetchedByItsUid() throws IOException {
    match("1.2.3", "A1", "P1");
    UUID id = waiting(BY_UID);
    retrieval(archive("PACS")).run();
    assertThat(received).containsExactly("PACS 1.2.3.4.5");
    assertThat(queries.get(0).string(Tags.StudyInstanceUID)).isEqualTo("1.2.3");
    assertThat(queries.get(0).string(Tags.QueryRetrieveLevel)).isEqualTo("STUDY");
    assertThat(reason(id)).isEqualTo("no image arrived; asked PACS: 1 object fetched");
  }

  @Test
  void aReportThatHasNotWaitedLongIsNotAskedFor() throws IOException {
    waiting(BY_UID);
    now = now.minusSeconds(1);
    retrieval(archive("PACS")).run();
    assertThat(queries).isEmpty();
  }

  @Test
  void anArchiveThatIgnoresTheKeysDoesNotMakeUsFetchAnotherStudy() throws IOException {
    match("9.9.9", "A9", "P1");
    UUID id = waiting(BY_ACCESSION);
    retrieval(archive("PACS")).run();
    assertThat(received).isEmpty();
    assertThat(reason(id)).contains("PACS: no such study");
  }

  @Test
  void theStudyOfAnotherPatientIsNotFetched() throws IOException {
    match("1.2.3", "A1", "P2");
    UUID id = waiting(BY_ACCESSION);
    retrieval(archive("PACS")).run();
    assertThat(received).isEmpty();
    assertThat(reason(id)).contains("another patient", "not fetched").doesNotContain("P2");
  }

  @Test
  void aStudyWhosePatientIsNotSaidIsNotFetched() throws IOException {
    match("1.2.3", "A1", "");
    UUID id = waiting(BY_UID);
    retrieval(archive("PACS")).run();
    assertThat(received).isEmpty();
    assertThat(reason(id)).contains("does not say whose the study is");
  }

  @Test
  void twoStudiesWithOneAccessionNumberAreNotFetched() throws IOException {
    match("1.2.3", "A1", "P1");
    match("1.2.4", "A1", "P1");
    UUID id = waiting(BY_ACCESSION);
    retrieval(archive("PACS")).run();
    assertThat(received).isEmpty();
    assertThat(reason(id)).contains("several studies match", "not asked again");
  }

  @Test
  void anAccessionNumberAloneWithoutAPatientIsNotEnough() throws IOException {
    match("1.2.3", "A1", "P1");
    UUID id = waiting(new StudyKey(null, "A1", null, null, null, null));
    retrieval(archive("PACS")).run();
    assertThat(queries).isEmpty();
    assertThat(reason(id)).contains("neither study UID nor patient identifier");
  }

  @Test
  void anAccessionNumberThatWouldBeAWildcardIsNotAsked() throws IOException {
    UUID id = waiting(new StudyKey(null, "A*", null, null, "P1", null));
    retrieval(archive("PACS")).run();
    assertThat(queries).isEmpty();
    assertThat(reason(id)).contains("no value of DICOM");
  }

  @Test
  void aLargeStudyIsNotFetched() throws IOException {
    match("1.2.3", "A1", "P1");
    matches.get(0).set(Tags.NumberOfStudyRelatedInstances, "101");
    UUID id = waiting(BY_UID);
    retrieval(archive("PACS")).run();
    assertThat(received).isEmpty();
    assertThat(reason(id)).contains("101 objects", "m2ib.retrieve.most-instances");
  }

  @Test
  void theNextArchiveIsAskedWhereOneDoesNotAnswer() throws IOException {
    match("1.2.3", "A1", "P1");
    RemoteAe away = archive("AWAY");
    open.get(0).close();
    UUID id = waiting(BY_UID);
    retrieval(away, archive("PACS")).run();
    assertThat(received).hasSize(1);
    assertThat(reason(id)).contains("AWAY: ", "no connection", "PACS: 1 object fetched");
  }

  @Test
  void attemptsAreRepeatedWithPausesAndEndAlsoOverRestarts() throws IOException {
    UUID id = waiting(BY_UID);
    RemoteAe archive = archive("PACS");
    retrieval(archive).run();
    retrieval(archive).run();
    assertThat(queries).as("before the pause").hasSize(1);
    now = now.plus(Duration.ofMinutes(2));
    retrieval(archive).run();
    assertThat(queries).hasSize(2);
    now = now.plus(Duration.ofMinutes(4));
    retrieval(archive).run();
    assertThat(queries).hasSize(3);
    assertThat(reason(id)).contains("not asked again");
    now = now.plus(Duration.ofDays(1));
    retrieval(archive).run();
    assertThat(queries).hasSize(3);

    cases.apply(id, CaseState.Event.REPORT_ALONE, "");
    now = now.plus(Duration.ofMinutes(10));
    retrieval(archive).run();
    assertThat(queries).as("a new version of the report").hasSize(4);
  }

  @Test
  void aCaseThatHasItsImagesIsNotAskedFor() throws IOException {
    UUID id = waiting(BY_UID);
    cases.apply(id, CaseState.Event.IMAGE, "");
    retrieval(archive("PACS")).run();
    assertThat(queries).isEmpty();
  }

  @Test
  void aStudyOfWhichAnImageFailedIsFetchedAgainThoughItsCaseGoesOn() throws IOException {
    match("1.2.3", "A1", "P1");
    hasInstances("1.2.3.4.5", "1.2.3.4.6");
    files.add(folder.resolve("gone.dcm"));
    UUID id = waiting(BY_UID);
    RemoteAe archive = archive("PACS");
    retrieval(archive).run();
    assertThat(reason(id))
        .contains("status B000 (some objects failed)", "1 object came, 1 did not, 1 image is");
    cases.apply(id, CaseState.Event.IMAGE, "");
    now = now.plus(Duration.ofMinutes(2));
    retrieval(archive).run();
    assertThat(received).hasSize(2);
    assertThat(cases.retrievals().isPartly(id)).isTrue();
    cases.setReason(id, "this; " + Case.PARTLY_FETCHED + "; that");

    files.set(1, file("1.2.3.4.6"));
    now = now.plus(Duration.ofMinutes(4));
    retrieval(archive).run();
    assertThat(received).contains("PACS 1.2.3.4.6");
    assertThat(cases.retrievals().isPartly(id)).isFalse();
    assertThat(reason(id)).isEqualTo("this; that");
    int before = queries.size();
    now = now.plus(Duration.ofDays(1));
    retrieval(archive).run();
    assertThat(queries).as("all is here").hasSize(before);
  }

  @Test
  void aStudyThatNeverComesWholeIsAskedForSoOftenAndSaysSoForGood() throws IOException {
    match("1.2.3", "A1", "P1");
    matches.get(0).set(Tags.NumberOfStudyRelatedInstances, "2"); // though it says success
    hasInstances("1.2.3.4.5", "1.2.3.4.6");
    UUID id = waiting(BY_UID);
    RemoteAe archive = archive("PACS");
    for (int i = 0; i < 5; i++) {
      retrieval(archive).run();
      cases.apply(id, CaseState.Event.IMAGE, "");
      now = now.plus(Duration.ofHours(1));
    }
    assertThat(queries).hasSize(3);
    assertThat(cases.retrievals().isPartly(id)).isTrue();
  }

  @Test
  void whatIsNoImageMayFail() throws IOException {
    match("1.2.3", "A1", "P1");
    hasInstances("1.2.3.4.5");
    instances.add(
        DicomObject.create()
            .set(Tags.SOPInstanceUID, "1.2.3.4.7")
            .set(Tags.SOPClassUID, Uids.ENCAPSULATED_PDF));
    files.add(folder.resolve("gone.dcm"));
    UUID id = waiting(BY_UID);
    retrieval(archive("PACS")).run();
    assertThat(received).hasSize(1);
    assertThat(cases.retrievals().isPartly(id)).isFalse();
  }

  @Test
  void anObjectOfAnotherStudyIsRefusedAndTheNextArchiveAsked() throws IOException {
    match("1.2.3", "A1", "P1");
    UUID id = waiting(BY_UID);
    retrieval(archive("WRONG", List.of(file("9.8.7"))), archive("PACS")).run();
    assertThat(received).containsExactly("PACS 1.2.3.4.5");
    assertThat(reason(id))
        .contains(
            "WRONG: fetched with status A702 (out of resources, it cannot send the objects)",
            "refused here: another study",
            "PACS: 1 object fetched");
  }

  @Test
  void whatAnArchiveSaysToHaveMovedIsLookedFor() throws IOException {
    method = StudyRetrieval.Method.MOVE;
    match("1.2.3", "A1", "P1");
    hasInstances("1.2.3.4.5");
    StoreScp elsewhere = StoreScp.start(LoopbackScp.settings("M2IB"), object -> {});
    open.add(elsewhere);
    moveTo = Optional.of(new RemoteAe("M2IB", "127.0.0.1", elsewhere.port()));
    UUID id = waiting(BY_UID);
    retrieval(archive("PACS")).run();
    assertThat(reason(id))
        .contains("1 object fetched, 1 image is missing: they were sent to M2IB as the archive");
    moveTo = Optional.empty();
    now = now.plus(Duration.ofMinutes(2));
    retrieval(archive("PACS2")).run();
    assertThat(reason(id)).contains("status A801 (it does not know the destination's AE title)");
  }

  @Test
  void anArchiveThatTakesLongToFailHoldsUpOneReportAlone() throws IOException {
    asked =
        () -> {
          now = now.plus(Duration.ofMinutes(1));
          throw new IllegalStateException();
        };
    UUID id = waiting(BY_UID);
    UUID other = waiting(BY_ACCESSION, "R2");
    retrieval(archive("PACS")).run();
    assertThat(queries).hasSize(1);
    assertThat(reason(id) + reason(other))
        .contains("PACS: not asked, it has just failed: ", "status C000");
  }

  @Test
  void theOtherArchivesServeTheOtherReportsWhileOneHangs() throws IOException {
    match("1.2.3", "A1", "P1");
    UUID first = waiting(new StudyKey("1.2.9", null, null, null, "P1", null));
    UUID second = waiting(BY_UID, "R2");
    StudyRetrieval retrieval = hangingAt(hanging(), archive("PACS"));
    retrieval.run();
    assertThat(received).as("asked in order, if that takes a moment").isEmpty();
    now = now.plus(ArchiveTurns.HOLDS_UP);
    retrieval.run();
    assertThat(received).containsExactly("PACS 1.2.3.4.5");
    assertThat(reason(second))
        .contains("HANGS: not asked yet, it is busy with another case; PACS: 1 object fetched");
    assertThat(hung).containsExactly("1.2.9");
    assertThat(reason(first)).isEmpty();
  }

  @Test
  void inTheBackgroundTooAnArchiveThatHangsLeavesTheOthersFree() throws Exception {
    match("1.2.3", "A1", "P1");
    waiting(new StudyKey("1.2.9", null, null, null, "P1", null));
    waiting(BY_UID, "R2");
    try (StudyRetrieval retrieval = retrieval(hanging(), archive("PACS"))) {
      retrieval.start();
      awaited(hangs);
      now = now.plus(ArchiveTurns.HOLDS_UP);
      for (int i = 0; i < 600 && received.isEmpty(); i++) {
        Thread.sleep(100);
      }
      assertThat(received).containsExactly("PACS 1.2.3.4.5");
      assertThat(over.getCount()).as("still hangs").isEqualTo(1);
      over.countDown();
    }
  }

  @Test
  void aCaseIsNotTakenTwiceThoughItIsDueAgain() throws IOException {
    match("1.2.3", "A1", "P1");
    waiting(BY_UID);
    StudyRetrieval retrieval = hangingAt(hanging(), archive("PACS"));
    now = now.plus(Duration.ofDays(1));
    retrieval.run();
    assertThat(received).isEmpty();
    assertThat(hung).hasSize(1);
  }

  @Test
  void anArchiveThatIsBusyForLongCostsTheOthersNoAttempt() throws IOException {
    waiting(BY_UID);
    UUID other = waiting(BY_ACCESSION, "R2");
    StudyRetrieval retrieval = hangingAt(hanging());
    for (int i = 0; i < 5; i++) {
      now = now.plus(ArchiveTurns.BUSY_PAUSE);
      retrieval.run();
    }
    assertThat(reason(other))
        .isEqualTo("no image arrived; asked HANGS: not asked yet, it is busy with another case");
    now = now.plus(ArchiveTurns.BUSY_PAUSE);
    assertThat(new RetrievalStore(database, clock).due(10)).contains(new DueAttempt(other, 0));
  }

  @Test
  void whatAnotherArchiveSaysIsNotFinalWhereOneWasNotAsked() throws IOException {
    match("1.2.3", "A1", "P1");
    match("1.2.4", "A1", "P1");
    waiting(new StudyKey("1.2.9", null, null, null, "P1", null));
    UUID other = waiting(BY_ACCESSION, "R2");
    StudyRetrieval retrieval = hangingAt(hanging(), archive("PACS"));
    now = now.plus(ArchiveTurns.HOLDS_UP);
    retrieval.run();
    assertThat(reason(other)).contains("several studies match").doesNotContain("not asked again");
  }
}
