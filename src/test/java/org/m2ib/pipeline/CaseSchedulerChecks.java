package org.m2ib.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.Delivery.Kind;
import org.m2ib.cases.DiscordanceStore;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.cases.StudyKey;
import org.m2ib.cases.TestArrivals;
import org.m2ib.cases.WaitingWork;
import org.m2ib.delivery.Backoff;
import org.m2ib.delivery.CaseObjects;
import org.m2ib.delivery.Deliveries;
import org.m2ib.delivery.Destinations;
import org.m2ib.delivery.ResultPublisher;
import org.m2ib.delivery.TestCommitments;
import org.m2ib.dicom.StoreScu;
import org.m2ib.fhir.store.ResourceStore;
import org.m2ib.judging.JudgementStore;
import org.m2ib.judging.Schemes;
import org.m2ib.pairing.Pairing;
import org.m2ib.results.fhir.FhirBundle;
import org.m2ib.results.fhir.FhirJudgements;

/** Which case and which row of the outbox is worked on, by how many processes, and until when. */
abstract class CaseSchedulerChecks {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Clock CLOCK = Clock.systemUTC();
  private static final String DESTINATION = "ARCHIVE@127.0.0.1:104";
  private static final String TASK = "some-task";

  @TempDir Path folder;
  private final List<CaseScheduler> processes = new ArrayList<>();

  /** Cases in the order in which they are begun. */
  private final BlockingQueue<UUID> begun = new LinkedBlockingQueue<>();

  private DataSource source;
  private Database database;
  private CaseStore cases;
  private ResultStore results;
  private Outbox outbox;
  private WaitingWork waiting;

  /** An empty one. */
  abstract DataSource source() throws SQLException;

  @BeforeEach
  void open() throws SQLException {
    source = source();
    database = Database.open(source);
    cases = new CaseStore(database, CLOCK);
    results = new ResultStore(database);
    outbox = new Outbox(database, CLOCK);
    waiting = new WaitingWork(database, CLOCK);
  }

  @AfterEach
  void stop() {
    processes.forEach(CaseScheduler::close);
  }

  /** A process with one worker. */
  private CaseScheduler process(Consumer<UUID> pipeline) {
    FhirBundle.Settings fhir = FhirBundle.Settings.of("1.0", ZoneOffset.UTC);
    ResultPublisher publication =
        new ResultPublisher(
            c -> new Destinations(List.of(), List.of(), List.of(), List.of()),
            new FhirBundle(fhir),
            new FhirJudgements(fhir, Schemes.usual()),
            database,
            cases,
            results,
            new JudgementStore(database, CLOCK),
            new DiscordanceStore(database, CLOCK),
            new ResourceStore(database, CLOCK),
            outbox);
    Backoff backoff = new Backoff(3, Duration.ofSeconds(1), Duration.ofSeconds(1), () -> 0);
    Deliveries deliveries =
        new Deliveries(
            backoff,
            new StoreScu(StoreScu.Settings.of("M2IB")),
            TestCommitments.none(database, CLOCK),
            address -> Optional.empty(),
            Optional::empty,
            publication,
            database,
            cases,
            outbox,
            new CaseObjects(
                9800,
                "1.0",
                List.of(Delivery.Kind.CAPTURES),
                TestArrivals.store(database, CLOCK),
                cases,
                results,
                outbox,
                new Blobs(folder)),
            null, // no case has a destination
            null,
            CLOCK);
    Pairing pairing =
        new Pairing(
            new Pairing.Settings(Duration.ZERO, Duration.ofDays(1), Duration.ofDays(1)),
            database,
            TestArrivals.store(database, CLOCK),
            cases,
            CLOCK);
    CaseScheduler process =
        new CaseScheduler(
            1,
            () -> Set.of(),
            source,
            pairing,
            pipeline,
            publication,
            deliveries,
            cases,
            outbox,
            waiting,
            new SimpleMeterRegistry());
    processes.add(process);
    return process;
  }

  private UUID caseIn(CaseState state) {
    return cases.create(new StudyKey("1.2.3", null, null, null, null, null), state, null).id();
  }

