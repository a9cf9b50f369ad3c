package org.m2ib.dicom;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.aoju.bus.image.metric.Association;

/**
 * Ends an operation whose responses never end: each of them comes in time, so that the timeout of a
 * response does not.
 */
final class Patience {
  /** What takes time. */
  interface Operation<T> {
    T run() throws IOException, InterruptedException;
  }

  private final Association association;
  private final ScheduledExecutorService timer;
  private final AtomicReference<String> ended = new AtomicReference<>();

  private Patience(Association association, ScheduledExecutorService timer) {
    this.association = association;
    this.timer = timer;
  }

  /**
   * @param limit for the whole operation
   */
  static Patience untilEnd(
      Association association, ScheduledExecutorService timer, Duration limit) {
    Patience patience = new Patience(association, timer);
    timer.schedule(
        () -> patience.end("no end within " + limit.toSeconds() + " s"),
        limit.toMillis(),
        TimeUnit.MILLISECONDS);
    return patience;
  }

  /**
   * Also ends it if nothing changes.
   *
   * @param limit in which there must be a change
   * @param state what changes
   */
  void whileMoving(Duration limit, Supplier<?> state) {
    AtomicReference<Object> before = new AtomicReference<>();
    timer.scheduleWithFixedDelay(
        () -> {
          Object now = state.get();
          if (now.equals(before.getAndSet(now))) {
            end("nothing came within " + limit.toSeconds() + " s");
          }
        },
        0,
        limit.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  private void end(String why) {
    if (ended.compareAndSet(null, why)) {
      association.abort();
    }
  }

  /**
   * @throws DicomNetworkException with the reason if it was ended
   */
  <T> T during(RemoteAe remote, Operation<T> operation) throws IOException, InterruptedException {
    try {
      return operation.run();
    } catch (IOException e) {
      String why = ended.get();
      if (why != null) {
        throw new DicomNetworkException(remote, why, e);
      }
      throw e;
    } finally {
      ended.compareAndSet(null, "");
    }
  }
}
