package org.m2ib.base;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Prepares unexpected failures for the log. Stack frames contain no patient data, but messages may
 * quote some.
 */
public final class Traces {
  private Traces() {}

  /**
   * Returns a copy of the failure without messages: its class and stack trace, and those of its
   * causes and suppressed exceptions.
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
    /**
     * Uses the class name as the message, because a JSON log shows the message and not {@link
     * #toString}.
     */
    private WithoutMessage(Throwable failure, Throwable cause) {
      super(failure.getClass().getName(), cause);
      setStackTrace(failure.getStackTrace());
    }

    /** Returns the first line of a stack trace. */
    @Override
    public String toString() {
      return getMessage();
    }
  }
}
