package org.m2ib.discordance;

/** How a report and its images may disagree. */
public enum Kind {
  /** The sentence names the wrong side of a finding. */
  SIDE("side"),
  /** The sentence names the wrong side of a device. */
  DEVICE_POSITION("device-position"),
  /** The sentence names the wrong zone of a lung. */
  LOCATION("location"),
  /** The sentence denies a finding that the image supports. */
  DENIED("denied"),
  /** The sentence states a finding that the image does not support. */
  STATED("stated"),
  /** The image shows a finding that the report does not mention. */
  OMITTED("omitted"),
  /** Two sentences of the report contradict each other; no image is asked. */
  CONTRADICTION("contradiction");

  private final String code;

  Kind(String code) {
    this.code = code;
  }

  /** Name in {@code /api} and FHIR. */
  public String code() {
    return code;
  }
}
