package org.m2ib.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.boot.ServiceProfile;

/** The document at {@code /q/openapi}: complete, true, and the same as docs/api.md. */
@QuarkusTest
@TestProfile(ServiceProfile.Api.class)
class ApiDocumentTest {
  private static final Path MANUAL = Path.of("docs/api.md");
  private static final Pattern OPERATION = Pattern.compile("`(GET|POST|DELETE) (/api[^`?]*)");
  private static final Pattern SCHEMA = Pattern.compile("^\\| `([A-Z]\\w+)` \\| (.*) \\|$");
  private static final Pattern NAME = Pattern.compile("`([\\w-]+)`");

  @TestHTTPResource("/")
  URI base;

  private HttpResponse<String> get(String path, boolean signedIn) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path));
    if (signedIn) {
      request.header("Authorization", ServiceProfile.BASIC);
    }
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
  }

  private JsonNode document() throws Exception {
    HttpResponse<String> answer = get("/q/openapi?format=json", true);
    Files.writeString(
        Files.createDirectories(Path.of("target/api")).resolve("openapi.json"), answer.body());
    assertThat(answer.statusCode()).isEqualTo(200);
    return new ObjectMapper().readTree(answer.body());
  }

  private static void eachOperation(JsonNode document, BiConsumer<String, JsonNode> use) {
    document
        .get("paths")
        .fields()
        .forEachRemaining(
            path ->
                path.getValue()
                    .fields()
                    .forEachRemaining(
                        operation ->
                            use.accept(
                                operation.getKey().toUpperCase() + " " + path.getKey(),
                                operation.getValue())));
  }

  @Test
  void theDocumentIsBehindTheSignInAndNoPageTriesItOut() throws Exception {
    assertThat(get("/q/openapi", false).statusCode()).isEqualTo(401);
    assertThat(get("/q/swagger-ui", true).statusCode()).isEqualTo(404);
  }

  @Test
  void everyOperationIsDescribedWithItsParametersAnswersAndProblems() throws Exception {
    JsonNode document = document();
    assertThat(document.at("/components/securitySchemes")).hasSize(2);
    assertThat(document.get("security")).hasSize(2);
    Set<String> ids = new HashSet<>();
    eachOperation(
        document,
        (name, operation) -> {
          assertThat(name).contains(" /api/");
          assertThat(ids.add(operation.at("/operationId").asText())).as(name).isTrue();
          assertThat(operation.at("/summary").asText()).as(name).endsWith(".");
          operation
              .path("parameters")
              .forEach(
                  parameter -> {
                    String what = name + ": " + parameter.get("name").asText();
                    assertThat(parameter.get("schema").size()).as(what).isPositive();
                    assertThat(parameter.path("description").asText()).as(what).endsWith(".");
                  });
          assertThat(
                  operation.get("responses").has("200")
                      || operation.get("responses").has("201")
                      || operation.get("responses").has("202"))
              .as(name)
              .isTrue();
          assertThat(operation.get("responses").fieldNames())
              .toIterable()
              .as(name)
              .contains("400", "401", "429", "500", "503");
          operation
              .get("responses")
              .fields()
              .forEachRemaining(answer -> check(name, answer.getKey(), answer.getValue()));
        });
    assertThat(ids).hasSizeGreaterThan(20);
  }

  private static void check(String operation, String status, JsonNode answer) {
    String what = operation + " " + status;
    assertThat(answer.path("description").asText()).as(what).isNotBlank();
    if (status.equals("304")) {
      return;
    }
    assertThat(answer.path("content").size()).as(what).isPositive();
    answer
        .get("content")
        .fields()
        .forEachRemaining(
            form -> {
              if (status.compareTo("400") >= 0) {
                assertThat(form.getKey()).as(what).isEqualTo("application/problem+json");
              }
              if (form.getKey().endsWith("json")) {
                assertThat(form.getValue().get("schema").toString())
                    .as(what)
                    .contains("#/components/schemas/Notice");
              }
            });
  }

  @ParameterizedTest
  @CsvSource({
    "cases, CaseList",
    "cases-next, CaseList",
    "case, CaseDetails",
    "map, SentenceMap",
    "interactions, InteractionsDocument",
    "judgements, CaseJudgements",
    "frame, FrameAnswer",
    "models, ModelList",
    "report, AcceptedReport",
    "no-case, Problem"
  })
  void anAnswerIsAsItsSchemaSays(String golden, String schema) throws Exception {
    JsonNode answer =
        new ObjectMapper().readTree(Path.of("src/test/resources/api", golden + ".json").toFile());
    List<String> wrong = new ArrayList<>();
    JsonNode document = document();
    compare(document, document.at("/components/schemas/" + schema), answer, schema, wrong);
    assertThat(wrong).allMatch(difference -> difference.equals(schema + ": notice"));
  }

  /** Adds the place of each field that the schema does not have or whose type is another. */
  private static void compare(
      JsonNode document, JsonNode schema, JsonNode value, String place, List<String> wrong) {
    if (schema.has("$ref")) {
      compare(document, document.at(schema.get("$ref").asText().substring(1)), value, place, wrong);
    } else if (schema.has("anyOf") || schema.has("oneOf")) {
      List<List<String>> tried = new ArrayList<>();
      for (JsonNode one : schema.has("anyOf") ? schema.get("anyOf") : schema.get("oneOf")) {
        List<String> found = new ArrayList<>();
        compare(document, one, value, place, found);
        tried.add(found);
      }
      if (tried.stream().noneMatch(List::isEmpty)) {
        wrong.addAll(tried.get(0));
      }
    } else if (!types(schema).contains(type(value))
        && !(type(value).equals("integer") && types(schema).contains("number"))) {
      wrong.add(place + ": " + type(value) + ", not " + types(schema));
    } else if (value.isArray()) {
      value.forEach(item -> compare(document, schema.get("items"), item, place + "[]", wrong));
    } else if (value.isObject() && schema.has("properties")) {
      value
          .fields()
          .forEachRemaining(
              field -> {
                JsonNode property = schema.get("properties").get(field.getKey());
                if (property == null) {
                  wrong.add(place + ": " + field.getKey());
                } else {
                  compare(
                      document, property, field.getValue(), place + "." + field.getKey(), wrong);
                }
              });
    }
  }

  private static Set<String> types(JsonNode schema) {
    Set<String> types = new TreeSet<>();
    JsonNode type = schema.path("type");
    (type.isArray() ? type : List.of(type)).forEach(one -> types.add(one.asText()));
    return types;
  }

  private static String type(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "object";
      case ARRAY -> "array";
      case STRING -> "string";
      case BOOLEAN -> "boolean";
      case NULL -> "null";
      default -> value.isIntegralNumber() ? "integer" : "number";
    };
  }

  @Test
  void theManualNamesEveryOperationWithItsParameters() throws Exception {
    Map<String, String> rows = new TreeMap<>();
    try (Stream<String> lines = Files.lines(MANUAL)) {
      lines
          .filter(line -> line.startsWith("|"))
          .forEach(
              line -> {
                for (Matcher m = OPERATION.matcher(line.split("\\|")[1]); m.find(); ) {
                  rows.put(m.group(1) + " " + m.group(2), line);
                }
              });
    }
    Set<String> described = new TreeSet<>();
    eachOperation(
        document(),
        (name, operation) -> {
          described.add(name);
          operation
              .path("parameters")
              .forEach(
                  parameter -> {
                    if (parameter.get("in").asText().equals("query")) {
                      assertThat(rows.getOrDefault(name, ""))
                          .as(name)
                          .containsPattern("\\b" + parameter.get("name").asText() + "\\b");
                    }
                  });
        });
    assertThat(rows.keySet()).isEqualTo(described);
  }

  @Test
  void theManualNamesEveryFieldOfEverySchema() throws Exception {
    Map<String, Set<String>> written = new TreeMap<>();
    for (String line : Files.readAllLines(MANUAL)) {
      Matcher row = SCHEMA.matcher(line);
      if (row.matches()) {
        Set<String> names = new TreeSet<>();
        NAME.matcher(row.group(2)).results().forEach(name -> names.add(name.group(1)));
        written.put(row.group(1), names);
      }
    }
    Map<String, Set<String>> described = new TreeMap<>();
    document()
        .at("/components/schemas")
        .fields()
        .forEachRemaining(
            schema -> {
              Set<String> names = new TreeSet<>();
              schema.getValue().path("properties").fieldNames().forEachRemaining(names::add);
              schema.getValue().path("enum").forEach(value -> names.add(value.asText()));
              described.put(schema.getKey(), names);
            });
    assertThat(written).isEqualTo(described);
  }
}
