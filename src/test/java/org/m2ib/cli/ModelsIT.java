package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.clip.HfFolder;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreOutcome;
import org.m2ib.dicom.StoreScu;
import org.m2ib.dicom.Tags;
import org.m2ib.lab.phantom.Dictation;
import org.m2ib.peers.Peers;
import org.m2ib.peers.ServiceProcess;

/** Several models in the packaged service, over HTTP. */
class ModelsIT {
  private static final Path CHEST = Path.of("samples/chest.dcm");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void aModelInShadowIsMadeTheDefaultAndACaseRedoneByItAndAllOutlivesAKill() throws Exception {
    Path next =
        HfFolder.write(
            Files.createDirectories(folder.resolve("next")),
            HfFolder.Sizes.PHANTOM,
            Dictation.words());
    Map<String, String> settings =
        Map.of("m2ib.models.next.path", next.toString(), "m2ib.models.next.shadow", "true");
    String study = DicomObject.read(CHEST, header -> false).requiredString(Tags.StudyInstanceUID);
    try (ServiceProcess service = new ServiceProcess(folder.resolve("data"), settings).start()) {
      List<StoreOutcome> sent =
          new StoreScu(StoreScu.Settings.of("SENDER"))
              .store(new RemoteAe("M2IB", "127.0.0.1", service.dicomPort()), List.of(CHEST));
      assertThat(sent).allMatch(StoreOutcome::stored);
      String report =
          "{\"studyInstanceUid\": \"%s\", \"text\": \"FINDINGS: The lungs are clear.\"}";
      assertThat(service.post("/api/reports", report.formatted(study)).statusCode()).isEqualTo(202);
      JsonNode first = service.awaitState(study, "DELIVERED", Duration.ofMinutes(2));
      assertThat(first.get("model").asText()).isEqualTo("default");
      Peers.await(
          "figures of the shadow",
          Duration.ofMinutes(1),
          () -> json(service.get("/api/models/next/shadow")).get("n").asInt() == 1);

      assertThat(json(service.post("/api/models/next/activate", "")).get("by").asText())
          .isEqualTo("admin");
      service.kill();
      service.start();
      JsonNode models = json(service.get("/api/models"));
      assertThat(models.get("default").asText()).isEqualTo("next");
      assertThat(models.get("models").findValuesAsText("state")).containsExactly("off", "active");

      String redo = first.get("links").get("redo").asText();
      assertThat(service.post(redo + "?model=next", "").statusCode()).isEqualTo(200);
      JsonNode redone = service.awaitState(study, "DELIVERED", Duration.ofMinutes(2));
      assertThat(redone.get("model").asText()).isEqualTo("next");
      assertThat(redone.at("/sentences/0/model/name").asText()).isEqualTo("next");
      assertThat(redone.at("/sentences/0/id")).isNotEqualTo(first.at("/sentences/0/id"));
      assertThat(redone.get("withdrawn").asInt()).isEqualTo(1);
      assertThat(json(service.post("/api/models/rollback", "")).get("name").asText())
          .isEqualTo("default");
    }
  }

  private static JsonNode json(HttpResponse<byte[]> answer) throws Exception {
    assertThat(answer.statusCode()).as(new String(answer.body())).isEqualTo(200);
    return JSON.readTree(answer.body());
  }
}
