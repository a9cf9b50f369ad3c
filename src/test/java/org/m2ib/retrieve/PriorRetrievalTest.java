package org.m2ib.retrieve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.m2ib.retrieve.StudyRetrieval.Method.MOVE;

import java.io.IOException;
import java.nio.file.Files;
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
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.m2ib.base.SuppliedClock;
import org.m2ib.base.Threads;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.DueAttempt;
import org.m2ib.cases.Prior;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.StudyKey;
import org.m2ib.cases.TestArrivals;
import org.m2ib.cases.TestDatabase;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.IncomingObject;
import org.m2ib.dicom.LoopbackScp;
import org.m2ib.dicom.QueryRetrieve;
import org.m2ib.dicom.QueryScu;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreScp;
import org.m2ib.dicom.StoreScu;
import org.m2ib.dicom.Tags;
import org.m2ib.dicom.Uids;
import org.m2ib.holdings.HeldQueries;
import org.m2ib.holdings.Holdings;
import org.m2ib.holdings.HoldingsIndex;
import org.m2ib.intake.dicom.DicomIntake;
import org.m2ib.intake.dicom.ReportObjects;
import org.m2ib.pairing.Pairing;
import org.m2ib.pairing.StudyIdentity;
import org.m2ib.peers.Orthanc;

/** Against our own query/retrieve provider, which has a database of its own. */
class PriorRetrievalTest {
  private static final String NOW_STUDY = "1.2.9";

  @TempDir Path folder;
  private final Clock clock = new SuppliedClock(() -> this.now);
  private volatile Instant now = Instant.parse("2024-05-06T07:08:09Z");
  private final List<StoreScp> open = new ArrayList<>();
  private final Store ours = new Store("ours");
  private final Store theirs = new Store("theirs");
  private RemoteAe archive;
  private StudyRetrieval.Method method = StudyRetrieval.Method.GET;
  private int most = 3;
  private boolean sameBodyPart;
  private Set<String> modalities = Set.of();
  private int mostInstances = 10;
  private long mostBytes = 1 << 20;

  /** What one side holds. */
  private final class Store {
    private final String name;
    private Database database;
    private ArrivalStore arrivals;
    private CaseStore cases;
    private Holdings holdings;
    private DicomIntake intake;

    Store(String name) {
      this.name = name;
    }

    void open() throws IOException {
      Blobs blobs = new Blobs(folder.resolve(name));
      database = TestDatabase.h2();
      arrivals = new ArrivalStore(database, clock, blobs);
      cases = new CaseStore(database, clock);
      holdings =
          new Holdings(
              database,
              blobs,
              new HoldingsIndex(database, blobs, id -> List.of(), Duration.ofMinutes(1)));
      intake =
          new DicomIntake(blobs, arrivals, new ReportObjects(object -> false, List.of("report")));
    }

    void put(DicomObject object) throws IOException {
      intake.store(
          IncomingObject.ofFile(new java.io.ByteArrayInputStream(DicomFiles.bytes(object))));
    }
  }

  @BeforeEach
  void start() throws IOException {
    ours.open();
    theirs.open();
    StoreScp scp =
        StoreScp.start(
            LoopbackScp.settings("PACS"),
            object -> {},
            List.of(
                new QueryRetrieve(
                    new HeldQueries(theirs.holdings),
                    Set.of("M2IB"),
                    100,
                    new StoreScu(StoreScu.Settings.of("PACS")),
                    title -> Optional.empty())));
    open.add(scp);
    archive = new RemoteAe("PACS", "127.0.0.1", scp.port());
  }

  @AfterEach
  void stop() {
    open.forEach(StoreScp::close);
  }

  private static DicomObject image(String study, String date, int n) {
    return DicomFiles.made(study + ".1." + n)
        .set(Tags.StudyInstanceUID, study)
        .set(Tags.SeriesInstanceUID, study + ".1")
        .set(Tags.StudyDate, date)
        .set(Tags.StudyTime, "101500")
        .set(Tags.StudyDescription, "CHEST PA")
        .set(Tags.AccessionNumber, "A" + study.replace(".", ""))
        .set(Tags.Modality, "DX")
        .set(Tags.BodyPartExamined, "CHEST")
        .set(Tags.PatientID, "P1")
        .set(Tags.IssuerOfPatientID, "HOSPITAL")
        .set(Tags.PatientName, "Doe^Jane")
        .set(Tags.PatientBirthDate, "19700102")
        .set(Tags.PatientSex, "F");
  }

  private void archived(String study, String date, Consumer<DicomObject> change)
      throws IOException {
    DicomObject object = image(study, date, 1);
    change.accept(object);
    theirs.put(object);
  }

