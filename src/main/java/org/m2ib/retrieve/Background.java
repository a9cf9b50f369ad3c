package org.m2ib.retrieve;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.m2ib.base.Threads;
import org.m2ib.base.Traces;

/**
 * Repeats a piece of work on a thread of its own, with a pause in between, whether or not it fails.
 */
final class Background implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Background.class);
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final ScheduledExecutorService thread;
  private final String failure;

  /**
   * @param failure what the log says when the work fails
   */
  Background(String name, String failure) {
    this.thread = Executors.newSingleThreadScheduledExecutor(Threads.named(name));
    this.failure = failure;
  }

  void repeat(Runnable work) {
    thread.scheduleWithFixedDelay(
        () -> {
          try {
            work.run();
          } catch (RuntimeException e) { // the database is away: after the pause
            LOG.error(failure, Traces.withoutMessages(e));
          }
        },
        0,
        PAUSE.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  boolean isShutdown() {
    return thread.isShutdown();
  }

  /** Waits a moment for work under way; an interrupt would close the embedded database. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      thread.awaitTermination(3, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
