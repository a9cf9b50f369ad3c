package org.m2ib.pipeline;

import com.github.kagkarlsson.scheduler.ScheduledExecution;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.micrometer.core.instrument.Timer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.m2ib.cases.Delivery;
import org.m2ib.delivery.Deliveries;

/** Deliveries to one destination, {@value #THREADS} at a time, by threads of their own. */
final class DeliveryLane {
  private static final int THREADS = 2;
  private static final Duration SOON = Duration.ofSeconds(1);

  private final Deliveries deliveries;
  private final Timer timer;
  private final Clock clock;
  private final CustomTask<Void> task;
  private final Scheduler scheduler;

  /**
   * @param destination {@code ""} for those that have no lane of their own
   */
  DeliveryLane(
      String destination, DataSource source, Deliveries deliveries, Timer timer, Clock clock) {
    this.deliveries = deliveries;
    this.timer = timer;
    this.clock = clock;
    // a task's name has at most 100 characters, a URL may have more
    UUID name = UUID.nameUUIDFromBytes(destination.getBytes(StandardCharsets.UTF_8));
    this.task =
        Tasks.custom("delivery-" + name, Void.class)
            .onFailure(new FailureHandler.OnFailureRetryLater<>(CaseScheduler.AFTER_FAILURE))
            .execute((instance, context) -> deliver(UUID.fromString(instance.getId())));
    this.scheduler = CaseScheduler.scheduler(source, task).threads(THREADS).build();
  }

  Scheduler scheduler() {
    return scheduler;
  }

  /** Gives a row that waits its task. */
  void wake(Delivery row) {
    var instance = task.instance(row.id().toString());
    boolean isNew = scheduler.scheduleIfNotExists(instance, clock.instant());
    if (!isNew && row.attempts() == 0) {
      hasten(instance);
    }
  }

  /** A row that was opened again while its task sat out a long pause. */
  private void hasten(TaskInstance<Void> instance) {
    Optional<ScheduledExecution<Object>> waiting = scheduler.getScheduledExecution(instance);
    if (waiting.isPresent()
        && !waiting.get().isPicked()
        && waiting.get().getExecutionTime().isAfter(clock.instant().plus(SOON))) {
      scheduler.reschedule(instance, clock.instant());
    }
  }

  private CompletionHandler<Void> deliver(UUID rowId) {
    Optional<Instant> again = timer.record(() -> deliveries.attempt(rowId));
    return again.isPresent()
        ? (complete, operations) -> operations.reschedule(complete, again.get())
        : new CompletionHandler.OnCompleteRemove<>();
  }
}