  /** A case with its image and its report. */
  private UUID paired() throws IOException {
    return paired(NOW_STUDY);
  }

  private UUID paired(String study) throws IOException {
    DicomObject image = image(study, "20240506", 1);
    ours.put(image);
    StudyKey key = new StudyKey(study, image.string(Tags.AccessionNumber), null, null, "P1", null);
    ours.arrivals.receive(
        TestArrivals.report(key, "R" + study, ReportStatus.FINAL, "Clear.", "api", "0".repeat(64)));
    pair();
    return ours.cases.sharing(key).get(0).id();
  }

  private void pair() {
    Duration day = Duration.ofDays(1);
    new Pairing(
            new Pairing.Settings(day, day, day), ours.database, ours.arrivals, ours.cases, clock)
        .run();
  }

  private void run() {
    run(archive);
  }

  private void run(RemoteAe... archives) {
    try (PriorRetrieval retrieval = retrieval(archives)) {
      retrieval.run();
    }
    pair();
  }

  private PriorRetrieval retrieval(RemoteAe... archives) {
    return new PriorRetrieval(
        new PriorRule(
            List.of(archives),
            most,
            Duration.ofDays(1000),
            modalities,
            sameBodyPart,
            mostInstances,
            mostBytes),
        new StudyRetrieval.Settings(
            List.of(),
            method,
            Duration.ZERO,
            2,
            Duration.ofMinutes(1),
            Duration.ofHours(1),
            1000,
            List.of(Uids.SECONDARY_CAPTURE),
            "M2IB"),
        new QueryScu(StoreScu.Settings.of("M2IB"), Duration.ofMinutes(1), name -> null),
        ours.intake::store,
        new StudyIdentity(ours.database),
        ours.holdings,
        ours.cases,
        ours.cases.priors(),
        clock);
  }

  private List<String> priors(UUID id, Prior.State state) {
    return ours.cases.priors().of(id).stream()
        .filter(prior -> prior.state() == state)
        .map(Prior::studyInstanceUid)
        .toList();
  }

