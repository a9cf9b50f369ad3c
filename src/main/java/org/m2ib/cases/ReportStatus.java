package org.m2ib.cases;

/**
 * A report's status, reduced from HL7 table 0123 (OBR-25), ORC-1/ORC-5 and FHIR
 * DiagnosticReport.status to the distinctions that matter for a case.
 */
public enum ReportStatus {
  /** P, R, preliminary, partial, registered: text that may still change. */
  PRELIMINARY,
  /** F, final. */
  FINAL,
  /** C, amended, corrected, appended: replaces the text sent before. */
  AMENDED,
  /** X, D, cancelled, entered-in-error: the text is no longer valid. */
  CANCELLED
}
