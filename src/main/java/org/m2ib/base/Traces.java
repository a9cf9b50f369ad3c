package org.m2ib.base;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Unforeseen failures for the log: frames hold no patient data, but a message may quote some. */
public final class Traces {
  private Traces() {}

  /**
   * The same failure without its message: classes and stack traces of it, its causes and what was
   * suppressed.
   */
  public static Throwable withoutMessages(Throwable failure) {
    return copy(failure, Collections.newSetFromMap(new IdentityHashMap<>()));
  }

  private static Throwable copy(Throwable failure, Set<Throwable> seen) {
    seen.add(failure);
    Throwable cause = failure.getCause();
    Throwable copy =
        new WithoutMessage(
            failure, cause == null || seen.contains(cause) ? null : copy(cause, seen));
    for (Throwable suppressed : failure.getSuppressed()) {
      if (!seen.contains(suppressed)) {
        copy.addSuppressed(copy(suppressed, seen));
      }
    }
    return copy;
  }

  private static final class WithoutMessage extends Exception {
    /** The class is the message: a log in JSON has that and not what {@link #toString} says. */
    private WithoutMessage(Throwable failure, Throwable cause) {
      super(failure.getClass().getName(), cause);
      setStackTrace(failure.getStackTrace());
    }

    /** As a stack trace begins. */
    @Override
    public String toString() {
      return getMessage();
    }
  }
}
