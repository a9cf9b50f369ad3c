package org.m2ib.retrieve;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.m2ib.dicom.DicomNetworkException;
import org.m2ib.dicom.RemoteAe;

/**
 * Whose turn it is at each archive: one case at a time, so that several archives are asked side by
 * side and one that hangs delays only what it alone has. Thread-safe.
 */
final class ArchiveTurns {
  /** After so long an archive is not waited for, and if it then fails, it rests. */
  static final Duration HOLDS_UP = Duration.ofSeconds(10);

  /** When a case is due again whose archive was busy. */
  static final Duration BUSY_PAUSE = Duration.ofSeconds(30);

  /**
   * How long an archive is not asked that took long to fail: longer than the pause of those that it
   * kept waiting, so that they do not hang at it one after the other.
   */
  private static final Duration REST = Duration.ofMinutes(1);

  /** Thrown when an archive is not asked now; the message says why. */
  static final class NotAskedException extends RuntimeException {
    private final boolean busy;

    private NotAskedException(String message, boolean busy) {
      super(message);
      this.busy = busy;
    }

    /** Whether another case has it, so that this was no attempt; otherwise it has just failed. */
    boolean isBusy() {
      return busy;
    }
  }

  private static final class Turn {
    /** Since when a case has the archive; null: none has. */
    private Instant since;

    private String failure;
    private Instant restsUntil = Instant.MIN;
  }

  private final Map<RemoteAe, Turn> turns = new ConcurrentHashMap<>();
  private final Set<UUID> underWay = ConcurrentHashMap.newKeySet();
  private final Clock clock;

  ArchiveTurns(Clock clock) {
    this.clock = clock;
  }

  /** Does the work for a case, unless some is under way: a case is due again before it ends. */
  void once(UUID caseId, Runnable work) {
    if (underWay.add(caseId)) {
      try {
        work.run();
      } finally {
        underWay.remove(caseId);
      }
    }
  }

  /** Whether another case has the archive and will likely soon be done. */
  boolean isBusyForAMoment(RemoteAe archive) {
    Turn turn = turn(archive);
    synchronized (turn) {
      return turn.since != null && clock.instant().isBefore(turn.since.plus(HOLDS_UP));
    }
  }

  /**
   * Asks an archive, when no other case does. Waits for that case unless it has taken long.
   *
   * @throws NotAskedException if it takes long, or the archive has just failed after a long time
   * @throws DicomNetworkException if the question throws it
   */
  <T> T ask(RemoteAe archive, Supplier<T> question) {
    Turn turn = turn(archive);
    Instant begun = begin(turn);
    try {
      return question.get();
    } catch (DicomNetworkException e) {
      Instant now = clock.instant();
      if (begun.plus(HOLDS_UP).isBefore(now)) {
        synchronized (turn) {
          turn.failure = e.getMessage();
          turn.restsUntil = now.plus(REST);
        }
      }
      throw e;
    } finally {
      synchronized (turn) {
        turn.since = null;
        turn.notifyAll();
      }
    }
  }

  private Turn turn(RemoteAe archive) {
    return turns.computeIfAbsent(archive, a -> new Turn());
  }

  private Instant begin(Turn turn) {
    synchronized (turn) {
      if (turn.since != null) {
        await(turn, Duration.between(clock.instant(), turn.since.plus(HOLDS_UP)));
      }
      Instant now = clock.instant();
      if (now.isBefore(turn.restsUntil)) {
        throw new NotAskedException("not asked, it has just failed: " + turn.failure, false);
      }
      if (turn.since != null) {
        throw new NotAskedException("not asked yet, it is busy with another case", true);
      }
      turn.since = now;
      return now;
    }
  }

  /** Returns when nobody has the turn, or after the time. */
  private static void await(Turn turn, Duration time) {
    long end = System.nanoTime() + time.toNanos();
    try {
      for (long left = time.toNanos();
          left > 0 && turn.since != null;
          left = end - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(turn, left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
