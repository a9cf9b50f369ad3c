package org.m2ib.dicom;

/**
 * Pixels in a form that cannot be decoded here: the object is stored and forwarded all the same, it
 * is not attributed.
 */
public final class UnsupportedPixelsException extends DicomException {
  public UnsupportedPixelsException(String what) {
    super(what);
  }

  public UnsupportedPixelsException(String what, Integer tag) {
    super(what, tag, null);
  }
}
