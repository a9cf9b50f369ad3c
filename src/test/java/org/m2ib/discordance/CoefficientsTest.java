package org.m2ib.discordance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoefficientsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static byte[] programs() throws IOException {
    try (InputStream in = Coefficients.class.getResourceAsStream("coefficients.json")) {
      return in.readAllBytes();
    }
  }

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    Coefficients programs = Coefficients.read(programs());
    assertThat(Coefficients.read(programs.json())).isEqualTo(programs);
    assertThat(Coefficients.of(programs.model())).contains(programs);
  }

  @Test
  void theProgramsHaveAControlForEachKindThatAsksAnImage() throws IOException {
    Coefficients programs = Coefficients.read(programs());
    assertThat(programs.textOnly()).containsOnlyKeys(programs.kinds().keySet());
    assertThat(programs.textOnly().get(Kind.SIDE).features())
        .contains("left", "right", "asserted effusion", "denied effusion");
  }

  @ParameterizedTest
  @CsvSource({
    "sentences, Nodule.",
    "seen, nodule",
    "left, pneumothorax",
    "zone, consolidation",
    "kinds, STATED"
  })
  void whatIsMissingIsNamed(String part, String name) throws IOException {
    JsonNode json = JSON.readTree(programs());
    ((ObjectNode) json.get(part)).remove(name);
    assertThatThrownBy(() -> Coefficients.read(JSON.writeValueAsBytes(json)))
        .isInstanceOf(IOException.class)
        .hasMessage("\"%s\" has no \"%s\"", part, name);
    ((ObjectNode) json).remove(part);
    assertThatThrownBy(() -> Coefficients.read(JSON.writeValueAsBytes(json)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("\"" + part + "\" has no ");
  }

  @ParameterizedTest
  @CsvSource({"null", "{}", "[]", "nonsense"})
  void anotherFileIsRefused(String content) {
    assertThatThrownBy(() -> Coefficients.read(content.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IOException.class);
  }
}
