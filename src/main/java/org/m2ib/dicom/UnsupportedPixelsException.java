package org.m2ib.dicom;

/**
 * Pixels that cannot be decoded here: the object is still stored and forwarded, but not attributed.
 */
public final class UnsupportedPixelsException extends DicomException {
  public UnsupportedPixelsException(String what) {
    super(what);
  }

  public UnsupportedPixelsException(String what, Integer tag) {
    super(what, tag, null);
  }
}
