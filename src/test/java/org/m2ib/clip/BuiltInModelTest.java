package org.m2ib.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.m2ib.clip.loading.ClipModel;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BuiltInModelTest {
  private ClipModel model;

  @BeforeAll
  void load() {
    model = ClipModel.builtIn();
  }

  @AfterAll
  void close() {
    model.close();
  }

  @Test
  void itSaysThatItIsAPhantomModel() {
    assertThat(model.card().warning()).contains("Phantom model", "demonstration", "not patients");
    assertThat(model.card().hash()).matches("[0-9a-f]{64}");
    assertThat(model.card().name()).contains("phantom").hasSizeLessThanOrEqualTo(64);
    assertThat(model.image().gridRows()).isEqualTo(14);
    assertThat(model.image().imageSize()).isEqualTo(224);
    assertThat(model.chosen().layer()).isPresent();
    assertThat(model.chosen().beta()).isPresent();
  }

  @Test
  void itIsSmall() throws IOException {
    try (InputStream in =
        ClipModel.class.getResourceAsStream("/org/m2ib/clip/builtin/model.safetensors")) {
      assertThat(in.readAllBytes().length).isLessThan(8_000_000);
    }
  }

  @Test
  void itKnowsTheWordsOfAPhantomsReport() {
    Tokens tokens = model.tokenizer().encode("Small left pleural effusion.");
    assertThat(tokens.tokens())
        .filteredOn(t -> !t.special())
        .extracting(Token::text)
        .containsExactly("Small", "left", "pleural", "effusion", ".");
    assertThat(tokens.tokens()).noneMatch(t -> t.id() == 1);
  }

  /** The golden is what Hugging Face's own implementation makes of the same folder. */
  @Test
  void huggingFacesTransformersMakesTheSameEmbeddingsOfTheSameFolder() throws IOException {
    JsonNode golden;
    try (InputStream in =
        BuiltInModelTest.class.getResourceAsStream("/org/m2ib/clip/golden-built-in.json")) {
      golden = new ObjectMapper().readTree(in);
    }
    try (NDManager step = model.newSubManager()) {
      int size = model.image().imageSize();
      NDArray pixels = step.create(pixels(size), new Shape(1, 3, size, size));
      agree(model.image().embed(pixels), golden.get("image"));
      for (JsonNode sentence : golden.get("sentences")) {
        Tokens tokens = model.tokenizer().encode(sentence.get("text").asText());
        assertThat(tokens.ids()).isEqualTo(ints(sentence.get("ids")));
        agree(model.text().embed(step, tokens), sentence.get("embedding"));
      }
    }
  }

  @Test
  void severalSentencesInOnePassAreEmbeddedAsOneByOne() {
    List<Tokens> sentences =
        List.of(
            model.tokenizer().encode("No pneumothorax."),
            model.tokenizer().encode("There is a nodule in the left upper lung."),
            model.tokenizer().encode("Cardiomegaly"));
    try (NDManager step = model.newSubManager()) {
      float[] together = model.text().embed(step, sentences).toFloatArray();
      int width = together.length / sentences.size();
      for (int i = 0; i < sentences.size(); i++) {
        float[] alone = model.text().embed(step, sentences.get(i)).toFloatArray();
        for (int k = 0; k < width; k++) {
          assertThat(together[i * width + k]).isCloseTo(alone[k], within(1e-5f));
        }
      }
    }
  }

  /** As src/test/python/built_in.py makes them. */
  private static float[] pixels(int size) {
    float[] pixels = new float[3 * size * size];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = ((i * 7919L) % 1009) / 504.5f - 1;
    }
    return pixels;
  }

  private static void agree(NDArray embedding, JsonNode expected) {
    float[] actual = embedding.toFloatArray();
    assertThat(actual).hasSize(expected.size());
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i]).isCloseTo(expected.get(i).asDouble(), within(1e-4));
    }
  }

  private static int[] ints(JsonNode array) {
    int[] ints = new int[array.size()];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = array.get(i).asInt();
    }
    return ints;
  }
}
