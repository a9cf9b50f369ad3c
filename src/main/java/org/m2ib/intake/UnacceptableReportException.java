package org.m2ib.intake;

/**
 * Thrown when a report can never be accepted as it is, so that sending it again would not help.
 * Adapters answer with their protocol's permanent error: HL7 AR, HTTP 400 or 422.
 *
 * <p>Place and reason go into answers and logs, so they never quote the message.
 */
public final class UnacceptableReportException extends RuntimeException {
  private final String place;
  private final boolean invalid;

  /**
   * @param place the field at fault, in the format's own terms: {@code OBR^1^18}, {@code
   *     DiagnosticReport.status}, {@code text}
   * @param reason what is wrong and what would be right
   */
  public UnacceptableReportException(String place, String reason) {
    this(place, reason, false);
  }

  private UnacceptableReportException(String place, String reason, boolean invalid) {
    super(reason);
    this.place = place;
    this.invalid = invalid;
  }

  /** As the constructor, for a field that has an invalid value. */
  public static UnacceptableReportException invalid(String place, String reason) {
    return new UnacceptableReportException(place, reason, true);
  }

  public String place() {
    return place;
  }

  /** Returns whether the field has an invalid value rather than none. */
  public boolean isInvalid() {
    return invalid;
  }
}
