package org.m2ib.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Patient.LinkType;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;
import org.m2ib.results.SampleResults;
import org.m2ib.results.fhir.FhirBundle;
import org.m2ib.results.fhir.FhirNames;

class PatientLookupTest {
  private static final FhirContext R4 = FhirContext.forR4Cached();
  private static final String SYSTEM = "urn:oid:1.2.3";
  private final List<String> searched = new ArrayList<>();

  /** A case's Bundle; its patient is P1 of the system. */
  private static Bundle bundle(Optional<String> system) {
    FhirBundle.Settings settings =
        new FhirBundle.Settings(
            "m2ib-pacs",
            "1.0",
            ZoneOffset.UTC,
            system,
            Optional.empty(),
            Optional.empty(),
            FhirNames.defaults(),
            true,
            Optional.empty());
    return new FhirBundle(settings).of(List.of(SampleResults.of(0, "Clear.")), Set.of(), List.of());
  }

  private static Patient patient(String id, String value) {
    Patient patient = new Patient();
    patient.setId(id);
    patient.addIdentifier().setSystem(SYSTEM).setValue(value);
    return patient;
  }

  private static Bundle found(Patient... patients) {
    Bundle bundle = new Bundle().setType(BundleType.SEARCHSET);
    for (Patient patient : patients) {
      bundle.addEntry().setResource(patient);
    }
    return bundle;
  }

  private Reference subject(Bundle sent, Bundle answer) {
    PatientLookup.complete(
        R4,
        sent,
        token -> {
          searched.add(token);
          return answer;
        });
    return sent.getEntry().stream()
        .map(Bundle.BundleEntryComponent::getResource)
        .filter(Observation.class::isInstance)
        .map(resource -> ((Observation) resource).getSubject())
        .findFirst()
        .orElseThrow();
  }

  private Reference subject(Bundle answer) {
    return subject(bundle(Optional.of(SYSTEM)), answer);
  }

  @Test
  void theOnlyPatientWithTheIdentifierIsNamedBesideIt() {
    Reference subject = subject(found(patient("17", "P1")));
    assertThat(subject.getReference()).isEqualTo("Patient/17");
    assertThat(subject.getIdentifier().getValue()).isEqualTo("P1");
    assertThat(searched).as("asked once for all references").containsExactly(SYSTEM + "|P1");
  }

  @Test
  void noOtherAnswerNamesAPatient() {
    Patient merged = patient("17", "P1");
    merged.addLink().setType(LinkType.REPLACEDBY).setOther(new Reference("Patient/18"));
    Bundle more = found(patient("17", "P1"));
    more.addLink().setRelation("next").setUrl("http://server.example/next");
    Bundle outcome = new Bundle();
    outcome
        .addEntry()
        .setResource(new OperationOutcome())
        .getSearch()
        .setMode(Bundle.SearchEntryMode.OUTCOME);
    for (Bundle answer :
        List.of(
            found(),
            found(patient("17", "P1"), patient("18", "P1")),
            found(patient("17", "P2")),
            found(patient("17", "P1").setActive(false)),
            found(merged),
            more,
            outcome,
            found(patient("17", "P1")).setTotal(2))) {
      assertThat(subject(answer).hasReference()).isFalse();
    }
  }

  @Test
  void anIdentifierWithoutSystemIsNotSearched() {
    assertThat(subject(bundle(Optional.empty()), found(patient("17", "P1"))).hasReference())
        .isFalse();
    assertThat(searched).isEmpty();
  }

  @Test
  void aServerThatRefusesTheSearchStillGetsTheResults() {
    Bundle sent = bundle(Optional.of(SYSTEM));
    PatientLookup.complete(
        R4,
        sent,
        token -> {
          throw new DeliveryException("HTTP 403");
        });
    assertThat(R4.newJsonParser().encodeResourceToString(sent)).doesNotContain("\"Patient/");
  }
}
