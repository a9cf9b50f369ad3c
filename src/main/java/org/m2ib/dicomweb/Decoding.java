package org.m2ib.dicomweb;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.m2ib.api.ProblemException;

/**
 * Lets only so many requests decode pixels at a time. Without a limit, many clients take the memory
 * of each other, and of the attribution, which then fails.
 */
final class Decoding {
  /** Java's memory for one frame of a large radiograph, decoded and drawn. */
  private static final long SHARE = 256L << 20;

  /** For all requests of this process. */
  static final Decoding LIMIT =
      new Decoding(
          (int)
              Math.max(
                  1,
                  Math.min(
                      Runtime.getRuntime().availableProcessors(),
                      Runtime.getRuntime().maxMemory() / SHARE)),
          Duration.ofSeconds(60));

  private final Semaphore free;
  private final Duration patience;

  /** What needs the memory; it does not wait for the client. */
  interface Work<T> {
    T run() throws IOException;
  }

  /**
   * @param atOnce above 0
   * @param patience how long a request waits for its turn
   */
  Decoding(int atOnce, Duration patience) {
    this.free = new Semaphore(atOnce, true);
    this.patience = patience;
  }

  /**
   * @throws ProblemException 503 if its turn does not come in time
   */
  <T> T run(Work<T> work) throws IOException {
    try {
      if (!free.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new ProblemException(
            503, "Too many images are being decoded at the moment. Try again later.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProblemException(503, "The service is ending. Try again later.");
    }
    try {
      return work.run();
    } finally {
      free.release();
    }
  }
}
