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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.base.SuppliedClock;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.RetrievalStore;
import org.m2ib.cases.StudyKey;
import org.m2ib.cases.TestArrivals;
import org.m2ib.cases.TestDatabase;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.LoopbackScp;
import org.m2ib.dicom.QueryRetrieve;
import org.m2ib.dicom.QueryScu;
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
  private Instant now = NOW;
  private final List<StoreScp> open = new ArrayList<>();
  private final List<DicomObject> matches = new CopyOnWriteArrayList<>();
  private final List<DicomObject> queries = new CopyOnWriteArrayList<>();
  private final List<String> received = new CopyOnWriteArrayList<>();
  private Path file;
  private Database database;
  private ArrivalStore arrivals;
  private CaseStore cases;

  /** An archive that answers every query with the same matches. */
  private final class Holdings implements QueryRetrieve.Holdings {
    @Override
    public List<DicomObject> find(DicomObject identifier, boolean patientRoot, int limit) {
      queries.add(identifier);
      return matches;
    }

    @Override
    public boolean isMatched(DicomObject identifier, int tag) {
      return true;
    }

    @Override
    public List<Path> files(DicomObject identifier, boolean patientRoot) {
      return List.of(file);
    }
  }

  @BeforeEach
  void start() throws IOException {
    database = TestDatabase.h2();
    arrivals = TestArrivals.store(database, clock);
    cases = new CaseStore(database, clock);
    file = DicomFiles.write(DicomFiles.made("1.2.3.4.5"), folder, "a.dcm");
  }

  private RemoteAe archive(String aeTitle) throws IOException {
    StoreScp scp =
        StoreScp.start(
            LoopbackScp.settings(aeTitle),
            object -> {},
            List.of(
                new QueryRetrieve(
                    new Holdings(),
                    Set.of("M2IB"),
                    100,
                    new StoreScu(StoreScu.Settings.of(aeTitle)),
                    title -> Optional.empty())));
    open.add(scp);
    return new RemoteAe(aeTitle, "127.0.0.1", scp.port());
  }

  @AfterEach
  void stop() {
    open.forEach(StoreScp::close);
  }

  private StudyRetrieval retrieval(RemoteAe... archives) {
    return new StudyRetrieval(
        new StudyRetrieval.Settings(
            List.of(archives),
            StudyRetrieval.Method.GET,
            Duration.ofMinutes(10),
            3,
            Duration.ofMinutes(2),
            Duration.ofHours(2),
            100,
            List.of(Uids.SECONDARY_CAPTURE),
            "M2IB"),
        new QueryScu(StoreScu.Settings.of("M2IB"), Duration.ofMinutes(1), name -> null),
        object -> {
          object.writeTo(OutputStream.nullOutputStream());
          received.add(object.callingAeTitle() + " " + object.sopInstanceUid());
        },
        new StudyIdentity(database),
        arrivals,
        cases,
        new RetrievalStore(database, clock),
        clock);
  }

  /** A case whose report waits for its study since long enough. */
  private UUID waiting(StudyKey study) {
    arrivals.receive(
        TestArrivals.report(study, "R1", ReportStatus.FINAL, "Clear.", "api", "0".repeat(64)));
    UUID id = cases.create(study, CaseState.AWAITING_STUDY, TestArrivals.next(arrivals).id()).id();
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
    assertThat(reason(id)).isEqualTo("no image arrived; asked PACS: 1 objects fetched");
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
    assertThat(reason(id)).contains("AWAY: ", "no connection", "PACS: 1 objects fetched");
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
}
