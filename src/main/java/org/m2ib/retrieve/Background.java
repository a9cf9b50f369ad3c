package org.m2ib.retrieve;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.m2ib.base.Threads;
import org.m2ib.base.Traces;

/**
 * Repeats a piece of work on threads of its own, with a pause in between, whether or not it fails.
 */
final class Background implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Background.class);
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final ScheduledExecutorService pool;
  private final int threads;
  private final String failure;

  /**
   * @param threads how many do the work side by side
   * @param failure what the log says when the work fails
   */
  Background(String name, int threads, String failure) {
    this.pool = Executors.newScheduledThreadPool(Math.max(1, threads), Threads.named(name));
    this.threads = threads;
    this.failure = failure;
  }

  void repeat(Runnable work) {
    Runnable guarded =
        () -> {
          try {
            work.run();
          } catch (RuntimeException e) { // the database is away: after the pause
            LOG.error(failure, Traces.withoutMessages(e));
          }
        };
    for (int i = 0; i < threads; i++) {
      pool.scheduleWithFixedDelay(guarded, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  boolean isShutdown() {
    return pool.isShutdown();
  }

  /** Waits a moment for work under way; an interrupt would close the embedded database. */
  @Override
  public void close() {
    pool.shutdown();
    try {
      pool.awaitTermination(3, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
