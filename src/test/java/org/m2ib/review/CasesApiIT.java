package org.m2ib.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreOutcome;
import org.m2ib.dicom.StoreScu;
import org.m2ib.dicom.Tags;
import org.m2ib.peers.ServiceProcess;

/** {@code /api/cases} of the packaged service, over HTTP. */
class CasesApiIT {
  private static final Path CHEST = Path.of("samples/chest.dcm");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void aCaseIsFoundAndItsMapsAndCapturesAreFetchedByTheLinksItGives() throws Exception {
    String study = DicomObject.read(CHEST, header -> false).requiredString(Tags.StudyInstanceUID);
    try (ServiceProcess service = new ServiceProcess(folder.resolve("data"), Map.of()).start()) {
      List<StoreOutcome> sent =
          new StoreScu(StoreScu.Settings.of("SENDER"))
              .store(new RemoteAe("M2IB", "127.0.0.1", service.dicomPort()), List.of(CHEST));
      assertThat(sent).allMatch(StoreOutcome::stored);
      String report =
          "{\"studyInstanceUid\": \"%s\", \"text\": \"FINDINGS: The lungs are clear.\"}";
      assertThat(service.post("/api/reports", report.formatted(study)).statusCode()).isEqualTo(202);
      JsonNode found = service.awaitState(study, "DELIVERED", Duration.ofMinutes(2));

      assertThat(found.get("images")).hasSize(1);
      assertThat(found.get("report").get("source").asText()).isEqualTo("api");
      JsonNode sentence = found.get("sentences").get(0);
      assertThat(sentence.get("text").asText()).isEqualTo("The lungs are clear.");
      checkMap(service, sentence);
      checkCapture(service, sentence, study);
      checkProblems(service, found);
      checkEvents(service, found);
    }
  }

  /**
   * What changes between the answer of a page and its stream is told, and after a break as well.
   */
  private static void checkEvents(ServiceProcess service, JsonNode found) throws Exception {
    String events = "/api/worklist/events?since=";
    long known = JSON.readTree(service.get("/api/worklist").body()).get("version").asLong();
    assign(service, found, "anna");
    long told = awaitAssigned(service, "anna", events + known);
    assertThat(told).isGreaterThan(known);
    assign(service, found, "berta");
    awaitAssigned(service, "berta", events + known, "Last-Event-ID", String.valueOf(told));
    assertProblem(service.get(events + "then"), 400, "since: not a version of the worklist");
  }

  private static void assign(ServiceProcess service, JsonNode found, String person)
      throws Exception {
    String path = "/api/cases/" + found.get("id").asText() + "/assignment";
    assertThat(service.post(path, "{\"person\": \"" + person + "\"}").statusCode()).isEqualTo(200);
  }

  /** The id of the event that says so. */
  private static long awaitAssigned(
      ServiceProcess service, String person, String path, String... headers) throws Exception {
    try (BufferedReader lines = service.lines(path, headers)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("data:")
            && JSON.readTree(line.substring(5)).get("assignedTo").asText().equals(person)) {
          return JSON.readTree(line.substring(5)).get("version").asLong();
        }
      }
    }
    throw new AssertionError("the stream ended without the assignment to " + person);
  }

  private static void checkMap(ServiceProcess service, JsonNode sentence) throws Exception {
    String map = sentence.get("links").get("map").asText();
    HttpResponse<byte[]> picture = service.get(map);
    assertThat(picture.headers().firstValue("Content-Type")).contains("image/png");
    assertThat(ImageIO.read(new ByteArrayInputStream(picture.body()))).isNotNull();
    String tag = picture.headers().firstValue("ETag").orElseThrow();
    assertThat(service.get(map, "If-None-Match", tag).statusCode()).isEqualTo(304);

    HttpResponse<byte[]> numbers = service.get(map, "Accept", "application/json");
    assertThat(numbers.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/json");
    JsonNode grid = JSON.readTree(numbers.body()).get("grid");
    assertThat(grid.get("bits")).hasSize(grid.get("rows").asInt());
    assertThat(grid.get("scaled").get(0)).hasSize(grid.get("columns").asInt());

    HttpResponse<byte[]> neither = service.get(map, "Accept", "text/html");
    assertThat(neither.statusCode()).isEqualTo(406);
    assertThat(JSON.readTree(neither.body()).get("detail").asText()).contains("image/png");
  }

  private static void checkCapture(ServiceProcess service, JsonNode sentence, String study)
      throws Exception {
    HttpResponse<byte[]> answer = service.get(sentence.get("links").get("capture").asText());
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/dicom");
    DicomObject capture = DicomObject.read(new ByteArrayInputStream(answer.body()));
    assertThat(capture.string(Tags.StudyInstanceUID)).isEqualTo(study);
    assertThat(capture.string(Tags.SOPInstanceUID))
        .isEqualTo(sentence.get("capture").get("sopInstanceUid").asText());
    assertThat(capture.string(Tags.SeriesInstanceUID))
        .isEqualTo(sentence.get("capture").get("seriesInstanceUid").asText());
  }

  private static void checkProblems(ServiceProcess service, JsonNode found) throws Exception {
    assertProblem(service.get("/api/cases?state=DONE"), 400, "state: must be one of");
    assertProblem(service.get("/api/cases?colour=red"), 400, "colour: unknown parameter");
    assertProblem(service.get("/api/cases/12"), 404, "not a UUID");
    String redelivery = found.get("links").get("redelivery").asText();
    assertProblem(service.post(redelivery, ""), 409, "DELIVERED: no destination");
    JsonNode all = JSON.readTree(service.post("/api/redelivery", "").body());
    assertThat(all.get("cases").asInt()).isZero();
  }

  private static void assertProblem(HttpResponse<byte[]> answer, int status, String detail)
      throws Exception {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/problem+json");
    JsonNode problem = JSON.readTree(answer.body());
    assertThat(problem.get("detail").asText()).contains(detail);
    assertThat(problem.get("notice").asText()).contains("Not for diagnostic use.");
  }
}