  private Case caseOf(String study) {
    List<Case> found =
        ours.cases.sharing(new StudyKey(study, null, null, null, null, null)).stream()
            .filter(c -> study.equals(c.study().studyInstanceUid()))
            .toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  @Test
  void theMostRecentEarlierStudiesAreFetchedAndListedAndChangeNothing() throws IOException {
    archived("1.2.1", "20220101", o -> {});
    archived("1.2.2", "20230101", o -> {});
    archived("1.2.3", "20240506", o -> o.set(Tags.StudyTime, "090000"));
    archived("1.2.4", "20240506", o -> o.set(Tags.StudyTime, "180000"));
    archived("1.2.5", "20240601", o -> {});
    archived("1.2.6", "20200101", o -> {});
    archived("1.2.7", "20240101", o -> o.set(Tags.PatientID, "P2"));
    most = 2;
    UUID id = paired();
    Case before = ours.cases.find(id).orElseThrow();
    run();
    assertThat(priors(id, Prior.State.HELD)).containsExactly("1.2.3", "1.2.2");
    assertThat(ours.cases.priors().of(id).get(1))
        .isEqualTo(
            new Prior(
                "1.2.2",
                "20230101",
                "CHEST PA",
                "DX",
                archive.toString(),
                Prior.State.HELD,
                "",
                true));
    assertThat(ours.cases.find(id)).contains(before);
    Case prior = caseOf("1.2.2");
    assertThat(prior.state()).isEqualTo(CaseState.AWAITING_REPORT);
    assertThat(prior.reason()).isEqualTo("fetched as an earlier study of a patient");

    now = now.plus(Duration.ofHours(2));
    run();
    assertThat(ours.cases.priors().of(id)).as("nothing is done twice").hasSize(2);
  }

  @Test
  void aStudyOfAnotherPatientWithTheSameIdentifierIsRefusedAndSaid() throws IOException {
    archived("1.2.1", "20230101", o -> o.set(Tags.PatientBirthDate, "19710102"));
    archived("1.2.2", "20230102", o -> o.set(Tags.PatientSex, "M"));
    archived("1.2.3", "20230103", o -> o.set(Tags.PatientName, "Roe^Jane"));
    archived("1.2.4", "20230104", o -> o.set(Tags.IssuerOfPatientID, "OTHER"));
    UUID id = paired();
    run();
    assertThat(priors(id, Prior.State.HELD)).isEmpty();
    assertThat(priors(id, Prior.State.REFUSED)).containsExactly("1.2.4", "1.2.3", "1.2.2", "1.2.1");
  }

  @Test
  void whatIsWrittenOtherwiseOrIsMissingContradictsNothing() throws IOException {
    archived("1.2.1", "20230101", o -> o.set(Tags.PatientName, "DÖE^JANE^MARY"));
    archived(
        "1.2.2",
        "20230102",
        o ->
            o.remove(Tags.PatientBirthDate)
                .remove(Tags.PatientSex)
                .remove(Tags.IssuerOfPatientID)
                .set(Tags.PatientName, "Doe"));
    UUID id = paired();
    run();
    assertThat(priors(id, Prior.State.HELD)).containsExactly("1.2.2", "1.2.1");
  }

  @Test
  void anEarlierStudyIsNoSisterOfTheReportThoughItHasItsAccessionNumber() throws IOException {
    archived("1.2.1", "20230101", o -> o.set(Tags.AccessionNumber, "A129"));
    UUID id = paired();
    run();
    assertThat(priors(id, Prior.State.REFUSED)).containsExactly("1.2.1");
    assertThat(ours.cases.priors().said(id)).contains("accession number of the case's own study");

    // and if the archive had not said so
    ours.cases
        .priors()
        .put(id, new Prior("1.2.1", "20230101", null, null, "PACS", Prior.State.HELD, "", true));
    ours.put(image("1.2.1", "20230101", 1).set(Tags.AccessionNumber, "A129"));
    pair();
    assertThat(caseOf("1.2.1").state()).isEqualTo(CaseState.AWAITING_REPORT);
    StudyKey number = new StudyKey(null, "A129", null, null, "P1", null);
    ours.arrivals.receive(
        TestArrivals.report(number, "R2", ReportStatus.FINAL, "New.", "api", "1".repeat(64)));
    pair();
    assertThat(caseOf("1.2.1").state()).isEqualTo(CaseState.AWAITING_REPORT);
  }

  @Test
  void aReportThatNamesAnEarlierStudyIsPairedWithIt() throws IOException {
    archived("1.2.1", "20230101", o -> {});
    paired();
    run();
    ours.arrivals.receive(
        TestArrivals.report(
            new StudyKey(null, "A121", null, null, "P1", null),
            "R2",
            ReportStatus.FINAL,
            "Old.",
            "api",
            "1".repeat(64)));
    pair();
    assertThat(caseOf("1.2.1").state()).isEqualTo(CaseState.COLLECTING);
  }

  @Test
  void modalitiesAndBodyPartsChoose() throws IOException {
    archived("1.2.1", "20230101", o -> o.set(Tags.Modality, "CT"));
    archived("1.2.2", "20230102", o -> o.set(Tags.BodyPartExamined, "HAND"));
    archived("1.2.3", "20230103", o -> o.remove(Tags.BodyPartExamined));
    archived("1.2.4", "20230104", o -> {});
    sameBodyPart = true;
    UUID id = paired();
    run();
    assertThat(priors(id, Prior.State.HELD)).containsExactly("1.2.4");
    sameBodyPart = false;
    modalities = Set.of("ct");
    ours.database.with(h -> h.execute("delete from prior_search"));
    run();
    assertThat(priors(id, Prior.State.HELD)).contains("1.2.1");
  }

  @Test
  void studiesAreBoundedInObjectsAndBytes() throws IOException {
    theirs.put(image("1.2.1", "20230101", 1));
    theirs.put(image("1.2.1", "20230101", 2));
    archived("1.2.2", "20230102", o -> {});
    archived("1.2.3", "20230103", o -> {});
    mostInstances = 1;
    mostBytes = 1;
    UUID id = paired();
    run();
    assertThat(priors(id, Prior.State.HELD)).containsExactly("1.2.3");
    assertThat(ours.cases.priors().of(id))
        .extracting(Prior::reason)
        .containsExactly(
            "",
            "m2ib.priors.most-mebibytes is reached",
            "2 objects, more than m2ib.priors.most-instances");
  }

  @Test
  void anArchiveThatIsAwayIsAskedAgainAndThenNoMore() throws IOException {
    UUID id = paired();
    open.get(0).close();
    run();
    assertThat(ours.cases.priors().said(id)).contains("no connection");
    assertThat(ours.cases.find(id).orElseThrow().state()).isEqualTo(CaseState.COLLECTING);
    now = now.plus(Duration.ofMinutes(2));
    run();
    now = now.plus(Duration.ofDays(1));
    assertThat(ours.cases.priors().due(10)).isEmpty();
  }

  @Test
  void aStudyThatIsHereAlreadyIsListedAndNotAPriorForPairing() throws IOException {
    archived("1.2.1", "20230101", o -> {});
    ours.put(image("1.2.1", "20230101", 1));
    UUID id = paired();
    run();
    assertThat(priors(id, Prior.State.HELD)).containsExactly("1.2.1");
    assertThat(ours.cases.priors().isFetched("1.2.1")).isFalse();
  }

  @ParameterizedTest
  @EnumSource(StudyRetrieval.Method.class)
  void orthancIsAskedAndItsStudiesAreComparedToo(StudyRetrieval.Method by) throws Exception {
    method = by;
    List<String> callers = new CopyOnWriteArrayList<>();
    StoreScp listener =
        StoreScp.start(
            LoopbackScp.settings("M2IB"),
            object -> {
              callers.add(object.callingAeTitle());
              ours.intake.store(object);
            });
    open.add(listener);
    Path storage = Files.createDirectories(folder.resolve("orthanc"));
    try (Orthanc orthanc = Orthanc.start(storage, "M2IB", listener.port())) {
      upload(orthanc, image("1.2.1", "20230101", 1));
      upload(orthanc, image("1.2.2", "20230102", 1).set(Tags.PatientBirthDate, "19710102"));
      upload(orthanc, image("1.2.3", "20230103", 1).set(Tags.BodyPartExamined, "HAND"));
      upload(orthanc, image("1.2.4", "20230104", 1).set(Tags.PatientID, "P2"));
      sameBodyPart = true;
      UUID id = paired();
      run(RemoteAe.parse(orthanc.archive()));
      assertThat(priors(id, Prior.State.HELD)).containsExactly("1.2.1");
      assertThat(priors(id, Prior.State.REFUSED)).containsExactly("1.2.2");
      assertThat(ours.cases.priors().of(id)).hasSize(2);
      assertThat(callers).as("came to the listener").hasSize(by == MOVE ? 1 : 0);
    }
  }

  private void upload(Orthanc orthanc, DicomObject object) throws Exception {
    orthanc.upload(DicomFiles.write(object, folder, "upload.dcm"));
  }

  @Test
  void anArchiveThatDoesNotKnowOurAddressSaysSoWhenAskedToMove() throws IOException {
    method = MOVE;
    archived("1.2.1", "20230101", o -> {});
    UUID id = paired();
    run();
    assertThat(ours.cases.priors().of(id)).hasSize(1);
    assertThat(ours.cases.priors().of(id).get(0).state()).isEqualTo(Prior.State.NOT_FETCHED);
    assertThat(ours.cases.priors().of(id).get(0).reason()).contains("A801");
  }

  @Test
  void aRuleWithoutAnArchiveIsRefused() {
    assertThatThrownBy(() -> new PriorRule(List.of(), 1, Duration.ofDays(1), Set.of(), false, 1, 1))
        .hasMessageContaining("m2ib.priors.from");
  }

  @Test
  void theOtherArchivesServeTheOtherCasesWhileOneHangs() throws Exception {
    archived("1.2.1", "20230101", o -> {});
    CountDownLatch hangs = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    QueryRetrieve.Holdings silent =
        new QueryRetrieve.Holdings() {
          @Override
          public List<DicomObject> find(DicomObject identifier, boolean patientRoot, int limit) {
            hangs.countDown();
            try {
              over.await(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
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
        };
    StoreScp scp =
        StoreScp.start(
            LoopbackScp.settings("HANGS"),
            object -> {},
            List.of(
                new QueryRetrieve(
                    silent,
                    Set.of("M2IB"),
                    100,
                    new StoreScu(StoreScu.Settings.of("HANGS")),
                    title -> Optional.empty())));
    open.add(scp);
    PriorRetrieval retrieval = retrieval(new RemoteAe("HANGS", "127.0.0.1", scp.port()), archive);
    UUID first = paired();
    Thread other = Threads.named("hangs").newThread(retrieval::run);
    other.start();
    assertThat(hangs.await(1, TimeUnit.MINUTES)).isTrue();
    UUID second = paired("1.2.8");
    now = now.plus(ArchiveTurns.HOLDS_UP);
    retrieval.run();
    assertThat(priors(second, Prior.State.HELD)).containsExactly("1.2.1");
    assertThat(ours.cases.priors().said(second))
        .contains("HANGS: not asked yet, it is busy with another case");
    assertThat(ours.cases.priors().of(first)).isEmpty();
    now = now.plus(ArchiveTurns.BUSY_PAUSE);
    assertThat(ours.cases.priors().due(10)).contains(new DueAttempt(second, 0));
    over.countDown();
    other.join();
    assertThat(priors(first, Prior.State.HELD)).containsExactly("1.2.1");
    retrieval.run();
    now = now.plus(Duration.ofDays(1));
    assertThat(ours.cases.priors().due(10)).as("both are done").isEmpty();
  }
}
