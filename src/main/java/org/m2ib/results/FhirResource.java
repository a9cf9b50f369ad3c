package org.m2ib.results;

import ca.uhn.fhir.context.FhirContext;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.m2ib.cases.StoredResource;

/** Resources in the form the service's own {@code /fhir} keeps them. */
final class FhirResource {
  private static final String URN_UUID = "urn:uuid:";

  private FhirResource() {}

  /** References inside the Bundle become {@code Type/id}. */
  static StoredResource of(Resource inBundle) {
    Resource resource = inBundle.copy();
    FhirContext.forR4Cached()
        .newTerser()
        .getAllPopulatedChildElementsOfType(resource, Reference.class)
        .forEach(FhirResource::resolve);
    String patient = null;
    String study = null;
    String code = null;
    String date = null;
    if (resource instanceof Observation o) {
      patient = o.getSubject().getIdentifier().getValue();
      study = o.getDerivedFromFirstRep().getIdentifier().getValue().replaceFirst("^urn:oid:", "");
      code = o.getCode().getCodingFirstRep().getCode();
      date = o.hasEffectiveDateTimeType() ? o.getEffectiveDateTimeType().getValueAsString() : null;
    } else if (resource instanceof ImagingStudy captures) {
      patient = captures.getSubject().getIdentifier().getValue();
    }
    return new StoredResource(
        resource.fhirType(),
        resource.getIdPart(),
        patient,
        study,
        code,
        date,
        FhirContext.forR4Cached().newJsonParser().encodeResourceToString(resource));
  }

  private static void resolve(Reference reference) {
    String literal = reference.getReference();
    if (literal != null && literal.startsWith(URN_UUID)) {
      reference.setReference(reference.getType() + "/" + literal.substring(URN_UUID.length()));
    }
  }
}
