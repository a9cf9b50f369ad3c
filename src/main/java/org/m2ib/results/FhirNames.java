package org.m2ib.results;

import java.util.UUID;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Identifier;

/**
 * The names this project gives things in FHIR. They begin with {@code urn:m2ib:} and are names
 * only, no addresses.
 */
public final class FhirNames {
  /** Codes of the Observation and its components; docs/fhir defines them. */
  public static final String CODES = "urn:m2ib:fhir:CodeSystem:attribution";

  /** The profile of an attribution's Observation. */
  public static final String OBSERVATION_PROFILE = "urn:m2ib:fhir:StructureDefinition:attribution";

  /** Code of the Observation itself. */
  public static final String ATTRIBUTION = "attribution";

  static final String URI = "urn:ietf:rfc:3986";
  static final String DICOM_UID = "urn:dicom:uid";
  static final String SHA_256 = "urn:m2ib:sha-256";

  private FhirNames() {}

  /** A derived identifier, as FHIR writes UUIDs. */
  static Identifier identifier(UUID id) {
    return new Identifier().setSystem(URI).setValue("urn:uuid:" + id);
  }

  /** A DICOM UID, as FHIR writes them (imagingstudy.html). */
  static Identifier dicomUid(String uid) {
    return new Identifier().setSystem(DICOM_UID).setValue("urn:oid:" + uid);
  }

  static CodeableConcept code(String code, String text) {
    return new CodeableConcept()
        .addCoding(new Coding().setSystem(CODES).setCode(code).setDisplay(text))
        .setText(text);
  }
}
