package org.m2ib.results.fhir;

import ca.uhn.fhir.context.FhirContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.Device;
import org.hl7.fhir.r4.model.DocumentReference;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Provenance;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.StringType;
import org.m2ib.cases.StoredResource;

/**
 * Splits a Bundle into single resources: each has its derived UUID as id, and references between
 * them use type and id.
 */
final class FhirResources {
  private static final FhirContext R4 = FhirContext.forR4Cached();

  private FhirResources() {}

  static List<StoredResource> of(Bundle bundle) {
    Map<String, String> urls = new HashMap<>();
    String image = null;
    for (BundleEntryComponent entry : bundle.getEntry()) {
      urls.put(entry.getFullUrl(), entry.getResource().fhirType() + "/" + id(entry));
      if (entry.getResource() instanceof Observation o
          && o.getDerivedFromFirstRep().hasIdentifier()) {
        image = o.getDerivedFromFirstRep().getIdentifier().getValue();
      }
    }
    if (image == null) {
      return List.of();
    }
    String study = image.substring("urn:oid:".length());
    return bundle.getEntry().stream().map(entry -> stored(entry, urls, study)).toList();
  }

  /** The UUID of the resource's first identifier; a Provenance has it as its tag. */
  private static String id(BundleEntryComponent entry) {
    Resource resource = entry.getResource();
    String uri =
        resource instanceof Provenance provenance
            ? provenance.getMeta().getTagFirstRep().getCode()
            : R4.newTerser()
                .getSingleValueOrNull(resource, "identifier.value", StringType.class)
                .getValue();
    return uri.substring("urn:uuid:".length());
  }

  /** Devices and the cards of their models serve many studies. */
  private static boolean isOfModel(Resource resource) {
    return resource instanceof Device
        || resource instanceof DocumentReference document
            && FhirNames.MODEL_CARD.equals(document.getType().getCodingFirstRep().getCode());
  }

  private static StoredResource stored(
      BundleEntryComponent entry, Map<String, String> urls, String study) {
    Resource resource = entry.getResource().copy();
    resource.setId(id(entry));
    for (Reference reference :
        R4.newTerser().getAllPopulatedChildElementsOfType(resource, Reference.class)) {
      if (urls.containsKey(reference.getReference())) {
        reference.setReference(urls.get(reference.getReference()));
      }
    }
    return new StoredResource(
        resource.fhirType(),
        id(entry),
        isOfModel(resource) ? null : study,
        R4.newJsonParser().encodeResourceToString(resource));
  }
}
