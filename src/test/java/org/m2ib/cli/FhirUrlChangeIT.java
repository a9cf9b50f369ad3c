package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.delivery.FakeFhirServer;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreOutcome;
import org.m2ib.dicom.StoreScu;
import org.m2ib.dicom.Tags;
import org.m2ib.peers.Peers;
import org.m2ib.peers.ServiceProcess;

/** {@code m2ib.fhir.url} is changed while results wait for the server that it named before. */
class FhirUrlChangeIT {
  private static final Path SMALL =
      Path.of("src/test/resources/dicom/SC_ybr_full_422_uncompressed.dcm");
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path folder;

  @Test
  void whatWaitedForTheOldServerGoesToTheNewOneAndSaysSo() throws Exception {
    String old = "http://127.0.0.1:" + Peers.freePort() + "/fhir";
    String study = DicomObject.read(SMALL, header -> false).requiredString(Tags.StudyInstanceUID);
    try (ServiceProcess before = service(old).start()) {
      RemoteAe us = new RemoteAe("M2IB", "127.0.0.1", before.dicomPort());
      assertThat(new StoreScu(StoreScu.Settings.of("TEST")).store(us, List.of(SMALL)))
          .allMatch(StoreOutcome::stored);
      String report = "{\"studyInstanceUid\": \"%s\", \"text\": \"FINDINGS: Clear lungs.\"}";
      assertThat(before.post("/api/reports", report.formatted(study)).statusCode()).isEqualTo(202);
      before.awaitState(study, "DELIVERING", PATIENCE);
      assertThat(before.end(PATIENCE)).isTrue();
    }
    try (FakeFhirServer fhir = new FakeFhirServer();
        ServiceProcess after = service(fhir.url()).start()) {
      JsonNode found = after.awaitState(study, "DELIVERED", PATIENCE);
      Map<String, String> statuses = new TreeMap<>();
      found
          .get("deliveries")
          .forEach(
              row -> statuses.put(row.get("destination").asText(), row.get("status").asText()));
      assertThat(statuses).isEqualTo(Map.of(old, "REPLACED", fhir.url(), "DELIVERED"));
      assertThat(fhir.resources).isNotEmpty();
    }
  }

  private ServiceProcess service(String fhirUrl) {
    return new ServiceProcess(folder.resolve("data"), Map.of("m2ib.fhir.url", fhirUrl));
  }
}
