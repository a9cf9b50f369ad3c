package org.m2ib.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.boot.ServiceProfile;
import org.m2ib.cases.StoredResource;
import org.m2ib.fhir.export.Exports;
import org.m2ib.fhir.store.ResourceStore;
import org.m2ib.peers.Peers;

/** Bulk exports over HTTP. */
@QuarkusTest
@TestProfile(ServiceProfile.Fhir.class)
class ExportApiTest {
  private static final String[] ASYNC = {"Prefer", "respond-async"};

  @TestHTTPResource("/fhir/")
  URI base;

  @Inject ResourceStore store;
  @Inject Exports exports;

  private Http http() {
    return new Http(base);
  }

  private void device(String id) {
    store.put(
        new StoredResource(
            "Device", id, null, "{\"resourceType\":\"Device\",\"id\":\"" + id + "\"}"));
  }

  @Test
  void anExportIsAskedForAwaitedFetchedAndDeleted() throws Exception {
    exports.start();
    try {
      export();
    } finally {
      exports.close();
    }
  }

  private void export() throws Exception {
    device("export-1");
    device("export-2");
    HttpResponse<String> begun =
        http().get("$export?_type=Device&_outputFormat=application/fhir%2Bndjson", ASYNC);
    assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
    String status = begun.headers().firstValue("Content-Location").orElseThrow();
    HttpResponse<String> waiting = http().get(status);
    assertThat(waiting.statusCode()).isEqualTo(202);
    assertThat(waiting.headers().firstValue("X-Progress")).isPresent();
    assertThat(waiting.headers().firstValue("Retry-After")).isPresent();

    Peers.await("the export", Duration.ofMinutes(1), () -> http().get(status).statusCode() == 200);
    HttpResponse<String> done = http().get(status);
    JsonNode manifest = new ObjectMapper().readTree(done.body());
    assertThat(done.headers().firstValue("Expires")).isPresent();
    assertThat(manifest.get("requiresAccessToken").asBoolean()).isTrue();
    assertThat(manifest.get("request").asText()).endsWith("ndjson");
    assertThat(manifest.get("transactionTime").asText()).endsWith("Z");
    assertThat(manifest.get("error")).isEmpty();
    JsonNode output = manifest.get("output").get(0);
    assertThat(output.get("type").asText()).isEqualTo("Device");
    HttpResponse<String> file = http().get(output.get("url").asText());
    assertThat(file.headers().firstValue("Content-Type")).contains("application/fhir+ndjson");
    for (String accept : List.of("application/fhir+ndjson", "application/ndjson", "*/*")) {
      assertThat(http().get(output.get("url").asText(), "Accept", accept).statusCode())
          .as(accept)
          .isEqualTo(200);
    }
    assertThat(http().get(output.get("url").asText(), "Accept", "text/csv").statusCode())
        .isEqualTo(406);
    List<String> lines = file.body().lines().toList();
    assertThat(lines).hasSize(output.get("count").asInt());
    assertThat(lines).anyMatch(line -> line.contains("export-1") && line.contains("versionId"));

    assertThat(http().method("DELETE", status).statusCode()).isEqualTo(202);
    for (String url : List.of(status, output.get("url").asText())) {
      HttpResponse<String> gone = http().get(url);
      assertThat(gone.statusCode()).isEqualTo(404);
      assertThat(gone.body()).contains("OperationOutcome");
    }
  }

  @Test
  void anExportIsAsynchronousOrNotAtAll() throws Exception {
    assertThat(http().get("$export").statusCode()).isEqualTo(400);
    for (String prefer : List.of("handling=lenient", "respond-sync", "")) {
      assertThat(http().get("$export", "Prefer", prefer).statusCode()).as(prefer).isEqualTo(400);
    }
  }

  private static String parameters(String... parameters) {
    return "{\"resourceType\":\"Parameters\",\"parameter\":[" + String.join(",", parameters) + "]}";
  }

  private static final String DEVICES = "{\"name\":\"_type\",\"valueString\":\"Device\"}";

  @Test
  void anExportIsAskedForByPostToo() throws Exception {
    String both =
        parameters(
            DEVICES,
            DEVICES.replace("Device", "Observation"),
            "{\"name\":\"_since\",\"valueInstant\":\"2026-01-01T00:00:00Z\"}");
    for (String body : List.of(parameters(DEVICES), both)) {
      HttpResponse<String> begun = http().post("$export", Http.JSON, body, ASYNC);
      assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
      String status = begun.headers().firstValue("Content-Location").orElseThrow();
      assertThat(http().method("DELETE", status).statusCode()).isEqualTo(202);
    }
    String xml =
        "<Parameters xmlns=\"http://hl7.org/fhir\"><parameter><name value=\"_type\"/>"
            + "<valueString value=\"Patient\"/></parameter></Parameters>";
    HttpResponse<String> other = http().post("$export", "application/fhir+xml", xml, ASYNC);
    assertThat(other.statusCode()).as(other.body()).isEqualTo(400);
    assertThat(other.body()).contains("_type");
    for (String wrong :
        List.of("{}", "[", parameters("{\"name\":\"_type\",\"valueCoding\":{\"code\":\"x\"}}"))) {
      assertThat(http().post("$export", Http.JSON, wrong, ASYNC).statusCode())
          .as(wrong)
          .isEqualTo(400);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "_typeFilter",
        "_elements",
        "patient",
        "includeAssociatedData",
        "organizeOutputBy",
        "allowPartialManifests"
      })
  void whatIsNotSupportedIsRefusedByNameUnlessTheClientIsLenient(String name) throws Exception {
    String body = parameters(DEVICES, "{\"name\":\"" + name + "\",\"valueString\":\"SECRET\"}");
    for (HttpResponse<String> refused :
        List.of(
            http().get("$export?_type=Device&" + name + "=SECRET", ASYNC),
            http().post("$export", Http.JSON, body, ASYNC))) {
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body()).contains(name, "lenient").doesNotContain("SECRET");
    }
    for (String[] lenient :
        List.of(
            new String[] {"Prefer", "respond-async, handling=lenient"},
            new String[] {"Prefer", "handling=lenient", "Prefer", "respond-async"})) {
      HttpResponse<String> begun = http().post("$export", Http.JSON, body, lenient);
      assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
      String status = begun.headers().firstValue("Content-Location").orElseThrow();
      assertThat(http().method("DELETE", status).statusCode()).isEqualTo(202);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$export?_type=Patient 400",
        "$export?_typeFilter=Observation 400",
        "$export?_outputFormat=text/csv 400",
        "$export?_since=2026 400",
        "Patient/$export 404",
        "Group/1/$export 404",
        "export/x 404",
        "export/00000000-0000-0000-0000-000000000000 404",
        "export 404"
      })
  void whatCannotBeExportedIsAnsweredAsAnOutcome(String request) throws Exception {
    String[] parts = request.split(" ");
    HttpResponse<String> answer = http().get(parts[0], ASYNC);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(Integer.parseInt(parts[1]));
    assertThat(answer.body()).contains("OperationOutcome");
    HttpResponse<String> xml =
        http().get(parts[0], "Accept", "application/fhir+xml", ASYNC[0], ASYNC[1]);
    assertThat(xml.body()).contains("<OperationOutcome");
  }
}
