package org.m2ib.cases;

/**
 * A report's status, folded from HL7 table 0123 (OBR-25), ORC-1/ORC-5 and FHIR
 * DiagnosticReport.status to what makes a difference to a case.
 */
public enum ReportStatus {
  /** P, R, preliminary, partial, registered: text that may still change. */
  PRELIMINARY,
  /** F, final. */
  FINAL,
  /** C, amended, corrected, appended: replaces the text sent before. */
  AMENDED,
  /** X, D, cancelled, entered-in-error: what was said no longer holds. */
  CANCELLED
}
