package org.m2ib.results.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.m2ib.results.FhirSamples.effusion;
import static org.m2ib.results.FhirSamples.heart;

import ca.uhn.fhir.context.FhirContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Device;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Provenance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.delivery.FhirServer;
import org.m2ib.delivery.HttpAuthorization;
import org.m2ib.peers.MedplumServer;
import org.m2ib.results.FhirSamples;
import org.m2ib.results.SentenceResult;

/** Bundles sent to a server that replaces each fullUrl wherever it stands, by its own ids. */
class MedplumIT {
  private final FhirBundle builder = new FhirBundle(FhirSamples.settings());
  @TempDir Path folder;

  @Test
  void aBundleSentTwiceMakesNoCopiesAndAWithdrawalWithdraws() throws Exception {
    try (MedplumServer server = MedplumServer.start(folder)) {
      FhirServer client =
          FhirServer.connect(
              FhirServer.Settings.of(
                  server.url(), HttpAuthorization.none(), Duration.ofMinutes(1)));
      List<SentenceResult> all = List.of(effusion(), heart());
      Set<UUID> ids = new HashSet<>();
      all.forEach(result -> ids.add(result.key().id()));
      client.transaction(builder.of(all, Set.of(), List.of()));
      assertThat(statuses(server)).containsExactly("preliminary", "preliminary");

      client.transaction(builder.of(all, ids, List.of()));
      client.transaction(builder.of(all, ids, List.of()));
      assertThat(statuses(server)).containsExactly("final", "final");
      assertThat(search(server, "Device").getEntry()).hasSize(1);
      assertThat(search(server, "Provenance").getEntry()).hasSize(1);
      assertThat(search(server, "ImagingStudy").getEntry()).hasSize(1);
      Device device = (Device) search(server, "Device").getEntryFirstRep().getResource();
      assertThat(device.getIdentifierFirstRep().getValue()).startsWith("urn:uuid:");
      Observation observation =
          (Observation) search(server, "Observation").getEntryFirstRep().getResource();
      assertThat(observation.getDevice().getReference())
          .isEqualTo("Device/" + device.getIdElement().getIdPart());
      Provenance provenance =
          (Provenance) search(server, "Provenance").getEntryFirstRep().getResource();
      assertThat(provenance.getMeta().getTagFirstRep().getCode()).startsWith("urn:uuid:");
      assertThat(provenance.getTargetFirstRep().getReference()).startsWith("Observation/");

      client.transaction(builder.of(List.of(), ids, all));
      assertThat(statuses(server)).containsExactly("entered-in-error", "entered-in-error");
    }
  }

  private static List<String> statuses(MedplumServer server) throws Exception {
    return search(server, "Observation").getEntry().stream()
        .map(entry -> ((Observation) entry.getResource()).getStatus().toCode())
        .toList();
  }

  private static Bundle search(MedplumServer server, String type) throws Exception {
    return FhirContext.forR4Cached()
        .newJsonParser()
        .parseResource(Bundle.class, server.get("/" + type));
  }
}
