package org.m2ib.delivery;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.util.FhirTerser;
import java.util.List;
import org.hl7.fhir.convertors.factory.VersionConvertorFactory_40_50;
import org.hl7.fhir.r4.model.Attachment;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/**
 * The FHIR release that a server speaks. Results are built as R4; for R5 they are converted by
 * HL7's own conversion (FHIR R5 versions.html).
 */
public enum FhirRelease {
  R4("4.0"),
  R5("5.0");

  private final String version;

  FhirRelease(String version) {
    this.version = version;
  }

  /**
   * Media type of requests and of the answers that are asked for (FHIR R4
   * http.html#version-parameter).
   */
  String mediaType() {
    return "application/fhir+json; fhirVersion=" + version;
  }

  /** Returns a resource as JSON of this release. */
  public String encode(Resource resource) {
    return switch (this) {
      case R4 -> FhirContext.forR4Cached().newJsonParser().encodeResourceToString(resource);
      case R5 ->
          FhirContext.forR5Cached()
              .newJsonParser()
              .encodeResourceToString(
                  VersionConvertorFactory_40_50.convertResource(prepared(resource)));
    };
  }

  /** What the conversion leaves in R4's way. */
  private static Resource prepared(Resource resource) {
    Resource copy = resource.copy();
    FhirTerser terser = FhirContext.forR4Cached().newTerser();
    List<Resource> each =
        copy instanceof Bundle bundle
            ? bundle.getEntry().stream().map(Bundle.BundleEntryComponent::getResource).toList()
            : List.of(copy);
    for (Resource one : each) {
      one.getMeta().setProfile(null); // our profiles are of R4
      for (Reference to : terser.getAllPopulatedChildElementsOfType(one, Reference.class)) {
        if ("Media".equals(to.getType())) { // R5 has none: a DICOM instance is a selection
          to.setType("ImagingSelection");
        }
      }
      for (Attachment a : terser.getAllPopulatedChildElementsOfType(one, Attachment.class)) {
        a.setSizeElement(null); // R5's integer64 is a string in JSON, which HAPI does not write
      }
    }
    return copy;
  }
}
