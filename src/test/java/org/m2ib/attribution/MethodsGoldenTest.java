package org.m2ib.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.m2ib.attribution.methods.CentreMap;
import org.m2ib.attribution.methods.Chefer;
import org.m2ib.attribution.methods.ClipSurgery;
import org.m2ib.attribution.methods.ContrastiveBottleneck;
import org.m2ib.attribution.methods.GradCam;
import org.m2ib.attribution.methods.GradEclip;
import org.m2ib.attribution.methods.GradientTimesActivation;
import org.m2ib.attribution.methods.KernelShap;
import org.m2ib.attribution.methods.LeGrad;
import org.m2ib.attribution.methods.NarrowingBottleneck;
import org.m2ib.attribution.methods.Occlusion;
import org.m2ib.attribution.methods.RandomMap;
import org.m2ib.attribution.methods.Rise;
import org.m2ib.attribution.methods.Rollout;
import org.m2ib.attribution.methods.Saliency;
import org.m2ib.clip.Golden;
import org.m2ib.clip.Token;
import org.m2ib.clip.Tokens;
import org.m2ib.clip.Towers;
import org.m2ib.engine.CounterRng;
import org.m2ib.engine.InferenceEngine;

/** Every other method agrees with the reference, see src/test/python/methods.py. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MethodsGoldenTest {
  private static final List<String> GOLDENS =
      List.of("golden-methods-tiny.json", "golden-methods-tiny-other.json");

  /** Made by src/test/python/contrast.py. */
  private static final List<String> CONTRAST =
      List.of("golden-contrast.json", "golden-contrast-other.json");

  /** What float32 leaves of a sum of such terms that should be 0; the reference has float64. */
  private static final double CANCELLED = 2e-8;

  /**
   * Not another method: Grad-CAM on an activation we do not offer, and all 65,536 coalitions of the
   * patches, which take minutes. Those of the words are all there in {@code kernel_shap}.
   */
  private static final List<String> LEFT_OUT = List.of("grad_cam_norm", "shapley");

  private final Golden golden = new Golden("tiny-clip");
  private NDManager manager;
  private Towers clip;

  @BeforeAll
  void load() {
    manager = InferenceEngine.start().newBaseManager(Device.cpu());
    clip = golden.towers(manager);
  }

  @AfterAll
  void close() {
    manager.close();
  }

  static Stream<Arguments> methods() {
    return Stream.of(GOLDENS, CONTRAST)
        .flatMap(List::stream)
        .flatMap(
            file ->
                stream(read(file).get("methods").fieldNames())
                    .filter(name -> !LEFT_OUT.contains(name))
                    .map(name -> Arguments.of(file, name)));
  }

  @ParameterizedTest(name = "{1} of {0}")
  @MethodSource("methods")
  void aMethodAgreesWithTheReference(String file, String name) {
    JsonNode json = read(file);
    JsonNode expected = json.at("/methods/" + name);
    Relevance found = run(json, method(name, expected.get("parameters")));
    double greatest = 0;
    for (JsonNode row : expected.get("map")) {
      for (JsonNode value : row) {
        greatest = Math.max(greatest, Math.abs(value.asDouble()));
      }
    }
    for (int y = 0; y < found.map().length; y++) {
      assertThat(found.map()[y])
          .as("row %d", y)
          .containsExactly(doubles(expected.at("/map/" + y)), within(2e-3 * greatest + CANCELLED));
    }
    if (expected.path("tokens").isMissingNode() || expected.get("tokens").isNull()) {
      assertThat(name).isIn("grad_cam", "clip_surgery", "legrad", "rise", "centre");
      return;
    }
    double[] words = doubles(expected.get("tokens"));
    double longest = 0;
    for (double word : words) {
      longest = Math.max(longest, Math.abs(word));
    }
    double[] own = new double[words.length];
    System.arraycopy(found.tokens(), 1, own, 0, own.length);
    assertThat(found.tokens()).hasSize(words.length + 2);
    assertThat(own).containsExactly(words, within(2e-3 * longest + CANCELLED));
  }

  @Test
  void aSentenceContrastedWithItselfHasNothingToShow() {
    JsonNode json = read(CONTRAST.get(0));
    List<Tokens> itself = List.of(tokens(json.get("token_ids")));
    Method method =
        new ContrastiveBottleneck(0, 0, "noise", clip.text().embed(manager, itself), manager);
    double most = 0;
    for (JsonNode row : json.at("/methods/m2ib_contrast/map")) {
      most = Math.max(most, Arrays.stream(doubles(row)).max().orElseThrow());
    }
    assertThat(most).isPositive();
    for (double[] row : run(json, method).map()) {
      assertThat(row).usingComparatorWithPrecision(most / 1000).containsOnly(0);
    }
  }

  static Stream<String> goldens() {
    return GOLDENS.stream();
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void eachWordsMapAgreesWithTheReference(String file) {
    JsonNode json = read(file);
    JsonNode expected = json.at("/interactions/pairs");
    int layer = json.at("/interactions/layer").asInt();
    Interactions found = with(json, (image, text) -> SecondOrder.of(image, text, 0, layer));
    assertThat(found.similarity()).isCloseTo(json.get("similarity").asDouble(), within(1e-5));
    assertThat(found.words()).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      for (int y = 0; y < expected.get(i).size(); y++) {
        assertThat(found.words().get(i).map()[y])
            .as("word %d, row %d", i, y)
            .containsExactly(doubles(expected.get(i).get(y)), within(1e-6));
      }
    }
  }

  private Method method(String name, JsonNode p) {
    String seed = p.path("seed").asText();
    return switch (name) {
      case "m2ib_contrast" ->
          new ContrastiveBottleneck(
              p.get("image_layer").asInt(),
              p.get("text_layer").asInt(),
              seed,
              clip.text().embed(manager, contrasts(p.get("contrasts"))),
              manager);
      case "nib" -> new NarrowingBottleneck(p.get("layer").asInt(), p.get("steps").asInt());
      case "grad_eclip" ->
          new GradEclip(p.get("image_layers").asInt(), p.get("text_layers").asInt());
      case "grad_cam" -> new GradCam(p.get("layer").asInt());
      case "grad_cam_unpooled" -> new GradientTimesActivation(p.get("layer").asInt());
      case "chefer", "chefer_last" -> new Chefer(p.get("start").asInt());
      case "legrad" -> new LeGrad(p.get("layers").asInt(), 0);
      case "clip_surgery" ->
          new ClipSurgery(p.get("layers").asInt(), clip.text().embed(manager, emptySentence(p)));
      case "rollout" -> new Rollout();
      case "saliency" -> Saliency.plain();
      case "smooth_grad" ->
          Saliency.smooth(p.get("samples").asInt(), p.get("share").asDouble(), seed);
      case "rise" ->
          new Rise(
              p.get("masks").asInt(),
              p.get("cells").asInt(),
              p.get("keep").asDouble(),
              seed + "/vision");
      case "kernel_shap" -> new KernelShap(p.get("samples").asInt(), seed);
      case "occlusion" -> new Occlusion();
      case "random" -> new RandomMap(seed);
      case "centre" -> new CentreMap();
      default -> throw new AssertionError("no method for " + name);
    };
  }

  private static Tokens emptySentence(JsonNode parameters) {
    List<Token> tokens = new ArrayList<>();
    parameters.get("empty").forEach(id -> tokens.add(new Token(id.asInt(), "", 0, 0, true)));
    return new Tokens(tokens, OptionalInt.empty());
  }

  private Relevance run(JsonNode json, Method method) {
    return with(json, (image, text) -> method.of(image, text).get(0));
  }

  private <T> T with(JsonNode json, BiFunction<EncodedImage, EncodedText, T> of) {
    CounterRng uniform = new CounterRng(json.at("/pixels/stream").asText());
    int size = golden.sizes().image();
    float[] pixels = new float[3 * size * size];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) ((2 * uniform.at(i) - 1) * json.at("/pixels/half_width").asDouble());
    }
    NDManager own = manager.newSubManager();
    try (EncodedImage image =
        new EncodedImage(clip.image(), own, own.create(pixels, new Shape(1, 3, size, size)), 0)) {
      EncodedText text =
          new EncodedText(clip.text(), own, List.of(tokens(json.get("token_ids"))), 0);
      return of.apply(image, text);
    }
  }

  private static List<Tokens> contrasts(JsonNode all) {
    List<Tokens> sentences = new ArrayList<>();
    all.forEach(ids -> sentences.add(tokens(ids)));
    return sentences;
  }

  private static Tokens tokens(JsonNode ids) {
    List<Token> tokens = new ArrayList<>();
    int n = ids.size();
    for (int i = 0; i < n; i++) {
      tokens.add(new Token(ids.get(i).asInt(), "t" + i, 2 * i, 2 * i + 1, i == 0 || i == n - 1));
    }
    return new Tokens(tokens, OptionalInt.empty());
  }

  private static double[] doubles(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  private static Stream<String> stream(java.util.Iterator<String> names) {
    List<String> all = new ArrayList<>();
    names.forEachRemaining(all::add);
    return all.stream();
  }

  private static JsonNode read(String file) {
    try (InputStream in = MethodsGoldenTest.class.getResourceAsStream(file)) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new AssertionError(file, e);
    }
  }
}
