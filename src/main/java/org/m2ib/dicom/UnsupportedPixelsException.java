package org.m2ib.dicom;

/**
 * Thrown when pixels are in a form that cannot be decoded. The object is still stored and
 * forwarded, but not attributed.
 */
public final class UnsupportedPixelsException extends DicomException {
  public UnsupportedPixelsException(String what) {
    super(what);
  }

  public UnsupportedPixelsException(String what, Integer tag) {
    super(what, tag, null);
  }
}
