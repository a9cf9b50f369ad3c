package org.m2ib.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.clip.Golden;
import org.m2ib.clip.Tokens;
import org.m2ib.clip.Towers;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.engine.InferenceEngine;
import org.m2ib.imaging.DisplayImage;

/** The text figures with start and end token, and without them as published. */
class PublishedTextTest {
  private static final String EXPECTED =
      "src/test/resources/org/m2ib/clip/golden-published-text.json";

  private static final String SENTENCE = "No small left pleural effusion";

  @TempDir Path folder;

  @Test
  void theSentenceIsReducedAsThePublishedCodeDoesIt() throws IOException {
    JsonNode expected = new ObjectMapper().readTree(Path.of(EXPECTED).toFile());
    Golden golden = new Golden(expected.get("model").asText());
    Tokens tokens = golden.tokens();
    Tokens own = TokenScores.own(tokens);
    Tokens reduced =
        TokenScores.aboveMedian(own, TokenScores.of(tokens, golden.values("text_capacity")));
    assertThat(own.ids()).containsExactly(ints(expected.get("ids")));
    assertThat(reduced.ids()).containsExactly(ints(expected.get("kept")));
    try (NDManager manager =
        InferenceEngine.start().newBaseManager(InferenceEngine.device("cpu"))) {
      Towers clip = golden.towers(manager);
      int size = golden.imageSize();
      NDArray pixels = manager.create(golden.pixels(), new Shape(1, 3, size, size));
      float[] image = clip.image().embed(pixels).toFloatArray();
      NDArray texts = clip.text().embed(manager, List.of(own, reduced));
      for (int i = 0; i < 2; i++) {
        assertThat(cosine(image, texts.get(i).toFloatArray()))
            .isCloseTo(expected.at("/similarities/" + i).asDouble(), within(1e-5));
      }
    }
  }

  @Test
  void eachFigureIsTheFallFromItsOwnWholeSentence() {
    new Golden("tiny-openclip-vit").writeFolder(folder);
    Set<Double> falls = new HashSet<>();
    for (String sentence : List.of(SENTENCE, "Right pneumothorax", "The heart is large")) {
      Attribution attribution = attribution(sentence);
      try (ClipModel model = ClipModel.load(folder);
          NDManager manager = model.newSubManager()) {
        Tokens all = model.tokenizer().encode(sentence);
        Tokens own = TokenScores.own(all);
        NDArray texts =
            model
                .text()
                .embed(
                    manager,
                    List.of(
                        all,
                        TokenScores.aboveMedian(all, attribution.tokens()),
                        own,
                        TokenScores.aboveMedian(own, attribution.tokens())));
        float[] image =
            model
                .image()
                .embed(model.pixels(manager, model.preprocessor().apply(picture())))
                .toFloatArray();
        double[] similarities = new double[4];
        Arrays.setAll(similarities, i -> cosine(image, texts.get(i).toFloatArray()));
        assertFall(
            attribution.textConfidenceDrop(),
            attribution.textConfidenceIncrease(),
            similarities[0] - similarities[1]);
        assertFall(
            attribution.publishedTextConfidenceDrop(),
            attribution.publishedTextConfidenceIncrease(),
            similarities[2] - similarities[3]);
        falls.add(Math.signum(similarities[2] - similarities[3]));
      }
    }
    assertThat(falls).as("both directions").contains(-1.0, 1.0);
  }

  private static void assertFall(double drop, double increase, double fall) {
    assertThat(drop).isCloseTo(Math.max(0, 100 * fall), within(1e-3));
    if (Math.abs(fall) > 1e-6) {
      assertThat(increase).isEqualTo(fall > 0 ? 0 : 100);
    }
  }

  @Test
  void aModelThatPoolsTheEndTokenItselfHasNoPublishedFigure() {
    new Golden("tiny-clip-transformers").writeFolder(folder);
    Attribution attribution = attribution(SENTENCE);
    assertThat(attribution.publishedTextConfidenceDrop()).isNull();
    assertThat(attribution.publishedTextConfidenceIncrease()).isNull();
  }

  private static DisplayImage picture() {
    float[] values = new float[1600];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 7919 % 1009) / 1009f;
    }
    return new DisplayImage(40, 40, 1, values);
  }

  private Attribution attribution(String sentence) {
    try (ClipModel model = ClipModel.load(folder);
        Attributor attributor = Methods.m2ib(model, M2ibSettings.of(model.chosen()));
        PreparedImage prepared = attributor.prepare(model.preprocessor().apply(picture()))) {
      return prepared.attribute(sentence);
    }
  }

  private static int[] ints(JsonNode numbers) {
    int[] all = new int[numbers.size()];
    Arrays.setAll(all, i -> numbers.get(i).asInt());
    return all;
  }

  private static double cosine(float[] a, float[] b) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += a[i] * b[i];
      aa += a[i] * a[i];
      bb += b[i] * b[i];
    }
    return ab / Math.sqrt(aa * bb);
  }
}
