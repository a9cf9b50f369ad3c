package org.m2ib.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.base.SuppliedClock;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Commitment;
import org.m2ib.cases.CommitmentStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.Delivery.Kind;
import org.m2ib.cases.Delivery.Status;
import org.m2ib.cases.DiscordanceStore;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.OwedCommitmentStore;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.cases.TestArrivals;
import org.m2ib.dicom.CommitmentReport;
import org.m2ib.dicom.CommitmentScu;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DimseService;
import org.m2ib.dicom.LoopbackScp;
import org.m2ib.dicom.SopReference;
import org.m2ib.dicom.StorageCommitment;
import org.m2ib.dicom.StoreScp;
import org.m2ib.dicom.StoreScu;
import org.m2ib.dicom.Uids;
import org.m2ib.fhir.store.ResourceStore;
import org.m2ib.intake.dicom.OwedAnswers;
import org.m2ib.judging.JudgementStore;
import org.m2ib.judging.Schemes;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SampleResults;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.capture.Png;
import org.m2ib.results.fhir.FhirBundle;
import org.m2ib.results.fhir.FhirJudgements;

/** What is sent is delivered when the archive has committed to it, whichever database. */
abstract class CommitmentChecks {
  private static final Instant NOW = Instant.parse("2024-05-06T07:08:09Z");
  private static final FhirBundle.Settings SETTINGS = FhirBundle.Settings.of("1.0", ZoneOffset.UTC);

  @TempDir Path dir;
  private final Clock clock = new SuppliedClock(() -> this.now);
  private Instant now = NOW;
  private final List<String> received = new CopyOnWriteArrayList<>();

  /** What the archive says of an instance; 0 of others. */
  private final Map<String, Integer> reasons = new ConcurrentHashMap<>();

  private final List<AutoCloseable> open = new ArrayList<>();
  private Database database;
  private CaseStore cases;
  private ResultStore results;
  private Outbox outbox;
  private Blobs blobs;
  private CommitmentStore commitments;
  private Deliveries deliveries;

  /** An empty one. */
  abstract Database database() throws Exception;

  @BeforeEach
  void start() throws Exception {
    database = database();
    cases = new CaseStore(database, clock);
    results = new ResultStore(database);
    outbox = new Outbox(database, clock);
    blobs = new Blobs(dir);
    commitments = new CommitmentStore(database, clock);
    restart();
  }

