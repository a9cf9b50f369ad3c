package org.m2ib.intake.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.m2ib.api.ApiAnswers.assertProblem;
import static org.m2ib.api.ApiAnswers.json;

import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.StudyKey;
import org.m2ib.intake.Kept;
import org.m2ib.intake.ReportIntake;

class ReportsResourceTest {
  @TempDir Path dir;
  private final Kept kept = new Kept();
  private ReportsResource resource;

  @BeforeEach
  void start() {
    resource = new ReportsResource(new ReportIntake(new Blobs(dir), kept));
  }

  private Response post(String json) {
    return resource.post(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aReportIsAcceptedOnceItIsDurable() {
    Response answer =
        post(
            """
            {"accessionNumber":"A1","issuerOfAccessionNumber":"RIS","orderNumber":"O1",
             "patientId":"P1","issuerOfPatientId":"H","reportId":"R1","status":"preliminary",
             "text":"Clear.\\r\\nNormal.","language":"en-GB"}""");
    assertThat(answer.getStatus()).isEqualTo(202);
    assertThat(json(answer)).hasToString("{\"reportId\":\"R1\"}");
    assertThat(kept.report().study()).isEqualTo(new StudyKey(null, "A1", "RIS", "O1", "P1", "H"));
    assertThat(kept.report().status()).isEqualTo(ReportStatus.PRELIMINARY);
    assertThat(kept.report().text()).isEqualTo("Clear.\nNormal.");
    assertThat(kept.report().source()).isEqualTo("api");
    assertThat(kept.report().language()).isEqualTo("en-GB");
  }

  @Test
  void theStudyAndATextAreEnough() {
    assertThat(post("{\"studyInstanceUid\":\"1.2.3\",\"text\":\"t\"}").getStatus()).isEqualTo(202);
    assertThat(kept.report().reportId()).isEqualTo("1.2.3");
    assertThat(kept.report().status()).isEqualTo(ReportStatus.FINAL);
  }

  @Test
  void aCancellationNeedsNoText() {
    assertThat(post("{\"accessionNumber\":\"A1\",\"status\":\"cancelled\"}").getStatus())
        .isEqualTo(202);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '§',
      textBlock =
          """
          {"text":"SECRET"}; studyInstanceUid
          {"studyInstanceUid":"SECRET","text":"t"}; studyInstanceUid
          {"accessionNumber":"A1"}; text
          {"accessionNumber":"A1","text":" "}; text
          {"accessionNumber":"A1","text":"t","status":"SECRET"}; status
          {"accessionNumber":"A\\ud800","text":"t"}; accessionNumber
          {"accessionNumber":"A\\u0000","text":"t"}; accessionNumber
          {"accessionNumber":"A1","text":"\\u0000"}; text
          {"accessionNumber":"A1","text":"t","issued":"SECRET"}; issued
          {"accessionNumber":"A1","text":"t","SECRET":1}; body
          {"accessionNumber":{"SECRET":1},"text":"t"}; body
          {"accessionNumber":"A1","text":"SECRET; body
          ["SECRET"]; body
          "SECRET"; body
          null; body
          §§; body
          {} {}; body
          """)
  void aWrongBodyIsAProblemThatNamesTheField(String json, String field) {
    assertThat(assertProblem(() -> post(json), 400, field + ": ").get("field").asText())
        .isEqualTo(field);
    assertThat(kept.reports).isEmpty();
  }

  @Test
  void aFailedDatabaseAsksToComeBack() {
    kept.down = true;
    assertProblem(
        () -> post("{\"accessionNumber\":\"A1\",\"text\":\"t\"}"), 503, "Try again later");
    kept.down = false;
    assertThat(post("{\"accessionNumber\":\"A1\",\"text\":\"t\"}").getStatus()).isEqualTo(202);
  }
}
