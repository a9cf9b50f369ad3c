package org.m2ib.pipeline;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jboss.logging.MDC;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.Outbox;
import org.m2ib.delivery.Deliveries;
import org.m2ib.delivery.ResultPublisher;
import org.m2ib.pairing.Pairing;

/**
 * The steps as db-scheduler tasks. States and rows are the truth: a task only wakes a step up, and
 * what has lost its task gets a new one within a second. A task whose process died is picked up by
 * another after {@value #HEARTBEATS_MISSED} missed heartbeats.
 *
 * <p>The pulse, attribution and each destination have schedulers, and so threads, of their own:
 * none waits for an archive or a FHIR server that hangs but the deliveries to it.
 */
public final class CaseScheduler implements AutoCloseable {
  private static final Duration PULSE = Duration.ofSeconds(1);
  private static final Duration HEARTBEAT = Duration.ofSeconds(3);
  private static final int HEARTBEATS_MISSED = 5;
  static final Duration AFTER_FAILURE = Duration.ofSeconds(10);

  /** For what runs when the service stops; it goes on at the next start. */
  private static final Duration GRACE = Duration.ofSeconds(3);

  private static final int BATCH = 500;

  /** A scheduler that does not know the task of another must not take it for a dead one. */
  private static final Duration NEVER = Duration.ofDays(36_500);

  private final int workers;
  private final Pairing pairing;
  private final CasePipeline pipeline;
  private final ResultPublisher publisher;
  private final Deliveries deliveries;
  private final CaseStore cases;
  private final Outbox outbox;
  private final MeterRegistry meters;
  private final Clock clock;
  private final OneTimeTask<Void> attribution;
  private final Scheduler pulses;
  private final Scheduler attributions;
  private final Map<String, DeliveryLane> lanes = new HashMap<>();

  /** For rows whose destination is configured no more. */
  private final DeliveryLane otherwise;

  /**
   * @param workers cases attributed at the same time
   * @param destinations as the rows of the outbox name them
   */
  public CaseScheduler(
      int workers,
      Set<String> destinations,
      DataSource source,
      Pairing pairing,
      CasePipeline pipeline,
      ResultPublisher publisher,
      Deliveries deliveries,
      CaseStore cases,
      Outbox outbox,
      MeterRegistry meters,
      Clock clock) {
    this.workers = workers;
    this.pairing = pairing;
    this.pipeline = pipeline;
    this.publisher = publisher;
    this.deliveries = deliveries;
    this.cases = cases;
    this.outbox = outbox;
    this.meters = meters;
    this.clock = clock;
    this.attribution =
        Tasks.oneTime("attribution")
            .onFailure(new FailureHandler.OnFailureRetryLater<>(AFTER_FAILURE))
            .execute((instance, context) -> attribute(UUID.fromString(instance.getId())));
    RecurringTask<Void> pulse =
        Tasks.recurring("pulse", FixedDelay.of(PULSE)).execute((instance, context) -> pulse());
    this.pulses = scheduler(source).startTasks(pulse).threads(1).build();
    this.attributions = scheduler(source, attribution).threads(workers).build();
    Timer timer = timer("delivery");
    for (String destination : destinations) {
      lanes.put(destination, new DeliveryLane(destination, source, deliveries, timer, clock));
    }
    this.otherwise = new DeliveryLane("", source, deliveries, timer, clock);
  }

  /** What every scheduler here has in common. */
  static SchedulerBuilder scheduler(DataSource source, Task<?>... tasks) {
    return Scheduler.create(source, tasks)
        .pollingInterval(Duration.ofMillis(500))
        .heartbeatInterval(HEARTBEAT)
        .missedHeartbeatsLimit(HEARTBEATS_MISSED)
        .deleteUnresolvedAfter(NEVER)
        .shutdownMaxWait(GRACE)
        .enableImmediateExecution();
  }

  public void start() {
    schedulers().forEach(Scheduler::start);
  }

  /** Ends deliveries that wait for an answer, then waits for what else runs. */
  @Override
  public void close() {
    deliveries.close();
    schedulers().parallelStream().forEach(Scheduler::stop);
  }

  private List<Scheduler> schedulers() {
    List<Scheduler> all = new ArrayList<>(List.of(pulses, attributions, otherwise.scheduler()));
    lanes.values().forEach(lane -> all.add(lane.scheduler()));
    return all;
  }

  /** Pairs what came and gives every state and row that waits for work its task. */
  private void pulse() {
    timed("pairing", pairing::run);
    for (Case c : cases.toWithdraw(BATCH)) {
      publisher.withdraw(c.id());
    }
    wakeAttribution();
    wakeDeliveries();
  }

  /** The oldest cases first, as many as may run at a time. */
  private void wakeAttribution() {
    for (Case c : cases.in(CaseState.ATTRIBUTING, workers)) {
      attributions.scheduleIfNotExists(attribution.instance(c.id().toString()), clock.instant());
    }
  }

  /** By destination: however many wait for one, the others' are seen. */
  private void wakeDeliveries() {
    for (String destination : outbox.destinations(Delivery.Status.PENDING)) {
      DeliveryLane lane = lanes.getOrDefault(destination, otherwise);
      outbox.pending(destination, BATCH).forEach(lane::wake);
    }
  }

  private void attribute(UUID caseId) {
    inCase(caseId, () -> timed("attribution", () -> pipeline.attribute(caseId)));
    wakeDeliveries();
    // this task still exists, so its own case is not woken again
    wakeAttribution();
  }

  private static void inCase(UUID caseId, Runnable work) {
    MDC.put("case", caseId.toString());
    try {
      work.run();
    } finally {
      MDC.remove("case");
    }
  }

  private void timed(String step, Runnable work) {
    timer(step).record(work);
  }

  private Timer timer(String step) {
    return meters.timer("m2ib.step", List.of(Tag.of("step", step)));
  }
}
