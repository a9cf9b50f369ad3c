package org.m2ib.cases;

/**
 * A patient identifier and the authority that assigned it.
 *
 * @param id DICOM (0010,0020), HL7 PID-3.1
 * @param issuer DICOM (0010,0021), HL7 PID-3.4; null matches any
 */
public record PatientId(String id, String issuer) {

  /** Whether both may be the same: a missing issuer matches any. */
  public boolean agrees(PatientId other) {
    return id.equals(other.id)
        && (issuer == null || other.issuer == null || issuer.equals(other.issuer));
  }

  /** With this issuer, if it has none of its own. */
  PatientId orIssuer(String otherwise) {
    return issuer == null ? new PatientId(id, otherwise) : this;
  }
}
