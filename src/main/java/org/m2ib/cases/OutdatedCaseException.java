package org.m2ib.cases;

import java.util.UUID;

/** The case has changed since work on it began: the work stops and its results are discarded. */
public final class OutdatedCaseException extends RuntimeException {
  public OutdatedCaseException(UUID caseId) {
    super("case " + caseId + " has changed since its attribution began");
  }
}
