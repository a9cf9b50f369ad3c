package org.m2ib.worklist;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  private final Worklist worklist;
  private final Set<Consumer<List<WorklistRow>>> listeners = ConcurrentHashMap.newKeySet();
  private final Map<UUID, Long> told = new LinkedHashMap<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Threads.named("events of the worklist"));
  private long last = -1;

  public WorklistEvents(Worklist worklist) {
    this.worklist = worklist;
    clock.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
  }

  /** Whether there is no room for another listener. */
  public boolean isFull() {
    return listeners.size() >= MOST;
  }

  /** Tells a listener of each change from now on, and once a second that there is none. */
  public void add(Consumer<List<WorklistRow>> listener) {
    listeners.add(listener);
  }

  public void remove(Consumer<List<WorklistRow>> listener) {
    listeners.remove(listener);
  }

  private void look() {
    if (listeners.isEmpty()) {
      last = -1;
      return;
    }
    try {
      List<WorklistRow> changed = changed();
      listeners.forEach(listener -> listener.accept(changed));
    } catch (RuntimeException e) { // the database is away: in a second again
      LOG.warn("the worklist's changes cannot be read", Traces.withoutMessages(e));
    }
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
