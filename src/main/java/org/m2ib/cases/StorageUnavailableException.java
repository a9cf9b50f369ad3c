package org.m2ib.cases;

/**
 * The disk or the database cannot store the message now. Adapters answer with their protocol's "try
 * again": DICOM A700, HL7 AE, HTTP 503.
 */
public final class StorageUnavailableException extends RuntimeException {
  public StorageUnavailableException(String what, Throwable cause) {
    super(what, cause);
  }
}
