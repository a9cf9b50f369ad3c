package org.m2ib.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.m2ib.boot.ServiceProfile;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.ReceivedInstance;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.cases.StudyKey;
import org.m2ib.cases.TestArrivals;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.OverlayPlane;
import org.m2ib.dicom.OverlayPlanes;
import org.m2ib.dicom.Tags;
import org.m2ib.judging.JudgementStore;
import org.m2ib.judging.TestJudgements;
import org.m2ib.results.MadeResults;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SampleResults;
import org.m2ib.results.SentenceResult;

/** The JSON of {@code /api} over HTTP, field by field: scripts read these names. */
@QuarkusTest
@TestProfile(ServiceProfile.Api.class)
class ApiGoldenTest {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static String id;

  @TestHTTPResource("/")
  URI base;

  @Inject ArrivalStore arrivals;
  @Inject CaseStore cases;
  @Inject ResultStore results;
  @Inject JudgementStore judgements;
  @Inject Outbox outbox;
  @Inject Blobs blobs;

  /** A delivered case with all that a case can have, and one that waits. */
  @BeforeEach
  void write() throws IOException {
    if (id != null) {
      return;
    }
    cases.create(new StudyKey("9.9", "A9", null, null, null, null), CaseState.FAILED, null);
    arrivals.receive(
        new ReceivedInstance(
            SampleResults.STUDY,
            "1.2.3.4",
            "1.2.3.4.1",
            "1.2",
            "DX",
            "PA",
            null,
            "PACS",
            blobs.put(DicomFiles.bytes(radiograph()))));
    TestArrivals.pair(arrivals);
    arrivals.receive(
        TestArrivals.report(
            SampleResults.STUDY, "R1", ReportStatus.FINAL, "One. Two.", "hl7", blob("r")));
    Case c =
        cases.create(SampleResults.STUDY, CaseState.DELIVERED, TestArrivals.pair(arrivals).id());
    save(c, 0, SampleResults.of(0, "Clear lungs."), false);
    SentenceResult heart = SampleResults.of(1, "Large heart.");
    StoredResult judged =
        save(
            c,
            1,
            MadeResults.withInteractions(
                MadeResults.with(
                    heart,
                    MadeResults.by("grad-eclip", heart.attribution()),
                    MadeResults.cut(heart.attribution(), 5))),
            false);
    save(c, 2, SampleResults.of(2, "Old sentence."), true);
    TestJudgements.agree(judgements, judged, "", "ada");
    TestJudgements.add(
        judgements,
        judged,
        TestJudgements.answers("yes", "wrong-place"),
        "On the \"left\".\n",
        "admin");
    outbox.open(c.id(), Delivery.Kind.CAPTURES, "ARCHIVE@pacs:104");
    outbox.record(outbox.of(c.id()).get(0), Delivery.Status.DEAD, 3, "no connection");
    id = c.id().toString();
  }

  private StoredResult save(Case c, int n, SentenceResult result, boolean withdrawn) {
    StoredResult stored =
        new StoredResult(
            result.key().id(),
            c.id(),
            n,
            blob("image"),
            ResultJson.write(result),
            result.attribution().similarity(),
            result.alarm(),
            blob("capture " + n),
            blob("picture " + n),
            withdrawn);
    results.save(stored);
    return stored;
  }

  private String blob(String content) {
    return blobs.put(content.getBytes(StandardCharsets.UTF_8));
  }

  private static DicomObject radiograph() {
    DicomObject object = DicomFiles.radiograph("1.2.3.4.1").set(Tags.PixelPaddingValue, 10);
    boolean[] mask = {false, true, false, false, true, true};
    OverlayPlanes.write(object, List.of(new OverlayPlane("nodule", "N/R", 2, 3, mask)));
    return object;
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(base.resolve(path))
            .header("Authorization", ServiceProfile.BASIC)
            .header("Accept", "application/json")
            .header("Content-Type", "application/json")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  /** Names and times that differ from run to run are replaced by what kind they are. */
  private void assertGolden(String name, HttpResponse<String> answer) throws IOException {
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
        .startsWith(answer.statusCode() < 400 ? "application/json" : "application/problem+json");
    String body =
        answer
            .body()
            .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<uuid>")
            .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z", "<instant>");
    JsonNode actual = JSON.readTree(body);
    Path golden = Path.of("src/test/resources/api", name + ".json");
    Path made = Files.createDirectories(Path.of("target/api")).resolve(name + ".json");
    Files.writeString(made, JSON.writeValueAsString(actual) + "\n");
    assertThat(actual)
        .as("%s; what came is in %s", name, made)
        .isEqualTo(JSON.readTree(golden.toFile()));
  }

  @Test
  void theListOfCases() throws Exception {
    assertGolden("cases", send("GET", "/api/cases?limit=1&accessionNumber=A9", null));
    assertGolden("cases-next", send("GET", "/api/cases?limit=1&offset=0&state=delivered", null));
  }

  @Test
  void oneCase() throws Exception {
    assertGolden("case", send("GET", "/api/cases/" + id, null));
  }

  @Test
  void aMapInNumbers() throws Exception {
    assertGolden("map", send("GET", "/api/cases/" + id + "/sentences/1/map", null));
  }

  @Test
  void whichWordGoesWithWhichRegion() throws Exception {
    String sentences = "/api/cases/" + id + "/sentences/";
    assertGolden("interactions", send("GET", sentences + "1/interactions", null));
    assertGolden("interactions-missing", send("GET", sentences + "0/interactions", null));
  }

  /** Two rooms write MeasureReports: the figures over all cases and a campaign. */
  @Test
  void aMeasureReportIsTheWholeAnswer() throws Exception {
    String body = "{\"question\":\"How often?\",\"size\":1,\"readers\":[\"nobody\"]}";
    String campaign = JSON.readTree(send("POST", "/api/campaigns", body).body()).get("id").asText();
    for (String path :
        List.of("/api/quality/agreement", "/api/campaigns/" + campaign + "/report")) {
      HttpRequest request =
          HttpRequest.newBuilder(base.resolve(path))
              .header("Authorization", ServiceProfile.BASIC)
              .header("Accept", "application/fhir+json")
              .build();
      JsonNode answer = JSON.readTree(CLIENT.send(request, BodyHandlers.ofString()).body());
      assertThat(answer.at("/resourceType").asText()).as(path).isEqualTo("MeasureReport");
      assertThat(answer.has("notice")).as(path).isFalse();
    }
  }

  @Test
  void theJudgementsOfACase() throws Exception {
    assertGolden("judgements", send("GET", "/api/cases/" + id + "/judgements", null));
  }

  @Test
  void aFrame() throws Exception {
    String frames = "/api/cases/" + id + "/images/1.2.3.4.1/frames/";
    assertGolden("frame", send("GET", frames + "1", null));
    assertGolden("frame-missing", send("GET", frames + "2", null));
  }

  @Test
  void theModels() throws Exception {
    assertGolden("models", send("GET", "/api/models", null));
  }

  @Test
  void aReceivedReport() throws Exception {
    assertGolden(
        "report",
        send("POST", "/api/reports", "{\"accessionNumber\":\"N1\",\"text\":\"FINDINGS: Clear.\"}"));
  }

  @Test
  void whatIsNotThere() throws Exception {
    assertGolden("no-case", send("GET", "/api/cases/00000000-0000-4000-8000-000000000000", null));
  }
}
