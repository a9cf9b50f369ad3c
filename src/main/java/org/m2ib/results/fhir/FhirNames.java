package org.m2ib.results.fhir;

import java.util.UUID;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Identifier;

/**
 * Names and URLs in FHIR, of this project and of others.
 *
 * @param base of this project's canonical addresses, without a slash at its end
 */
public record FhirNames(String base) {
  /** Where a service with the default settings has its definitions. */
  public static final String DEFAULT_BASE = "http://localhost:8080/fhir";

  /** HL7's AI Transparency on FHIR. */
  static final String AI_TRANSPARENCY = "http://hl7.org/fhir/uv/aitransparency";

  /** Code of the Observation itself. */
  public static final String ATTRIBUTION = "attribution";

  /** Code of the DocumentReference that has a result's interactions. */
  static final String INTERACTIONS = "interactions";

  /** Code of the DocumentReference that has a model's card. */
  static final String MODEL_CARD = "model-card";

  /** Code of the Observation of a judgement. */
  static final String JUDGEMENT = "judgement";

  /** Identifier system of identifiers that are URIs. */
  static final String URI = "urn:ietf:rfc:3986";

  /** Identifier system of DICOM UIDs (FHIR R4 imagingstudy.html). */
  static final String DICOM_UID = "urn:dicom:uid";

  static final String DICOM_CODES = "http://dicom.nema.org/resources/ontology/DCM";

  /**
   * @throws IllegalArgumentException if the base is not an http or https URL
   */
  public FhirNames {
    base = base.strip().replaceFirst("/+$", "");
    if (!base.matches("https?://[^\\s|#?]+")) {
      throw new IllegalArgumentException(
          "m2ib.fhir.canonical-base = " + base + ": must be an http or https URL");
    }
  }

  /** Those under {@link #DEFAULT_BASE}. */
  public static FhirNames defaults() {
    return new FhirNames(DEFAULT_BASE);
  }

  /** Returns an address of our own under this base, any other as it is. */
  public String moved(String address) {
    return address.startsWith(DEFAULT_BASE + "/")
        ? base + address.substring(DEFAULT_BASE.length())
        : address;
  }

  /** Codes of the Observation, of its components and of properties of the Device. */
  public String codes() {
    return base + "/CodeSystem/attribution";
  }

  /** Kinds of discordances and what their Observations have as components. */
  String discordances() {
    return base + "/CodeSystem/discordance";
  }

  /** Sides and zones of images and patients. */
  String places() {
    return base + "/CodeSystem/place";
  }

  /**
   * Questions and choices of a scheme of judging.
   *
   * @param scheme its code
   */
  public String scheme(String scheme) {
    return base + "/CodeSystem/" + (scheme.equals("verdict") ? scheme : "judging-" + scheme);
  }

  /**
   * @param id of a StructureDefinition in docs/fhir
   */
  String profile(String id) {
    return base + "/StructureDefinition/" + id;
  }

  /** Identifier system of SHA-256 hashes, 64 hexadecimal digits. */
  Identifier sha256(String hash) {
    return new Identifier().setSystem(base + "/sha-256").setValue(hash);
  }

  CodeableConcept code(String code, String text) {
    return new CodeableConcept().addCoding(new Coding(codes(), code, text)).setText(text);
  }

  /** A derived identifier. */
  static Identifier identifier(UUID id) {
    return new Identifier().setSystem(URI).setValue("urn:uuid:" + id);
  }

  static Identifier dicomUid(String uid) {
    return new Identifier().setSystem(DICOM_UID).setValue("urn:oid:" + uid);
  }
}
