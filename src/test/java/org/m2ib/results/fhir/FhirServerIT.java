package org.m2ib.results.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.m2ib.results.FhirSamples.effusion;
import static org.m2ib.results.FhirSamples.heart;
import static org.m2ib.results.FhirSamples.heartLateral;

import ca.uhn.fhir.context.FhirContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Device;
import org.hl7.fhir.r4.model.DocumentReference;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Provenance;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.delivery.FhirReadiness;
import org.m2ib.delivery.FhirRelease;
import org.m2ib.delivery.FhirServer;
import org.m2ib.delivery.HttpAuthorization;
import org.m2ib.peers.FhirJpaServer;
import org.m2ib.results.FhirSamples;
import org.m2ib.results.MadeResults;
import org.m2ib.results.SentenceResult;

/** Bundles sent, by the service's own client, to a FHIR server that is not ours. */
class FhirServerIT {
  private static final FhirContext R4 = FhirContext.forR4Cached();
  private static FhirJpaServer server;
  private static FhirServer client;
  private final FhirBundle builder = new FhirBundle(FhirSamples.settings());

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    server = FhirJpaServer.start(folder);
    client =
        new FhirServer(
            R4,
            FhirServer.Settings.of(server.url(), HttpAuthorization.none(), Duration.ofMinutes(1)));
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void aBundleSentTwiceLeavesOneOfEachAndALaterOneChangesTheirStatus() throws Exception {
    List<SentenceResult> all =
        List.of(MadeResults.withInteractions(effusion()), heart(), heartLateral());
    Set<UUID> ids = new HashSet<>();
    all.forEach(result -> ids.add(result.key().id()));

    client.transaction(builder.of(all, Set.of(), List.of()));
    List<String> first = idsAndStatuses();
    client.transaction(builder.of(all, Set.of(), List.of()));
    assertThat(idsAndStatuses())
        .isEqualTo(first)
        .hasSize(3)
        .allMatch(o -> o.endsWith("preliminary"));
    assertThat(counts()).containsExactly(3, 1, 2, 1, 2);

    client.transaction(builder.of(all, ids, List.of()));
    assertThat(idsAndStatuses())
        .containsExactlyElementsOf(
            first.stream().map(o -> o.replace("preliminary", "final")).toList());
    assertThat(counts()).containsExactly(3, 1, 2, 1, 2);
    DocumentReference document =
        (DocumentReference)
            first("DocumentReference?type=" + FhirNames.defaults().codes() + "%7Cinteractions");
    String derived = "Observation?derived-from=DocumentReference/";
    assertThat(count(derived + document.getIdElement().getIdPart())).isEqualTo(1);
    client.transaction(builder.of(List.of(heart()), ids, List.of(all.get(0), heartLateral())));
    assertThat(count("Observation?status=final")).isEqualTo(1);
    assertThat(count("Observation?status=entered-in-error")).isEqualTo(2);
    assertThat(count("DocumentReference?status=entered-in-error")).isEqualTo(1);
    assertThat(counts()).containsExactly(3, 1, 2, 1, 2);

    referencesLeadFromProvenanceToObservationAndDevice();
    patientStudyAndCodeAreKept();
  }

  @Test
  void aPatientThatTheServerKnowsIsNamed() throws Exception {
    Bundle bundle = builder.of(List.of(heart()), Set.of(), List.of());
    Identifier known =
        bundle.getEntry().stream()
            .map(Bundle.BundleEntryComponent::getResource)
            .filter(Observation.class::isInstance)
            .map(resource -> ((Observation) resource).getSubject().getIdentifier())
            .findFirst()
            .orElseThrow();
    Patient patient = new Patient();
    patient.addIdentifier().setSystem(known.getSystem()).setValue(known.getValue());
    Bundle create = new Bundle().setType(Bundle.BundleType.TRANSACTION);
    create
        .addEntry()
        .setResource(patient)
        .getRequest()
        .setMethod(Bundle.HTTPVerb.PUT)
        .setUrl("Patient?identifier=" + known.getSystem() + "|" + known.getValue());
    client.transaction(create);
    FhirServer curious =
        FhirServer.connect(
            new FhirServer.Settings(
                server.url(),
                HttpAuthorization.none(),
                FhirRelease.R4,
                Duration.ofMinutes(1),
                true,
                Optional.empty()));
    curious.transaction(bundle);
    Observation stored =
        (Observation)
            first("Observation?identifier=urn:ietf:rfc:3986%7Curn:uuid:" + heart().key().id());
    Patient named = parse(Patient.class, server.get("/" + stored.getSubject().getReference()));
    assertThat(named.getIdentifierFirstRep().getValue()).isEqualTo(known.getValue());
  }

  @Test
  void theServerIsTriedWithoutLeavingAnything() throws Exception {
    int before = count("Observation?status=preliminary");
    FhirReadiness readiness = FhirReadiness.of(client, Duration.ofMinutes(1));
    assertThat(readiness.lacking()).isEmpty();
    assertThat(readiness.validated()).isTrue();
    assertThat(count("Observation?status=preliminary")).isEqualTo(before);
  }

  private void referencesLeadFromProvenanceToObservationAndDevice() throws Exception {
    Provenance provenance = (Provenance) first("Provenance?_sort=_lastUpdated");
    String target = provenance.getTargetFirstRep().getReference();
    assertThat(target).startsWith("Observation/");
    Observation observation = parse(Observation.class, server.get("/" + target));
    Device device = parse(Device.class, server.get("/" + observation.getDevice().getReference()));
    assertThat(device.getNoteFirstRep().getText()).contains("Not a diagnostic device");
  }

  /** This server cannot search references by identifier, so what it keeps is read. */
  private void patientStudyAndCodeAreKept() throws Exception {
    String mine = "Observation?identifier=urn:ietf:rfc:3986%7Curn:uuid:" + effusion().key().id();
    Observation observation = (Observation) first(mine);
    assertThat(observation.getSubject().getIdentifier().getValue()).isEqualTo("PAT-9");
    assertThat(observation.getDerivedFromFirstRep().getIdentifier().getValue())
        .isEqualTo("urn:oid:1.2.3.4");
    assertThat(observation.getContained()).hasSize(1);
    assertThat(
            count(
                "Observation?code=" + FhirNames.defaults().codes() + "%7C" + FhirNames.ATTRIBUTION))
        .isEqualTo(3);
    assertThat(count("Observation?code=" + FhirNames.defaults().codes() + "%7Canother")).isZero();
  }

  private static List<String> idsAndStatuses() throws Exception {
    return search("Observation").getEntry().stream()
        .map(entry -> (Observation) entry.getResource())
        .map(o -> o.getIdElement().getIdPart() + " " + o.getStatus().toCode())
        .sorted()
        .toList();
  }

  private static List<Integer> counts() throws Exception {
    return List.of(
        count("Observation?"),
        count("Device?"),
        count("Provenance?"),
        count("ImagingStudy?"),
        count("DocumentReference?"));
  }

  private static int count(String query) throws Exception {
    return parse(Bundle.class, server.get("/" + query + "&_summary=count")).getTotal();
  }

  private static Resource first(String query) throws Exception {
    return search(query).getEntryFirstRep().getResource();
  }

  private static Bundle search(String query) throws Exception {
    return parse(Bundle.class, server.get("/" + query));
  }

  private static <T extends Resource> T parse(Class<T> type, String json) {
    return R4.newJsonParser().parseResource(type, json);
  }
}
