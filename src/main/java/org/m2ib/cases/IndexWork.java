package org.m2ib.cases;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** The work of an index, part by part: in this process one part at a time. */
public final class IndexWork {
  /** Most times that a part is done again after the database has rolled it back. */
  private static final int ROLLBACKS = 5;

  private final BooleanSupplier part;
  private final Duration patience;
  private final String behind;
  private final ReentrantLock one = new ReentrantLock();

  /**
   * @param part indexes a part of what is not indexed yet; false if there was nothing
   * @param patience how long a query waits for the index, which a service of before has to build
   * @param behind what a query is told that does not wait longer
   */
  public IndexWork(BooleanSupplier part, Duration patience, String behind) {
    this.part = part;
    this.patience = patience;
    this.behind = behind;
  }

  /**
   * Does a part.
   *
   * @return false if there was nothing to do
   */
  public boolean step() {
    one.lock();
    try {
      return indexed();
    } finally {
      one.unlock();
    }
  }

  /**
   * Returns when there is nothing left to do.
   *
   * @throws StorageUnavailableException if that takes longer than the patience, or the database
   *     fails
   */
  public void catchUp() {
    long end = System.nanoTime() + patience.toNanos();
    if (!locked()) {
      throw new StorageUnavailableException(behind, null);
    }
    try {
      while (indexed()) {
        if (System.nanoTime() > end) {
          throw new StorageUnavailableException(behind, null);
        }
      }
    } finally {
      one.unlock();
    }
  }

  /** A part is a transaction: one that gave way to another is done again. */
  private boolean indexed() {
    for (int left = ROLLBACKS; ; left--) {
      try {
        return part.getAsBoolean();
      } catch (StorageUnavailableException e) {
        if (!e.isRolledBack() || left == 0) {
          throw e;
        }
      }
    }
  }

  private boolean locked() {
    try {
      return one.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
