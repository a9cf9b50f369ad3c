package org.m2ib.worklist;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.m2ib.base.Threads;
import org.m2ib.base.Traces;

/**
 * Tells listeners which rows of the worklist have changed, whichever process of the database
 * changed them. It reads them once a second for all, and not at all without a listener.
 */
public final class WorklistEvents implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(WorklistEvents.class);

  /** Listeners at a time. */
  public static final int MOST = 200;

  private static final int BATCH = 500;

  /** Versions before the last that are read again: another process may commit a lower one later. */
  private static final int AGAIN = 50;

  private static final int REMEMBERED = 1000;

  private static final Long UP_TO_DATE = Long.MAX_VALUE;

  private final Worklist worklist;

  /** The version up to which each has been told; {@link #UP_TO_DATE} if it has missed nothing. */
  private final Map<Consumer<List<WorklistRow>>, Long> listeners = new ConcurrentHashMap<>();

  private final Map<UUID, Long> told = new LinkedHashMap<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Threads.named("events of the worklist"));
  private long last = -1;

  public WorklistEvents(Worklist worklist) {
    this.worklist = worklist;
  }

  public WorklistEvents start() {
    clock.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    return this;
  }

  /** Whether there is no room for another listener. */
  public boolean isFull() {
    return listeners.size() >= MOST;
  }

  /**
   * Tells a listener of each change, and once a second that there is none. It may be told of the
   * same change twice.
   *
   * @param since version of what the listener has seen; null: it has seen nothing, and is told of
   *     what changes from now on
   */
  public void add(Consumer<List<WorklistRow>> listener, Long since) {
    listeners.put(listener, since == null ? UP_TO_DATE : Long.valueOf(since - AGAIN));
  }

  public void remove(Consumer<List<WorklistRow>> listener) {
    listeners.remove(listener);
  }

  void look() {
    if (listeners.isEmpty()) {
      last = -1;
      return;
    }
    try {
      List<WorklistRow> changed = changed();
      listeners.forEach(
          (listener, known) ->
              listener.accept(known.equals(UP_TO_DATE) ? changed : missed(listener, known)));
    } catch (RuntimeException e) { // the database is away: in a second again
      LOG.warn("the worklist's changes cannot be read", Traces.withoutMessages(e));
    }
  }

  /** The next part of what changed before the listener came. */
  private List<WorklistRow> missed(Consumer<List<WorklistRow>> listener, Long known) {
    List<WorklistRow> rows = worklist.changedSince(known, BATCH);
    Long now = rows.size() < BATCH ? UP_TO_DATE : Long.valueOf(rows.get(BATCH - 1).version());
    listeners.replace(listener, known, now);
    return rows;
  }

  /** Empty if nothing has; each row once for each of its versions. */
  List<WorklistRow> changed() {
    if (last < 0) {
      last = worklist.version();
      worklist.changedSince(last - AGAIN, BATCH).forEach(row -> told.put(row.id(), row.version()));
      return List.of();
    }
    List<WorklistRow> changed =
        worklist.changedSince(last - AGAIN, BATCH).stream()
            .filter(row -> !Long.valueOf(row.version()).equals(told.get(row.id())))
            .toList();
    for (WorklistRow row : changed) {
      told.remove(row.id());
      told.put(row.id(), row.version());
      last = Math.max(last, row.version());
    }
    while (told.size() > REMEMBERED) {
      told.remove(told.keySet().iterator().next());
    }
    return changed;
  }

  @Override
  public void close() {
    clock.shutdown();
  }
}
