package org.m2ib.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.TokenScore;
import org.m2ib.config.TestConfig;
import org.m2ib.imaging.ModelInput;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.phantom.Question;
import org.m2ib.metrics.RankCorrelation;

/**
 * What the service makes of phantoms without any setting stays what it was: see ORIGIN.md beside
 * the golden. The present figures are written to {@value #ACTUAL}.
 */
class DefaultMapsTest {
  private static final String GOLDEN = "/org/m2ib/models/golden-default-maps.json";
  private static final String ACTUAL = "target/golden-default-maps.json";

  /** None is in the built-in model's training set. */
  private static final List<Long> PHANTOMS = List.of(1_000_000_752L, 1_000_000_757L);

  /** Of the largest value: another processor adds in another order. */
  private static final double TOLERANCE = 1e-3;

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void theDefaultsMapsTokensAndSimilaritiesStay() throws IOException {
    ArrayNode actual = actual();
    write(actual);
    JsonNode golden;
    try (InputStream in = DefaultMapsTest.class.getResourceAsStream(GOLDEN)) {
      golden = JSON.readTree(in);
    }
    assertThat(actual).hasSameSizeAs(golden);
    for (int i = 0; i < golden.size(); i++) {
      agree(actual.get(i), golden.get(i));
    }
  }

  private static void agree(JsonNode actual, JsonNode golden) {
    for (String same : List.of("phantom", "sentence", "method", "rows", "words")) {
      assertThat(actual.get(same)).as(same).isEqualTo(golden.get(same));
    }
    String what = golden.get("phantom") + ", " + golden.get("sentence");
    for (String list : List.of("map", "scores")) {
      double[] is = numbers(actual.get(list));
      double[] was = numbers(golden.get(list));
      double largest = Arrays.stream(was).map(Math::abs).max().orElseThrow();
      assertThat(is).as(what + ": " + list).containsExactly(was, within(TOLERANCE * largest));
      assertThat(RankCorrelation.spearman(is, was))
          .as(what + ": ranks of " + list)
          .isGreaterThanOrEqualTo(0.9999);
    }
    assertThat(actual.get("similarity").asDouble())
        .as(what)
        .isCloseTo(golden.get("similarity").asDouble(), within(1e-5));
  }

  private static ArrayNode actual() {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    try (LoadedModel model = LoadedModel.load(ModelRegistry.CONFIGURED, TestConfig.of(Map.of()))) {
      for (long seed : PHANTOMS) {
        Phantom phantom = new PhantomGenerator().make(seed);
        ModelInput input = model.clip().preprocessor().apply(phantom.image());
        List<String> sentences =
            Question.of(phantom).stream()
                .flatMap(q -> Stream.of(q.sentence().text(), q.another().text()))
                .toList();
        List<Attribution> made = model.methods().delivered().attribute(input, sentences);
        for (int i = 0; i < made.size(); i++) {
          all.add(json(seed, sentences.get(i), made.get(i)));
        }
      }
    }
    return all;
  }

  private static ObjectNode json(long seed, String sentence, Attribution a) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("phantom", String.valueOf(seed)).put("sentence", sentence).put("method", a.method());
    json.put("rows", String.valueOf(a.rows()));
    json.put("words", String.join(" ", a.tokens().stream().map(TokenScore::text).toList()));
    json.put("similarity", rounded(a.similarity()));
    ArrayNode map = json.putArray("map");
    Arrays.stream(a.map()).flatMapToDouble(Arrays::stream).forEach(v -> map.add(rounded(v)));
    ArrayNode scores = json.putArray("scores");
    a.tokens().forEach(token -> scores.add(rounded(token.bits())));
    return json;
  }

  /** Seven digits, as float32 has. */
  private static double rounded(double value) {
    return Double.parseDouble("%.6e".formatted(value));
  }

  private static double[] numbers(JsonNode list) {
    List<Double> numbers = new ArrayList<>();
    list.forEach(number -> numbers.add(number.asDouble()));
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void write(JsonNode actual) throws IOException {
    DefaultPrettyPrinter lines = new DefaultPrettyPrinter();
    lines.indentObjectsWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
    Files.writeString(Path.of(ACTUAL), JSON.writer(lines).writeValueAsString(actual) + "\n");
  }
}
