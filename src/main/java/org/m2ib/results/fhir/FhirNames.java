package org.m2ib.results.fhir;

import java.util.UUID;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Identifier;

/** Names and URLs in FHIR, of this project and of others. */
public final class FhirNames {
  /** Prefix of this project's own URLs. They are names only and do not resolve. */
  private static final String BASE = "urn:m2ib:fhir:";

  /** Codes of the Observation, of its components and of properties of the Device. */
  public static final String CODES = BASE + "CodeSystem:attribution";

  /** Sides and zones of images and patients. */
  public static final String PLACES = BASE + "CodeSystem:place";

  /** Code of the Observation itself. */
  public static final String ATTRIBUTION = "attribution";

  /** Code of the DocumentReference that has a result's interactions. */
  static final String INTERACTIONS = "interactions";

  /** Code of the Observation of a judgement. */
  static final String JUDGEMENT = "judgement";

  /** A person's verdicts on an attribution. */
  public static final String VERDICTS = BASE + "CodeSystem:verdict";

  static final String OBSERVATION_PROFILE = BASE + "StructureDefinition:attribution";
  static final String JUDGEMENT_PROFILE = BASE + "StructureDefinition:judgement";
  static final String INTERACTIONS_PROFILE = BASE + "StructureDefinition:interactions";
  static final String DEVICE_PROFILE = BASE + "StructureDefinition:device";
  static final String PROVENANCE_PROFILE = BASE + "StructureDefinition:provenance";

  /** Identifier system of SHA-256 hashes, 64 hexadecimal digits. */
  static final String SHA_256 = BASE + "sha-256";

  /** Identifier system of identifiers that are URIs. */
  static final String URI = "urn:ietf:rfc:3986";

  /** Identifier system of DICOM UIDs (FHIR R4 imagingstudy.html). */
  static final String DICOM_UID = "urn:dicom:uid";

  static final String DICOM_CODES = "http://dicom.nema.org/resources/ontology/DCM";

  private FhirNames() {}

  /** A derived identifier. */
  static Identifier identifier(UUID id) {
    return new Identifier().setSystem(URI).setValue("urn:uuid:" + id);
  }

  static Identifier dicomUid(String uid) {
    return new Identifier().setSystem(DICOM_UID).setValue("urn:oid:" + uid);
  }

  static Identifier sha256(String hash) {
    return new Identifier().setSystem(SHA_256).setValue(hash);
  }

  static CodeableConcept code(String code, String text) {
    return new CodeableConcept().addCoding(new Coding(CODES, code, text)).setText(text);
  }
}
