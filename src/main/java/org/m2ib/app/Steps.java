package org.m2ib.app;

import com.github.kagkarlsson.scheduler.ScheduledExecution;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jboss.logging.MDC;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.Outbox;
import org.m2ib.delivery.Deliveries;
import org.m2ib.delivery.Publication;
import org.m2ib.pairing.Pairing;

/**
 * The steps as db-scheduler tasks. States and rows are the truth: a task only wakes a step up, and
 * what has lost its task gets a new one within a second. A task whose process died is picked up by
 * another after {@value #HEARTBEATS_MISSED} missed heartbeats.
 */
final class Steps {
  private static final Duration PULSE = Duration.ofSeconds(1);
  private static final Duration HEARTBEAT = Duration.ofSeconds(3);
  private static final int HEARTBEATS_MISSED = 5;
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);
  private static final int DELIVERY_THREADS = 3;
  private static final Duration GRACE = Duration.ofSeconds(3);
  private static final int BATCH = 500;

  private final int workers;
  private final Pairing pairing;
  private final CasePipeline pipeline;
  private final Publication publication;
  private final Deliveries deliveries;
  private final CaseStore cases;
  private final Outbox outbox;
  private final MeterRegistry meters;
  private final Clock clock;
  private final OneTimeTask<Void> attribution;
  private final CustomTask<Void> delivery;
  private final Scheduler scheduler;

  /**
   * @param workers cases attributed at the same time
   */
  Steps(
      int workers,
      DataSource source,
      Pairing pairing,
      CasePipeline pipeline,
      Publication publication,
      Deliveries deliveries,
      CaseStore cases,
      Outbox outbox,
      MeterRegistry meters,
      Clock clock) {
    this.workers = workers;
    this.pairing = pairing;
    this.pipeline = pipeline;
    this.publication = publication;
    this.deliveries = deliveries;
    this.cases = cases;
    this.outbox = outbox;
    this.meters = meters;
    this.clock = clock;
    this.attribution =
        Tasks.oneTime("attribution")
            .onFailure(new FailureHandler.OnFailureRetryLater<>(AFTER_FAILURE))
            .execute((instance, context) -> attribute(UUID.fromString(instance.getId())));
    this.delivery =
        Tasks.custom("delivery", Void.class)
            .onFailure(new FailureHandler.OnFailureRetryLater<>(AFTER_FAILURE))
            .execute((instance, context) -> deliver(UUID.fromString(instance.getId())));
    RecurringTask<Void> pulse =
        Tasks.recurring("pulse", FixedDelay.of(PULSE)).execute((instance, context) -> pulse());
    this.scheduler =
        Scheduler.create(source, attribution, delivery)
            .startTasks(pulse)
            .threads(workers + DELIVERY_THREADS + 1)
            .pollingInterval(Duration.ofMillis(500))
            .heartbeatInterval(HEARTBEAT)
            .missedHeartbeatsLimit(HEARTBEATS_MISSED)
            .enableImmediateExecution()
            .shutdownMaxWait(GRACE)
            .registerShutdownHook()
            .build();
  }

  Scheduler scheduler() {
    return scheduler;
  }

  /** Pairs what came and gives every state and row that waits for work its task. */
  private void pulse() {
    timed("pairing", pairing::run);
    for (Case c : cases.toWithdraw(BATCH)) {
      publication.withdraw(c.id());
    }
    wakeAttribution();
    wakeDeliveries();
  }

  /** The oldest cases first, as many as may run at a time. */
  private void wakeAttribution() {
    for (Case c : cases.in(CaseState.ATTRIBUTING, workers)) {
      scheduler.scheduleIfNotExists(attribution.instance(c.id().toString()), clock.instant());
    }
  }

  private void wakeDeliveries() {
    for (Delivery row : outbox.in(Delivery.Status.PENDING, BATCH)) {
      var instance = delivery.instance(row.id().toString());
      boolean isNew = scheduler.scheduleIfNotExists(instance, clock.instant());
      if (!isNew && row.attempts() == 0) {
        hasten(instance);
      }
    }
  }

  /** A row that was opened again while its task sat out a long pause. */
  private void hasten(TaskInstance<Void> instance) {
    Optional<ScheduledExecution<Object>> task = scheduler.getScheduledExecution(instance);
    if (task.isPresent()
        && !task.get().isPicked()
        && task.get().getExecutionTime().isAfter(clock.instant().plus(PULSE))) {
      scheduler.reschedule(instance, clock.instant());
    }
  }

  private void attribute(UUID caseId) {
    inCase(caseId, () -> timed("attribution", () -> pipeline.attribute(caseId)));
    wakeDeliveries();
    // this task still exists, so its own case is not woken again
    wakeAttribution();
  }

  private CompletionHandler<Void> deliver(UUID rowId) {
    Optional<Instant> again = timer("delivery").record(() -> deliveries.attempt(rowId));
    return again.isPresent()
        ? (complete, operations) -> operations.reschedule(complete, again.get())
        : new CompletionHandler.OnCompleteRemove<>();
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
