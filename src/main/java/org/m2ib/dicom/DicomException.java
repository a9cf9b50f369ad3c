package org.m2ib.dicom;

/**
 * A DICOM object that violates the standard or lacks something required. The message says what is
 * wrong and names the data element; it never quotes an element's value, which could be a patient's.
 */
public class DicomException extends RuntimeException {
  private final Integer tag;

  public DicomException(String what) {
    this(what, null, null);
  }

  /**
   * @param tag the element at fault, null if there is none in particular; it is added to the
   *     message
   */
  public DicomException(String what, Integer tag, Throwable cause) {
    super(tag == null ? what : what + " at " + Elements.name(tag), cause);
    this.tag = tag;
  }

  /** The element at fault, null if there is none in particular. */
  public Integer tag() {
    return tag;
  }
}
