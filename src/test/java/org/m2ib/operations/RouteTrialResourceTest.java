package org.m2ib.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.m2ib.api.ApiAnswers.assertProblem;
import static org.m2ib.api.ApiAnswers.json;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.boot.Deployment;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.StudyKey;
import org.m2ib.config.M2ibConfig;
import org.m2ib.config.TestConfig;
import org.m2ib.dicom.Tags;

/** Dry runs of the routes, for stored cases and for attributes. */
class RouteTrialResourceTest {
  @TempDir Path dir;
  private Deployment service;
  private RouteTrialResource resource;
  private final List<String> recorded = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    service = new Deployment(dir);
    service.settings.put("m2ib.archive", "PACS@127.0.0.1:1");
  }

  @AfterEach
  void stop() {
    service.close();
  }

  private void routes(String text) throws IOException {
    if (text != null) {
      service.settings.put(
          "m2ib.routes", Files.writeString(dir.resolve("routes.yaml"), text).toString());
    }
    service.start();
    M2ibConfig config = TestConfig.of(service.settings);
    resource =
        new RouteTrialResource(
            service.caseRoutes(),
            service.cases,
            service.arrivals,
            service.blobs,
            Deployment.selection(config),
            config,
            (action, subject) -> recorded.add(action + " " + subject));
  }

  private static RouteTrialBody body(String json) {
    return RouteTrialBody.read(
        MediaType.APPLICATION_JSON_TYPE, json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private JsonNode tried(String json) {
    return json(resource.run(body(json)));
  }

  private static final String FILE =
      """
      destinations:
        research: {archive: RESEARCH@10.0.0.5:104}
      routes:
        - name: ct
          when: {modality: CT}
        - name: children
          when: {modality: DX, patient-age: {below: 18Y}}
          ignore: a child
        - name: mobile
          when: {calling-ae-title: MOBILE*, procedure-code: 71046^C4}
          model: four
          objects: [parametric-map]
          destinations: [research]
        - name: german
          when: {report-language: de}
          images: {most: 1}
      """;

  @Test
  void aCaseSaysItsRouteWhyNotAnEarlierOneAndWhatWouldBeDone() throws IOException {
    routes(FILE);
    UUID id = service.study("ANY", "de");
    service.image(id, 2, "1.2.3.99");
    JsonNode tried = tried("{'caseId': '" + id + "'}");
    assertThat(tried.at("/taken/route").asText()).as(tried.toString()).isEqualTo("german");
    assertThat(tried.at("/taken/conditions/0/observed").asText()).isEqualTo("de");
    assertThat(tried.get("passed").findValuesAsText("route"))
        .containsExactly("ct", "children", "mobile");
    assertThat(tried.at("/passed/0/conditions/0/holds").asBoolean(true)).isFalse();
    assertThat(tried.get("images").findValuesAsText("chosen")).containsExactly("true", "false");
    assertThat(tried.at("/images/1/sopInstanceUid").asText()).isEqualTo("1.2.3.99");
    assertThat(tried.at("/destinations/0/address").asText()).isEqualTo("PACS@127.0.0.1:1");
    assertThat(recorded).containsExactly("route-tried case/" + id);
    assertThat(service.cases.find(id).orElseThrow().route()).as("nothing is kept").isNull();
  }

  @Test
  void theCaseTakesTheRouteThatTheDryRunSaid() throws IOException {
    routes(FILE);
    UUID id = service.study("ANY", "de");
    String said = tried("{'caseId': '" + id + "'}").at("/taken/route").asText();
    assertThat(service.attribute(id).route().name()).isEqualTo(said);
  }

  @Test
  void aCaseIsFoundByItsAccessionNumber() throws IOException {
    routes(FILE);
    UUID id =
        service
            .cases
            .create(
                new StudyKey(null, "A 7", null, null, null, null), CaseState.AWAITING_STUDY, null)
            .id();
    JsonNode tried = tried("{'accessionNumber': ' A 7 '}");
    assertThat(tried.get("caseId").asText()).isEqualTo(id.toString());
    assertThat(tried.at("/taken/route").asText()).isEqualTo("default");
    assertThat(tried.at("/passed/0/conditions/0/observed").asText()).isEqualTo("no image");
    assertThat(tried.at("/passed/3/conditions/0/observed").asText()).isEqualTo("no report");
  }

  @Test
  void anImageThatIsDamagedKeepsItsPlaceAndIsNotChosen() throws IOException {
    routes(FILE);
    UUID id = service.study("ANY", "de");
    service.image(
        id, 2, "1.2.3.98", image -> image.remove(Tags.SOPClassUID).set(Tags.SOPClassUID, "1.2.3"));
    JsonNode tried = tried("{'caseId': '" + id + "'}");
    assertThat(tried.at("/images/1/chosen").asBoolean(true)).isFalse();
    assertThat(tried.at("/images/1/reason").asText()).isNotBlank();
  }

  @ParameterizedTest
  @CsvSource({
    "'modality: CT', ct",
    "'modality: DX, patient-age: 012Y', children",
    "'modality: DX, patient-age: 018Y', default",
    "'calling-ae-title: MOBILE1, procedure-code: 71046^C4', mobile",
    "'calling-ae-title: MOBILE1, procedure-code: 71046', default",
    "'report-language: de-CH', german",
    "'body-part-examined: CHEST, study-description: x, series-description: y, patient-sex: F', default",
  })
  void attributesTakeTheRouteOfACaseThatHasThem(String attributes, String route)
      throws IOException {
    routes(FILE);
    String json = attributes.replaceAll("([\\w-]+): ([^,]+)", "'$1': '$2'");
    JsonNode tried = tried("{'attributes': {" + json + "}}");
    assertThat(tried.at("/taken/route").asText()).as(tried.toString()).isEqualTo(route);
    assertThat(tried.get("images").isNull()).isTrue();
    assertThat(recorded).as("no case was looked at").isEmpty();
  }

  @Test
  void whatWouldBeIgnoredHasNoModelAndGoesNowhere() throws IOException {
    routes(FILE);
    JsonNode tried = tried("{'attributes': {'modality': 'DX', 'patient-age': '003D'}}");
    assertThat(tried.get("ignored").asText()).isEqualTo("a child");
    assertThat(tried.get("model").isNull()).isTrue();
    assertThat(tried.get("destinations")).isEmpty();
  }

  @Test
  void aModelIsThatOfTheRouteElseThatOfTheModelsRules() throws IOException {
    service.settings.put("m2ib.models.wide.modality", "CR");
    routes(FILE);
    JsonNode mobile =
        tried("{'attributes': {'calling-ae-title': 'MOBILE1', 'procedure-code': '71046^C4'}}");
    assertThat(mobile.at("/model/name").asText()).isEqualTo("four");
    assertThat(mobile.at("/destinations/0/objects/0").asText()).isEqualTo("parametric-map");
    JsonNode wide = tried("{'attributes': {'modality': 'CR'}}");
    assertThat(wide.at("/model/name").asText()).isEqualTo("wide");
  }

  @Test
  void withoutAFileEverythingIsAsConfigured() throws IOException {
    routes(null);
    JsonNode tried = tried("{'attributes': {'modality': 'DX'}}");
    assertThat(tried.at("/taken/route").asText()).isEqualTo("default");
    assertThat(tried.at("/taken/line").asInt()).isZero();
    assertThat(tried.get("passed")).isEmpty();
  }

  @Test
  void anUnknownCaseIsNotFound() throws IOException {
    routes(FILE);
    assertProblem(
        () -> resource.run(body("{'caseId': '" + UUID.randomUUID() + "'}")), 404, "no case");
    assertProblem(
        () -> resource.run(body("{'accessionNumber': 'NONE'}")), 404, "this accession number");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{}; with one of caseId",
        "[]; must be a JSON object",
        "{'caseId': 'x', 'accessionNumber': 'y'}; with one of caseId",
        "{'caseID': 'x'}; with one of caseId",
        "{'caseId': 'x'}; caseId: must be a UUID",
        "{'accessionNumber': 7}; accessionNumber: must be a text",
        "{'accessionNumber': ' '}; accessionNumber: must be a text",
        "{'accessionNumber': 'A\\u0000'}; control character",
        "{'attributes': 'CT'}; attributes: must be an object",
        "{'attributes': {'Modality': 'CT'}}; the keys are calling-ae-title",
        "{'attributes': {'modality': null}}; modality: must be a text",
        "{'attributes': {'patient-age': '18'}}; such as 018Y",
      })
  void aBodyThatIsWrongIsRefusedWithTheReason(String json, String reason) {
    assertProblem(() -> body(json), 400, reason);
  }

  @Test
  void anotherTypeIsRefused() {
    assertProblem(
        () -> RouteTrialBody.read(MediaType.TEXT_PLAIN_TYPE, new byte[0]), 415, "application/json");
  }
}
