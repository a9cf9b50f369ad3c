package org.m2ib.cases;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.task.Task;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * What all db-scheduler schedulers have in common. A task whose process died is picked up by
 * another after {@value #HEARTBEATS_MISSED} missed heartbeats.
 */
public final class Schedulers {
  private static final Duration HEARTBEAT = Duration.ofSeconds(3);
  private static final int HEARTBEATS_MISSED = 5;

  /** For work in progress at shutdown; it continues at the next start. */
  private static final Duration GRACE = Duration.ofSeconds(3);

  /** A scheduler that does not know another's task must not treat it as dead. */
  private static final Duration NEVER = Duration.ofDays(36_500);

  private Schedulers() {}

  public static SchedulerBuilder of(DataSource source, Task<?>... tasks) {
    return Scheduler.create(source, tasks)
        .pollingInterval(Duration.ofMillis(500))
        .heartbeatInterval(HEARTBEAT)
        .missedHeartbeatsLimit(HEARTBEATS_MISSED)
        .deleteUnresolvedAfter(NEVER)
        .shutdownMaxWait(GRACE)
        .enableImmediateExecution();
  }
}
