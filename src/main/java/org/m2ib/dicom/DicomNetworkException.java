package org.m2ib.dicom;

/**
 * A remote application entity could not be reached, rejected the association, or aborted it. Trying
 * again later may help.
 */
public final class DicomNetworkException extends RuntimeException {
  public DicomNetworkException(RemoteAe remote, String what, Throwable cause) {
    super(remote + ": " + what, cause);
  }
}
