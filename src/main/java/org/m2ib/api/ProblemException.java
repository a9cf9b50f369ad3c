package org.m2ib.api;

/** Ends a request with a {@link Problem}. */
public final class ProblemException extends RuntimeException {
  private final int status;
  private final String field;

  /**
   * @param status HTTP status
   * @param detail what is wrong and what to do, without patient data
   */
  public ProblemException(int status, String detail) {
    this(status, null, detail);
  }

  /**
   * @param field of the body at fault; null for none. It precedes the detail
   */
  public ProblemException(int status, String field, String detail) {
    super(field == null ? detail : field + ": " + detail);
    this.status = status;
    this.field = field;
  }

  public int status() {
    return status;
  }

  /** Null for none. */
  public String field() {
    return field;
  }
}
