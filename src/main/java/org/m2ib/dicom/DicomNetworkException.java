package org.m2ib.dicom;

/**
 * Thrown when a remote application entity cannot be reached, rejects the association, or drops the
 * connection. A later attempt may succeed.
 */
public final class DicomNetworkException extends RuntimeException {
  public DicomNetworkException(RemoteAe remote, String what, Throwable cause) {
    super(remote + ": " + what, cause);
  }
}
