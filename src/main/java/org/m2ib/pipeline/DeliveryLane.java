package org.m2ib.pipeline;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient.ScheduleOptions;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.micrometer.core.instrument.Timer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.m2ib.cases.Schedulers;
import org.m2ib.cases.WaitingWork;
import org.m2ib.delivery.Deliveries;

/** Deliveries to one destination, {@value #THREADS} at a time, on its own threads. */
final class DeliveryLane {
  private static final int THREADS = 2;

  private final Deliveries deliveries;
  private final Timer timer;
  private final CustomTask<Void> task;
  private final Scheduler scheduler;

  /**
   * @param destination {@code ""} for rows without a lane of their own
   */
  DeliveryLane(String destination, DataSource source, Deliveries deliveries, Timer timer) {
    this.deliveries = deliveries;
    this.timer = timer;
    // a task's name has at most 100 characters, a URL may have more
    UUID name = UUID.nameUUIDFromBytes(destination.getBytes(StandardCharsets.UTF_8));
    this.task =
        Tasks.custom("delivery-" + name, Void.class)
            .onFailure(new FailureHandler.OnFailureRetryLater<>(CaseScheduler.AFTER_FAILURE))
            .execute((instance, context) -> deliver(UUID.fromString(instance.getId())));
    this.scheduler = Schedulers.of(source, task).threads(THREADS).build();
  }

  Scheduler scheduler() {
    return scheduler;
  }

  String task() {
    return task.getName();
  }

  /** Creates the task of a waiting row, or lets its existing one run now. */
  void wake(WaitingWork.Item row) {
    try {
      scheduler.schedule(
          task.instance(row.id().toString()), row.since(), ScheduleOptions.WHEN_EXISTS_RESCHEDULE);
    } catch (TaskInstanceCurrentlyExecutingException e) {
      return; // it has just begun
    }
  }

  private CompletionHandler<Void> deliver(UUID rowId) {
    Optional<Instant> again = timer.record(() -> deliveries.attempt(rowId));
    return again.isPresent()
        ? (complete, operations) -> operations.reschedule(complete, again.get())
        : new CompletionHandler.OnCompleteRemove<>();
  }
}
