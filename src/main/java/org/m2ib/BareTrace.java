package org.m2ib;

/**
 * A failure as the log may have it: a message may quote patient data, a class name and frames do
 * not.
 */
public final class BareTrace extends Exception {
  private BareTrace(Throwable failure, BareTrace cause) {
    super(failure.getClass().getName(), cause);
    setStackTrace(failure.getStackTrace());
  }

  /** The failure and its causes without their messages. */
  public static BareTrace of(Throwable failure) {
    Throwable cause = failure.getCause();
    return new BareTrace(failure, cause == null ? null : of(cause));
  }
}
