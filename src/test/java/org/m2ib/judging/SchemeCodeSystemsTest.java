package org.m2ib.judging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * docs/fhir and the built-in schemes name the same questions and choices in the same words; {@code
 * -Dm2ib.write-docs=true} writes them.
 */
class SchemeCodeSystemsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  static List<Scheme> schemes() {
    return Schemes.builtIn();
  }

  @ParameterizedTest
  @MethodSource("schemes")
  void theCodeSystemOfASchemeHasItsQuestionsAndChoices(Scheme scheme) throws Exception {
    String id = scheme.retired() ? scheme.code() : "judging-" + scheme.code();
    Path file = Path.of("docs/fhir/input/resources/CodeSystem-" + id + ".json");
    ArrayNode concepts = JSON.createArrayNode();
    for (Question question : scheme.questions()) {
      if (!scheme.code().equals(Scheme.VERDICT)) {
        String text = question.text().en();
        add(concepts, question.code(), text, text + negated(question));
      }
      for (Choice choice : question.choices()) {
        add(
            concepts,
            Scheme.conceptCode(scheme.code(), question.code(), choice.code()),
            choice.display().en(),
            choice.meaning().en());
      }
    }
    if (Boolean.getBoolean("m2ib.write-docs") && !scheme.retired()) {
      Files.writeString(file, codeSystem(id, scheme, concepts));
    }
    assertThat(JSON.readTree(Files.readString(file)).get("concept")).isEqualTo(concepts);
  }

  private static String negated(Question question) {
    return question.negated().equals(question.text())
        ? ""
        : " Of a sentence that denies something: " + question.negated().en();
  }

  private static void add(ArrayNode concepts, String code, String display, String definition) {
    concepts.addObject().put("code", code).put("display", display).put("definition", definition);
  }

  private static String codeSystem(String id, Scheme scheme, ArrayNode concepts) throws Exception {
    ObjectNode system = JSON.createObjectNode();
    system.put("resourceType", "CodeSystem").put("id", id);
    system.put("url", "http://localhost:8080/fhir/CodeSystem/" + id);
    system.put("version", scheme.version());
    system.put("name", "M2ib" + scheme.display().en().replaceAll("[^A-Za-z]", ""));
    system.put("title", "Judging: " + scheme.display().en()).put("status", "active");
    system.put("experimental", false);
    system.put("description", "Questions and choices of the scheme " + scheme.code() + ".");
    system.put("caseSensitive", true).put("content", "complete").set("concept", concepts);
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(system) + "\n";
  }
}
