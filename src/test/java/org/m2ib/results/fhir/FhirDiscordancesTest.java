package org.m2ib.results.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.m2ib.results.FhirSamples.effusion;
import static org.m2ib.results.FhirSamples.heart;

import ca.uhn.fhir.context.FhirContext;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationStatus;
import org.junit.jupiter.api.Test;
import org.m2ib.base.Notice;
import org.m2ib.cases.KeptDiscordance;
import org.m2ib.cases.StoredResource;
import org.m2ib.results.FhirSamples;
import org.m2ib.results.SentenceResult;

class FhirDiscordancesTest {
  private final FhirBundle builder = new FhirBundle(FhirSamples.settings());

  private List<Observation> of(
      List<SentenceResult> results, List<SentenceResult> withdrawn, KeptDiscordance... found) {
    Bundle bundle = builder.of(results, Set.of(), withdrawn, List.of(found));
    return bundle.getEntry().stream()
        .map(Bundle.BundleEntryComponent::getResource)
        .filter(Observation.class::isInstance)
        .map(Observation.class::cast)
        .filter(o -> o.getCode().getCodingFirstRep().getCode().equals("discordance"))
        .toList();
  }

  private static String components(Observation o) {
    return o.getComponent().stream()
        .map(c -> c.getCode().getCodingFirstRep().getCode())
        .sorted()
        .collect(Collectors.joining(" "));
  }

  @Test
  void aScoreHasItsKindItsPartsAndTheNotice() {
    Observation o = of(List.of(effusion()), List.of(), FhirSamples.wrongSide(true)).get(0);
    assertThat(o.getCode().getCoding().get(1).getCode()).isEqualTo("side");
    assertThat(o.getValueQuantity().getValue().doubleValue()).isBetween(0.97, 0.98);
    assertThat(components(o))
        .isEqualTo(
            "alternative-similarity finding part-on-side part-other-side reason sentence similarity");
    assertThat(o.getNoteFirstRep().getText()).startsWith(Notice.AUDIT);
    assertThat(o.getStatus()).isEqualTo(ObservationStatus.PRELIMINARY);
    assertThat(o.getMeta().getSecurityFirstRep().getCode()).isEqualTo("AIAST");
  }

  @Test
  void itHasTheStatusOfItsResultAndIsWithdrawnWithItOrWhenItNoLongerHolds() {
    KeptDiscordance side = FhirSamples.wrongSide(true);
    Bundle stored =
        builder.of(List.of(effusion()), Set.of(effusion().key().id()), List.of(), List.of(side));
    assertThat(FhirBundle.json(stored)).doesNotContain("\"preliminary\"");
    assertThat(of(List.of(heart()), List.of(effusion()), side).get(0).getStatus())
        .isEqualTo(ObservationStatus.ENTEREDINERROR);
    Observation gone = of(List.of(effusion()), List.of(), FhirSamples.wrongSide(false)).get(0);
    assertThat(gone.getStatus()).isEqualTo(ObservationStatus.ENTEREDINERROR);
    assertThat(gone.getText().getDivAsString()).contains("Withdrawn");
    assertThat(of(List.of(heart()), List.of(), side)).as("its result goes elsewhere").isEmpty();
  }

  @Test
  void withoutAScoreItSaysWhy() {
    Observation rule = of(List.of(effusion()), List.of(), FhirSamples.contradiction()).get(0);
    assertThat(rule.hasValue()).isFalse();
    assertThat(rule.getDataAbsentReason().getCodingFirstRep().getCode())
        .isEqualTo("not-applicable");
    assertThat(components(rule)).contains("contradicted-sentence");
  }

  @Test
  void anOmittedFindingIsOfTheStudy() {
    Observation o = of(List.of(effusion()), List.of(), FhirSamples.omitted()).get(0);
    assertThat(o.getDerivedFromFirstRep().getIdentifier().getValue()).isEqualTo("urn:oid:1.2.3.4");
    assertThat(of(List.of(), List.of(effusion()), FhirSamples.omitted()).get(0).getStatus())
        .isEqualTo(ObservationStatus.ENTEREDINERROR);
  }

  @Test
  void theServiceServesItInItsStudyAndLeadsToItsAttribution() {
    Bundle bundle =
        builder.of(List.of(effusion()), Set.of(), List.of(), List.of(FhirSamples.wrongSide(true)));
    StoredResource served =
        FhirBundle.resources(bundle).stream()
            .filter(r -> r.body().contains("StructureDefinition/discordance"))
            .findFirst()
            .orElseThrow();
    assertThat(served.studyInstanceUid()).isEqualTo("1.2.3.4");
    Observation read =
        FhirContext.forR4Cached().newJsonParser().parseResource(Observation.class, served.body());
    assertThat(read.getDerivedFromFirstRep().getReference())
        .isEqualTo("Observation/" + effusion().key().id());
  }
}
