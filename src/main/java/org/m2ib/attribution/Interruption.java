package org.m2ib.attribution;

import java.util.concurrent.CancellationException;

/**
 * Ends a long computation when its thread is interrupted. A process must not exit while one of its
 * threads is inside the native engine, because it crashes when the engine's destructors run.
 */
public final class Interruption {
  private Interruption() {}

  /**
   * Call between the steps of a long computation.
   *
   * @throws CancellationException if the thread is interrupted; it stays interrupted
   */
  public static void check() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("interrupted");
    }
  }
}
