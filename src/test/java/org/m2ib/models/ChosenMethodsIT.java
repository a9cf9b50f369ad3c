package org.m2ib.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreScu;
import org.m2ib.dicom.Tags;
import org.m2ib.peers.ServiceProcess;

/** The packaged service of a deployment that chose its methods and how it reads reports. */
class ChosenMethodsIT {
  private static final Path CHEST = Path.of("samples/chest.dcm");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void theDeliveredMethodIsNamedEverywhereAndTheOthersAreKeptForReview() throws Exception {
    String study = DicomObject.read(CHEST, header -> false).requiredString(Tags.StudyInstanceUID);
    Map<String, String> settings =
        Map.of(
            "m2ib.attribution.method",
            "grad-eclip",
            "m2ib.attribution.additional-methods",
            "m2ib,rollout",
            "m2ib.attribution.interactions",
            "true");
    try (ServiceProcess service = new ServiceProcess(folder, settings).start()) {
      new StoreScu(StoreScu.Settings.of("SENDER"))
          .store(new RemoteAe("M2IB", "127.0.0.1", service.dicomPort()), List.of(CHEST));
      String report = "{\"studyInstanceUid\": \"%s\", \"text\": \"FINDINGS: Clear lungs.\"}";
      service.post("/api/reports", report.formatted(study));
      JsonNode sentence =
          service.awaitState(study, "DELIVERED", Duration.ofMinutes(3)).get("sentences").get(0);

      JsonNode links = sentence.get("links");
      DicomObject capture =
          DicomObject.read(
              new ByteArrayInputStream(service.get(links.get("capture").asText()).body()));
      assertThat(capture.string(Tags.SeriesDescription)).isEqualTo("Grad-ECLIP attribution");
      assertThat(capture.string(Tags.DerivationDescription))
          .startsWith("Grad-ECLIP attribution")
          .doesNotContain("M2IB", "beta");
      String observation =
          new String(service.get(links.get("observation").asText()).body(), StandardCharsets.UTF_8);
      assertThat(JSON.readTree(observation).at("/method/text").asText()).startsWith("Grad-ECLIP (");
      assertThat(observation).doesNotContain("M2IB", "\"beta\"", "image-capacity");
      assertThat(sentence.at("/audit/methodAgreement").fieldNames())
          .toIterable()
          .containsExactly("m2ib", "rollout");
      assertThat(service.json("/fhir/Observation?code=attribution").get("total").asInt()).isOne();

      JsonNode interactions = JSON.readTree(service.get(links.get("interactions").asText()).body());
      assertThat(interactions.get("id")).isEqualTo(sentence.get("id"));
      assertThat(interactions.get("notice").asText()).contains("Not for diagnostic use");
      assertThat(interactions.get("words"))
          .extracting(word -> word.get("text").asText())
          .contains("Clear", "lungs");
      JsonNode document =
          service.json("/fhir/DocumentReference?type=interactions").at("/entry/0/resource");
      assertThat(JSON.readTree(observation).at("/derivedFrom/1/reference").asText())
          .isEqualTo("DocumentReference/" + document.get("id").asText());
      byte[] data = document.at("/content/0/attachment/data").binaryValue();
      assertThat(JSON.readTree(data).get("words")).isEqualTo(interactions.get("words"));

      assertThat(sentence.at("/method/title").asText()).isEqualTo("Grad-ECLIP");
      JsonNode map =
          JSON.readTree(
              service.get(links.get("map").asText(), "Accept", "application/json").body());
      assertThat(map.get("beside"))
          .extracting(made -> made.at("/method/name").asText())
          .containsExactly("m2ib", "rollout");
      assertThat(map.at("/beside/0/grid/bits"))
          .isNotEqualTo(map.at("/beside/1/grid/bits"))
          .isNotEqualTo(map.at("/grid/bits"))
          .hasSize(map.at("/grid/rows").asInt());
    }
  }

  @Test
  void aSentenceLongerThanTheContextIsSplitAtItsClausesWhereTheDeploymentSaysSo() throws Exception {
    String study = DicomObject.read(CHEST, header -> false).requiredString(Tags.StudyInstanceUID);
    try (ServiceProcess service =
        new ServiceProcess(folder, Map.of("m2ib.report.split", "true")).start()) {
      new StoreScu(StoreScu.Settings.of("SENDER"))
          .store(new RemoteAe("M2IB", "127.0.0.1", service.dicomPort()), List.of(CHEST));
      String first = "Small left pleural effusion with consolidation in the left lower zone;";
      String second = "no pneumothorax, and the heart is enlarged with a wide mediastinum.";
      service.post(
          "/api/reports",
          "{\"studyInstanceUid\": \"%s\", \"text\": \"FINDINGS: %s %s\"}"
              .formatted(study, first, second));
      JsonNode sentences =
          service.awaitState(study, "DELIVERED", Duration.ofMinutes(3)).get("sentences");
      assertThat(sentences).extracting(s -> s.get("text").asText()).containsExactly(first, second);
      assertThat(sentences).noneMatch(s -> s.get("truncated").asBoolean());
    }
  }

  @Test
  void aServiceWhoseSettingsCannotBeDoesNotStartAndSaysWhy() throws Exception {
    assertRefused(
        "m2ib.attribution.method",
        "lime",
        "unknown method 'lime'; methods are m2ib, m2ib-contrast,");
    assertRefused(
        "m2ib.attribution.additional-methods", "m2ib", "'m2ib' is already the delivered method");
    assertRefused("m2ib.engine.device", "gpu99", "m2ib.engine.device = gpu99: DJL ");
    assertRefused("m2ib.dicom.port", "eleven", "an integer value, got \"eleven\"");
    assertRefused("m2ib.dicom.prot", "11112", "m2ib: Configuration validation failed");
  }

  private void assertRefused(String key, String value, String message) throws Exception {
    try (ServiceProcess service = new ServiceProcess(folder.resolve(value), Map.of(key, value))) {
      assertThat(service.refusal()).contains(key, message);
    }
  }
}
