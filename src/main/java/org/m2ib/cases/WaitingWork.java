package org.m2ib.cases;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * Rows that ask for work and have no task of db-scheduler's that will do it, whichever process on
 * this database runs it. A task's instance is the row's id.
 */
public final class WaitingWork {
  /** A task that waits longer than this is not about to run. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private static final String TASK =
      "from scheduled_tasks t where t.task_name = ? and t.task_instance = cast(w.id as varchar)";

  /**
   * @param since when it was last changed: the oldest goes first
   */
  public record Item(UUID id, Instant since) {}

  private final Database database;
  private final Clock clock;

  public WaitingWork(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Cases to attribute that have no such task, the longest unchanged first. */
  public List<Item> attributions(String task, int limit) {
    return database.list(
        ITEM,
        "select w.id, w.updated_at from cases w where w.state = 'ATTRIBUTING' and not exists (select 1 "
            + TASK
            + ") order by w.updated_at, w.id limit ?",
        task,
        limit);
  }

  /** Whether a case waits for attribution that no process is working on. */
  public boolean hasAttribution(String task, UUID besides) {
    return !database
        .list(
            ITEM,
            "select w.id, w.updated_at from cases w where w.state = 'ATTRIBUTING' and w.id <> ?"
                + " and not exists (select 1 "
                + TASK
                + " and t.picked) limit 1",
            besides,
            task)
        .isEmpty();
  }

  /**
   * Rows of the outbox that wait for a destination and have no such task, or one that sits out a
   * pause which began before the row was opened again.
   */
  public List<Item> deliveries(String destination, String task, int limit) {
    return database.list(
        ITEM,
        "select w.id, w.updated_at from outbox w where w.status = 'PENDING' and w.destination = ?"
            + " and not exists (select 1 "
            + TASK
            + " and (w.attempts > 0 or t.picked or t.execution_time <= ?))"
            // nothing is sent while its case is mismatched
            + " and exists (select 1 from cases c where c.id = w.case_id and c.state <> 'MISMATCHED')"
            + " order by w.updated_at, w.id limit ?",
        destination,
        task,
        clock.instant().plus(SOON).atOffset(ZoneOffset.UTC),
        limit);
  }

  private static final RowMapper<Item> ITEM =
      (row, context) ->
          new Item(
              row.getObject("id", UUID.class),
              row.getObject("updated_at", OffsetDateTime.class).toInstant());
}