  private UUID next() throws InterruptedException {
    return begun.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** Ends the case, so that it does not wait any more. */
  private void done(UUID id) {
    cases.apply(id, CaseState.Event.NOTHING_TO_ATTRIBUTE, "");
  }

  @Test
  void twoProcessesOnOneDatabaseAttributeTwoCasesAtTheSameTime() throws Exception {
    CountDownLatch together = new CountDownLatch(2);
    AtomicBoolean met = new AtomicBoolean(true);
    Consumer<UUID> pipeline =
        id -> {
          together.countDown();
          met.compareAndSet(true, await(together));
          done(id);
          begun.add(id);
        };
    Set<UUID> both = Set.of(caseIn(CaseState.ATTRIBUTING), caseIn(CaseState.ATTRIBUTING));
    process(pipeline).start();
    process(pipeline).start();
    assertThat(Set.of(next(), next())).isEqualTo(both);
    assertThat(met).isTrue();
  }

  @Test
  void theCaseThatWaitsLongestIsFirst() throws Exception {
    List<UUID> inOrder = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      inOrder.add(caseIn(CaseState.ATTRIBUTING));
      cases.toTheBack(cases.find(inOrder.get(i)).orElseThrow());
    }
    process(
            id -> {
              done(id);
              begun.add(id);
            })
        .start();
    for (UUID id : inOrder) {
      assertThat(next()).isEqualTo(id);
    }
  }

  @Test
  void whoeverStopsItWaitsForWhatRuns() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();
    UUID id = caseIn(CaseState.ATTRIBUTING);
    CaseScheduler process =
        process(
            c -> {
              begun.add(c);
              await(release);
              ended.set(true);
            });
    process.start();
    assertThat(next()).isEqualTo(id);
    BlockingQueue<Boolean> stopped = new LinkedBlockingQueue<>();
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Thread caller =
          new Thread(
              () -> {
                process.close();
                stopped.add(ended.get());
              });
      caller.start();
      while (caller.getState() == Thread.State.NEW || caller.getState() == Thread.State.RUNNABLE) {
        Thread.onSpinWait(); // until it waits, or is through
      }
      callers.add(caller);
    }
    release.countDown();
    for (Thread caller : callers) {
      caller.join(PATIENCE.toMillis());
    }
    assertThat(stopped).containsExactly(true, true);
  }

  @Test
  void aCaseThatCannotBeWithdrawnDoesNotKeepOthersWaiting() throws Exception {
    UUID broken = caseIn(CaseState.WITHDRAWING);
    String none = "0".repeat(64);
    results.save(
        new StoredResult(UUID.randomUUID(), broken, 0, none, "{", 0.5, false, none, none, false));
    UUID fine = caseIn(CaseState.ATTRIBUTING);
    process(begun::add).start();
    assertThat(next()).isEqualTo(fine);
  }

  @Test
  void aRowWaitsWhileItHasNoTaskOrOneThatSitsOutAnOldPause() throws SQLException {
    UUID id = caseIn(CaseState.DELIVERING);
    outbox.open(id, Kind.CAPTURES, DESTINATION);
    UUID row = outbox.of(id).get(0).id();
    assertThat(waitingRows()).containsExactly(row);
    task(row, CLOCK.instant());
    assertThat(waitingRows()).as("its task is about to run").isEmpty();
    task(row, CLOCK.instant().plus(Duration.ofHours(1)));
    assertThat(waitingRows()).as("it was opened again in a pause").containsExactly(row);
    outbox.record(outbox.find(row).orElseThrow(), org.m2ib.cases.Delivery.Status.PENDING, 1, "");
    assertThat(waitingRows()).as("the pause is its own").isEmpty();
  }

  @Test
  void aRowOfAMismatchedCaseDoesNotWait() {
    outbox.open(caseIn(CaseState.MISMATCHED), Kind.CAPTURES, DESTINATION);
    assertThat(waitingRows()).isEmpty();
  }

  private List<UUID> waitingRows() {
    return waiting.deliveries(DESTINATION, TASK, 9).stream().map(WaitingWork.Item::id).toList();
  }

  /** As db-scheduler keeps it. */
  private void task(UUID row, Instant at) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement delete =
            connection.prepareStatement("delete from scheduled_tasks where task_name = ?");
        PreparedStatement insert =
            connection.prepareStatement(
                """
                insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)
                values (?, ?, ?, false, 1)
                """)) {
      delete.setString(1, TASK);
      delete.execute();
      insert.setString(1, TASK);
      insert.setString(2, row.toString());
      insert.setObject(3, OffsetDateTime.ofInstant(at, ZoneOffset.UTC));
      insert.execute();
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      return false;
    }
  }
}
