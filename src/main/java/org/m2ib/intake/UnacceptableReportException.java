package org.m2ib.intake;

/**
 * A report that can never be taken as it stands: sending it again would not help. Adapters answer
 * in their protocol's way for "wrong": HL7 AR, HTTP 400 or 422.
 *
 * <p>Neither the place nor the reason ever quotes the message: they go into answers and logs.
 */
public final class UnacceptableReportException extends RuntimeException {
  private final String place;
  private final boolean invalid;

  /**
   * @param place which field is wrong, in the format's own terms: {@code OBR^1^18}, {@code
   *     DiagnosticReport.status}, {@code text}
   * @param reason what is wrong with it and what would be right
   */
  public UnacceptableReportException(String place, String reason) {
    this(place, reason, false);
  }

  private UnacceptableReportException(String place, String reason, boolean invalid) {
    super(reason);
    this.place = place;
    this.invalid = invalid;
  }

  /** As the constructor, where a value is there and cannot be one of its field. */
  public static UnacceptableReportException invalid(String place, String reason) {
    return new UnacceptableReportException(place, reason, true);
  }

  public String place() {
    return place;
  }

  /** Whether a value is there that cannot be one, rather than none. */
  public boolean isInvalid() {
    return invalid;
  }
}