  private void restart() {
    ResultPublisher publication =
        new ResultPublisher(
            c -> new Destinations(List.of(), List.of(Kind.CAPTURES), List.of(), List.of()),
            new FhirBundle(SETTINGS),
            new FhirJudgements(SETTINGS, Schemes.usual()),
            database,
            cases,
            results,
            new JudgementStore(database, clock),
            new DiscordanceStore(database, clock),
            new ResourceStore(database, clock),
            outbox);
    deliveries =
        new Deliveries(
            new Backoff(3, Duration.ofSeconds(5), Duration.ofHours(1), () -> 0),
            new StoreScu(StoreScu.Settings.of("M2IB")),
            TestCommitments.of(Set.of("ARCHIVE"), database, clock),
            address -> Optional.empty(),
            Optional::empty,
            publication,
            database,
            cases,
            outbox,
            new CaseObjects(
                9800,
                "1.0",
                List.of(Kind.CAPTURES),
                TestArrivals.store(database, clock),
                cases,
                results,
                outbox,
                blobs),
            null, // no messages
            null,
            clock);
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  /** An archive that answers on the association of the request. */
  private String archive() throws IOException {
    return archive(
        List.of(
            new StorageCommitment(
                instance -> reasons.getOrDefault(instance.sopInstanceUid(), 0),
                new OwedAnswers(new OwedCommitmentStore(database, clock)),
                report -> false,
                new CommitmentScu(StoreScu.Settings.of("ARCHIVE"), name -> null),
                title -> Optional.empty())));
  }

  /** An archive that takes requests and does not answer. */
  private String silentArchive() throws IOException {
    return archive(
        List.of(
            new StorageCommitment(
                instance -> {
                  throw new IllegalStateException("its disk is away");
                },
                new OwedAnswers(new OwedCommitmentStore(database, clock)),
                report -> false,
                new CommitmentScu(StoreScu.Settings.of("ARCHIVE"), name -> null),
                title -> Optional.empty())));
  }

  private String archive(List<DimseService> services) throws IOException {
    StoreScp scp =
        StoreScp.start(
            LoopbackScp.settings("ARCHIVE"),
            object -> {
              object.writeTo(java.io.OutputStream.nullOutputStream());
              received.add(object.sopInstanceUid());
            },
            services);
    open.add(scp);
    return "ARCHIVE@127.0.0.1:" + scp.port();
  }

  /** The row of a case with two captures. */
  private Delivery row(String archive) throws IOException {
    UUID id = cases.create(SampleResults.STUDY, CaseState.DELIVERING, null).id();
    for (int n = 0; n < 2; n++) {
      String blob = blobs.put(DicomFiles.bytes(DicomFiles.made("1.2.3.4." + (5 + n))));
      String picture = blobs.put(Png.of(new BufferedImage(60, 50, BufferedImage.TYPE_INT_RGB)));
      SentenceResult body = SampleResults.of(n, "Clear " + n + ".");
      results.save(
          new StoredResult(
              body.key().id(),
              id,
              n,
              blob,
              ResultJson.write(body),
              0.5,
              false,
              blob,
              picture,
              false));
    }
    outbox.open(id, Kind.CAPTURES, archive);
    return outbox.of(id).get(0);
  }

  private Delivery row(Delivery row) {
    return outbox.find(row.id()).orElseThrow();
  }

  private CaseState state(Delivery row) {
    return cases.find(row.caseId()).orElseThrow().state();
  }

  /** What the archive says later, to our listener. */
  private boolean report(Commitment asked, String... committed) {
    List<SopReference> instances = new ArrayList<>();
    for (String uid : committed) {
      instances.add(new SopReference(asked.objects().get(uid), uid));
    }
    return deliveries.reported(new CommitmentReport(asked.transactionUid(), instances, Map.of()));
  }

  @Test
  void theArchivesPromiseMakesADelivery() throws IOException {
    Delivery row = row(archive());
    assertThat(deliveries.attempt(row.id())).isEmpty();
    assertThat(received).containsExactly("1.2.3.4.5", "1.2.3.4.6");
    assertThat(row(row).status()).isEqualTo(Status.DELIVERED);
    assertThat(state(row)).isEqualTo(CaseState.DELIVERED);
  }

  @Test
  void anInstanceThatIsNotPromisedIsSentAgainAfterAPause() throws IOException {
    Delivery row = row(archive());
    reasons.put("1.2.3.4.6", CommitmentReport.NO_SUCH_OBJECT_INSTANCE);
    deliveries.attempt(row.id());
    assertThat(row(row).status()).isEqualTo(Status.PENDING);
    assertThat(row(row).attempts()).isEqualTo(1);
    assertThat(row(row).problem())
        .contains("no storage commitment for 1 of 2 objects: failure reason 0112");
    assertThat(state(row)).isEqualTo(CaseState.DELIVERING);

    received.clear();
    reasons.clear();
    assertThat(deliveries.attempt(row.id())).contains(NOW.plusSeconds(5));
    assertThat(received).isEmpty();
    now = NOW.plusSeconds(5);
    assertThat(deliveries.attempt(row.id())).isEmpty();
    assertThat(received).containsExactly("1.2.3.4.6");
    assertThat(state(row)).isEqualTo(CaseState.DELIVERED);
  }

  @Test
  void anArchiveThatNeverPromisesLeavesADeadLetter() throws IOException {
    Delivery row = row(archive());
    reasons.put("1.2.3.4.6", CommitmentReport.CLASS_INSTANCE_CONFLICT);
    for (int i = 0; i < 3; i++) {
      deliveries.attempt(row.id());
      now = now.plusSeconds(100);
    }
    assertThat(row(row).status()).isEqualTo(Status.DEAD);
    assertThat(state(row)).isEqualTo(CaseState.UNDELIVERED);
    assertThat(cases.find(row.caseId()).orElseThrow().reason()).contains("0119");
  }

  @Test
  void untilThePromiseTheCaseIsNotDeliveredAndARestartDoesNotForgetIt() throws IOException {
    Delivery row = row(silentArchive());
    assertThat(deliveries.attempt(row.id())).isEmpty();
    assertThat(row(row).status()).isEqualTo(Status.UNCOMMITTED);
    assertThat(state(row)).isEqualTo(CaseState.DELIVERING);
    assertThat(deliveries.attempt(row.id())).as("nothing to do").isEmpty();
    assertThat(received).hasSize(2);

    restart();
    assertThat(report(commitments.last(row).orElseThrow(), "1.2.3.4.5", "1.2.3.4.6")).isTrue();
    assertThat(row(row).status()).isEqualTo(Status.DELIVERED);
    assertThat(state(row)).isEqualTo(CaseState.DELIVERED);
  }

  @Test
  void withoutAnAnswerInTimeOnlyTheRequestIsRepeatedAndALateAnswerCounts() throws IOException {
    Delivery row = row(silentArchive());
    deliveries.attempt(row.id());
    Commitment first = commitments.last(row).orElseThrow();
    received.clear();
    deliveries.askAgain();
    assertThat(row(row).status()).isEqualTo(Status.UNCOMMITTED);
    now = NOW.plus(TestCommitments.TIMEOUT).plusSeconds(1);
    deliveries.askAgain();
    assertThat(row(row).status()).isEqualTo(Status.PENDING);
    assertThat(row(row).problem()).contains("no answer", "storage commitment", "600 s");
    deliveries.attempt(row.id());
    assertThat(received).isEmpty();
    assertThat(row(row).status()).isEqualTo(Status.UNCOMMITTED);
    Commitment second = commitments.last(row).orElseThrow();
    assertThat(second.transactionUid()).isNotEqualTo(first.transactionUid());
    assertThat(second.objects()).isEqualTo(first.objects());

    report(first, "1.2.3.4.5", "1.2.3.4.6");
    assertThat(state(row)).isEqualTo(CaseState.DELIVERED);
  }

  @Test
  void anObjectThatTheAnswerDoesNotMentionIsNotPromised() throws IOException {
    Delivery row = row(silentArchive());
    deliveries.attempt(row.id());
    report(commitments.last(row).orElseThrow(), "1.2.3.4.5");
    assertThat(row(row).status()).isEqualTo(Status.PENDING);
    assertThat(commitments.last(row).orElseThrow().failed()).containsOnlyKeys("1.2.3.4.6");
  }

  @Test
  void aPromiseOfAnotherClassIsNone() throws IOException {
    Delivery row = row(silentArchive());
    deliveries.attempt(row.id());
    Commitment asked = commitments.last(row).orElseThrow();
    deliveries.reported(
        new CommitmentReport(
            asked.transactionUid(),
            asked.objects().keySet().stream()
                .map(uid -> new SopReference(Uids.COMPUTED_RADIOGRAPHY, uid))
                .toList(),
            Map.of()));
    assertThat(row(row).status()).isEqualTo(Status.PENDING);
  }

  @Test
  void anAnswerForEarlierContentDoesNotCountForTheNew() throws IOException {
    Delivery row = row(silentArchive());
    deliveries.attempt(row.id());
    Commitment earlier = commitments.last(row).orElseThrow();
    outbox.open(row.caseId(), Kind.CAPTURES, row.destination());
    assertThat(report(earlier, "1.2.3.4.5", "1.2.3.4.6")).isTrue();
    assertThat(row(row).status()).isEqualTo(Status.PENDING);
    received.clear();
    deliveries.attempt(row.id());
    assertThat(received).hasSize(2);
    assertThat(row(row).status()).isEqualTo(Status.UNCOMMITTED);
  }

  @Test
  void anAnswerToNoRequestIsNotTaken() {
    assertThat(
            deliveries.reported(
                new CommitmentReport(
                    "1.2.3", List.of(new SopReference("1.2", "1.2.3.4.5")), Map.of())))
        .isFalse();
  }

  @Test
  void anArchiveWithoutTheServiceIsAFailedAttemptThatNamesIt() throws IOException {
    Delivery row = row(archive(List.of()));
    assertThat(deliveries.attempt(row.id())).isPresent();
    assertThat(row(row).problem()).contains("does not offer storage commitment");
    assertThat(row(row).status()).isEqualTo(Status.PENDING);
  }
}
