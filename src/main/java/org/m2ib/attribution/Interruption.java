package org.m2ib.attribution;

import java.util.concurrent.CancellationException;

/**
 * Ends a long computation when its thread is interrupted. A process must not exit while one of its
 * threads is inside the native engine: the engine's destructors run under it, and it crashes.
 */
public final class Interruption {
  private Interruption() {}

  /**
   * To be called between the steps of what takes long.
   *
   * @throws CancellationException when the thread is interrupted; it stays so
   */
  public static void check() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("interrupted");
    }
  }
}
