package org.m2ib.api;

/** Ends a request with a {@link Problem}. */
public final class ProblemException extends RuntimeException {
  private final int status;
  private final String field;
  private final Refusal why;

  /**
   * @param status HTTP status
   * @param detail what is wrong and what to do, without patient data
   */
  public ProblemException(int status, String detail) {
    this(status, null, null, detail);
  }

  /**
   * @param why for which pages have words
   * @param detail the same in English
   */
  public ProblemException(int status, Refusal why, String detail) {
    this(status, null, why, detail);
  }

  /**
   * @param field of the body at fault; null for none. It precedes the detail
   */
  public ProblemException(int status, String field, String detail) {
    this(status, field, null, detail);
  }

  private ProblemException(int status, String field, Refusal why, String detail) {
    super(field == null ? detail : field + ": " + detail);
    this.status = status;
    this.field = field;
    this.why = why;
  }

  public int status() {
    return status;
  }

  /** Null for none. */
  public String field() {
    return field;
  }

  /** Null for none. */
  public Refusal why() {
    return why;
  }
}
