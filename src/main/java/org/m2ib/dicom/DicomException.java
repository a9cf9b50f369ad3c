package org.m2ib.dicom;

/**
 * Thrown when a DICOM object violates the standard or lacks something that is needed. The message
 * names the problem and the data element. It never quotes a value, which could be patient data.
 */
public class DicomException extends RuntimeException {
  private final Integer tag;

  public DicomException(String what) {
    this(what, null, null);
  }

  /**
   * @param tag the element at fault, which is added to the message; null if there is no single one
   */
  public DicomException(String what, Integer tag, Throwable cause) {
    super(tag == null ? what : what + " at " + Elements.name(tag), cause);
    this.tag = tag;
  }

  /** Returns the element at fault, or null if there is no single one. */
  public Integer tag() {
    return tag;
  }
}
