package org.m2ib.intake;

/**
 * A report that can never be accepted as it is: resending it would not help. Adapters answer with
 * their protocol's "wrong": HL7 AR, HTTP 400 or 422.
 *
 * <p>Neither the place nor the reason quotes the message: they go into answers and logs.
 */
public final class UnacceptableReportException extends RuntimeException {
  private final String place;
  private final boolean invalid;

  /**
   * @param place the field at fault, in the format's own terms: {@code OBR^1^18}, {@code
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

  /** As the constructor, for a value that is present but invalid. */
  public static UnacceptableReportException invalid(String place, String reason) {
    return new UnacceptableReportException(place, reason, true);
  }

  public String place() {
    return place;
  }

  /** Whether a value is present but invalid, rather than missing. */
  public boolean isInvalid() {
    return invalid;
  }
}
