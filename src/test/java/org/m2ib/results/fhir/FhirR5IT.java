package org.m2ib.results.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.m2ib.results.FhirSamples.effusion;
import static org.m2ib.results.FhirSamples.heart;
import static org.m2ib.results.FhirSamples.heartLateral;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.r5.model.Bundle;
import org.hl7.fhir.r5.model.CodeSystem;
import org.hl7.fhir.r5.model.Device;
import org.hl7.fhir.r5.model.DocumentReference;
import org.hl7.fhir.r5.model.Observation;
import org.junit.jupiter.api.Test;
import org.m2ib.delivery.FhirRelease;
import org.m2ib.results.FhirSamples;
import org.m2ib.results.MadeResults;

/** The same results in R5, by HAPI's R5 parser and validator. */
class FhirR5IT {
  private static final FhirContext R5 = FhirContext.forR5Cached();

  private static String bundle() {
    return FhirRelease.R5.encode(
        new FhirBundle(
                FhirSamples.settings(
                    "urn:oid:1.2.3",
                    "http://ris.example/a",
                    "http://ris.example/r",
                    "http://pacs.example/wado"))
            .of(
                List.of(MadeResults.withInteractions(effusion()), heart()),
                Set.of(effusion().key().id()),
                List.of(MadeResults.withInteractions(heartLateral()))));
  }

  /** As of HL7 Terminology 6.0.0, which knows the label of what AI asserted; R5's is older. */
  private static PrePopulatedValidationSupport labels() {
    CodeSystem known =
        (CodeSystem)
            new DefaultProfileValidationSupport(R5)
                .fetchCodeSystem("http://terminology.hl7.org/CodeSystem/v3-ObservationValue");
    CodeSystem newer = known.copy();
    newer.addConcept().setCode("AIAST").setDisplay("Artificial Intelligence asserted");
    PrePopulatedValidationSupport support = new PrePopulatedValidationSupport(R5);
    support.addResource(newer);
    return support;
  }

  @Test
  void theBundleIsValidInR5() {
    FhirValidator validator =
        R5.newValidator()
            .registerValidatorModule(
                new FhirInstanceValidator(
                    new ValidationSupportChain(
                        labels(),
                        new DefaultProfileValidationSupport(R5),
                        new CommonCodeSystemsTerminologyService(R5),
                        new InMemoryTerminologyServerValidationSupport(R5),
                        new UnknownCodeSystemWarningValidationSupport(R5))));
    assertThat(
            validator.validateWithResult(bundle()).getMessages().stream()
                .filter(m -> m.getSeverity().compareTo(ResultSeverityEnum.ERROR) >= 0)
                .map(m -> m.getLocationString() + ": " + m.getMessage()))
        .isEmpty();
  }

  @Test
  void nothingOfAResultIsLostOnTheWay() {
    var r4 =
        new FhirBundle(
                FhirSamples.settings(
                    "urn:oid:1.2.3",
                    "http://ris.example/a",
                    "http://ris.example/r",
                    "http://pacs.example/wado"))
            .of(List.of(MadeResults.withInteractions(effusion())), Set.of(), List.of());
    Bundle r5 = R5.newJsonParser().parseResource(Bundle.class, FhirRelease.R5.encode(r4));
    assertThat(r5.getEntry()).hasSameSizeAs(r4.getEntry());
    for (int i = 0; i < r4.getEntry().size(); i++) {
      assertThat(r5.getEntry().get(i).getRequest().getUrl())
          .isEqualTo(r4.getEntry().get(i).getRequest().getUrl());
      assertThat(r5.getEntry().get(i).getFullUrl()).isEqualTo(r4.getEntry().get(i).getFullUrl());
    }
    Observation observation = first(r5, Observation.class);
    assertThat(observation.getValueStringType().getValue()).isEqualTo("Small pleural effusion.");
    assertThat(observation.getComponent())
        .hasSameSizeAs(
            ((org.hl7.fhir.r4.model.Observation)
                    r4.getEntry().stream()
                        .filter(e -> e.getResource().fhirType().equals("Observation"))
                        .findFirst()
                        .orElseThrow()
                        .getResource())
                .getComponent());
    assertThat(observation.getNoteFirstRep().getText()).contains("Not for diagnostic use");
    assertThat(observation.getSubject().getIdentifier().getValue()).isEqualTo("PAT-9");
    assertThat(observation.getContained()).hasSize(1);
    Device device = first(r5, Device.class);
    assertThat(device.getNoteFirstRep().getText()).contains("Not a diagnostic device");
    assertThat(device.getProperty()).hasSize(4);
    DocumentReference interactions = first(r5, DocumentReference.class);
    assertThat(interactions.getContentFirstRep().getAttachment().getData()).isNotEmpty();
  }

  private static <T extends org.hl7.fhir.r5.model.Resource> T first(Bundle bundle, Class<T> type) {
    return bundle.getEntry().stream()
        .map(Bundle.BundleEntryComponent::getResource)
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst()
        .orElseThrow();
  }
}
