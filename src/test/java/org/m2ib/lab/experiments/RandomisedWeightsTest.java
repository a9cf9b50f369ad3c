package org.m2ib.lab.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.clip.FormulaWeights;
import org.m2ib.clip.Golden;
import org.m2ib.clip.HfFolder;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.TensorSource;
import org.m2ib.clip.Tokens;
import org.m2ib.clip.Towers;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.clip.loading.Family;
import org.m2ib.engine.InferenceEngine;

class RandomisedWeightsTest {
  /** Three layers for the image, two for the text. */
  private static final HfFolder.Sizes SIZES =
      new HfFolder.Sizes(32, 3, 4, 8, 16, 24, 2, 4, 600, 12, 16);

  private static final TensorSource TRAINED = new FormulaWeights(HfFolder.shapes(SIZES));
  private static final List<Set<String>> GROUPS =
      Family.HUGGING_FACE_CLIP.layerGroups(TRAINED.tensors());

  private static NDManager manager;

  @BeforeAll
  static void start() {
    manager = InferenceEngine.start().newBaseManager(Device.cpu());
  }

  @AfterAll
  static void stop() {
    manager.close();
  }

  @Test
  void theCascadeGoesDownBothTowersLayerByLayer() {
    assertThat(GROUPS).hasSize(5);
    assertThat(GROUPS.get(0))
        .containsExactlyInAnyOrder(
            "visual_projection.weight",
            "text_projection.weight",
            "vision_model.post_layernorm.weight",
            "vision_model.post_layernorm.bias",
            "text_model.final_layer_norm.weight",
            "text_model.final_layer_norm.bias");
    assertThat(GROUPS.get(1))
        .contains(
            "vision_model.encoder.layers.2.mlp.fc1.weight",
            "text_model.encoder.layers.1.self_attn.q_proj.bias")
        .allMatch(name -> name.contains("layers.2.") || name.contains("layers.1."));
    assertThat(GROUPS.get(3))
        .contains(
            "vision_model.encoder.layers.0.mlp.fc1.weight",
            "text_model.embeddings.token_embedding.weight") // its tower has a layer less
        .doesNotContain("vision_model.embeddings.class_embedding");
  }

  @ParameterizedTest
  @CsvSource({
    "HUGGING_FACE_CLIP, tiny-clip-transformers",
    "HUGGING_FACE_SIGLIP, tiny-siglip",
    "OPENAI, tiny-openai-vit",
    "OPENAI, tiny-openai-resnet",
    "OPEN_CLIP, tiny-openclip-vit",
    "OPEN_CLIP, tiny-openclip-siglip",
    "OPEN_CLIP, tiny-openclip-siglip2",
    "OPEN_CLIP, tiny-biomedclip",
    "MED_CLIP, tiny-medclip-swin",
    "MED_CLIP, tiny-medclip-resnet",
    "GLORIA, tiny-gloria",
  })
  void eachDepthRandomisesOneLayerMoreOfEveryFamily(Family family, String name) {
    Golden golden = new Golden(name);
    TensorSource trained = new InMemory(new FormulaWeights(golden.shapes()));
    List<Set<String>> groups = family.layerGroups(trained.tensors());
    assertThat(groups.stream().flatMap(Set::stream).toList())
        .as("every tensor once")
        .containsExactlyInAnyOrderElementsOf(trained.tensors());
    for (int depth : new int[] {0, 1, groups.size()}) {
      assertThat(changed(trained, groups, depth))
          .isEqualTo(
              groups.stream()
                  .limit(depth)
                  .flatMap(Set::stream)
                  .filter(tensor -> size(trained, tensor) > 1)
                  .collect(Collectors.toSet()));
    }
    Towers clip = golden.towers(manager, w -> trained);
    int imageLayers = clip.image().layers();
    int textLayers = clip.text().layers();
    assertThat(groups).hasSize(2 + Math.max(imageLayers, textLayers));
    int stride = family == Family.GLORIA ? 6 : 1; // a large picture, and the blocks of MedCLIP's
    for (int depth = groups.size(); depth >= 0; depth -= stride) {
      int top = depth;
      Towers random = golden.towers(manager, w -> new RandomisedWeights(trained, groups, top, 1));
      try (NDManager step = manager.newSubManager()) {
        int s = golden.imageSize();
        NDArray pixels = step.create(golden.pixels(), new Shape(1, 3, s, s));
        List<Tokens> tokens = List.of(golden.tokens());
        assertUnchangedBelow(
            depth,
            imageLayers,
            layer -> clip.image().prefix(pixels, layer),
            layer -> random.image().prefix(pixels, layer));
        assertUnchangedBelow(
            depth,
            textLayers,
            layer -> clip.text().prefix(step, tokens, layer),
            layer -> random.text().prefix(step, tokens, layer));
        assertThat(random.image().embed(pixels).contentEquals(clip.image().embed(pixels)))
            .isEqualTo(depth == 0);
      }
    }
  }

  /** Depth 1 is the head alone, 2 the last layer too, and one more than layers the embedding. */
  private static void assertUnchangedBelow(
      int depth, int layers, IntFunction<NDArray> trained, IntFunction<NDArray> random) {
    int unchanged = Math.min(layers - depth, layers - 1);
    for (int layer = Math.max(-1, unchanged);
        layer <= Math.min(unchanged + 1, layers - 1);
        layer++) {
      assertThat(random.apply(layer).contentEquals(trained.apply(layer)))
          .as("depth %d, behind layer %d", depth, layer)
          .isEqualTo(layer <= unchanged);
    }
  }

  /** Each is added to the golden's tensors. */
  @ParameterizedTest
  @CsvSource({
    "HUGGING_FACE_CLIP, tiny-clip, logit_scale, visual_projection.weight",
    "HUGGING_FACE_CLIP, tiny-clip, text_model.embeddings.position_ids,"
        + " text_model.embeddings.token_embedding.weight",
    "OPENAI, tiny-openai-vit, input_resolution, visual.proj",
    "OPEN_CLIP, tiny-openclip-siglip, text.attn_mask, text.positional_embedding",
    "OPEN_CLIP, tiny-biomedclip, text.transformer.embeddings.position_ids,"
        + " text.transformer.embeddings.LayerNorm.bias",
    "OPENAI, tiny-openai-resnet, visual.layer2.0.bn3.num_batches_tracked,"
        + " visual.layer2.0.bn3.bias",
    "MED_CLIP, tiny-medclip-swin,"
        + " vision_model.model.encoder.layers.1.blocks.0.attention.self.relative_position_index,"
        + " vision_model.model.encoder.layers.1.blocks.0.attention.self.query.bias",
  })
  void whatIsLeftUnreadIsInTheGroupOfItsLayer(
      Family family, String name, String unread, String neighbour) {
    Set<String> tensors = new TreeSet<>(new Golden(name).shapes().keySet());
    tensors.add(unread);
    assertThat(family.layerGroups(tensors)).anyMatch(g -> g.containsAll(Set.of(unread, neighbour)));
  }

  @Test
  void aTensorOfNoTowerIsNamed() {
    assertThatThrownBy(() -> Family.GLORIA.layerGroups(Set.of("adapter.weight")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("adapter.weight");
  }

  @Test
  void permutedWeightsAreTheSameNumbersInAnotherOrder() {
    String tensor = "vision_model.encoder.layers.1.mlp.fc1.weight";
    float[] trained = read(TRAINED, tensor);
    float[] random = read(new RandomisedWeights(TRAINED, GROUPS, 5, 3), tensor);
    assertThat(random).isNotEqualTo(trained);
    Arrays.sort(trained);
    Arrays.sort(random);
    assertThat(random).isEqualTo(trained);
  }

  @Test
  void aSeedGivesTheSameWeightsAgainAndAnotherSeedOthers() {
    String tensor = "visual_projection.weight";
    float[] once = read(new RandomisedWeights(TRAINED, GROUPS, 1, 3), tensor);
    assertThat(read(new RandomisedWeights(TRAINED, GROUPS, 5, 3), tensor)).isEqualTo(once);
    assertThat(read(new RandomisedWeights(TRAINED, GROUPS, 1, 4), tensor)).isNotEqualTo(once);
  }

  @Test
  void itKeepsNamesAndShapesAndSaysWhatItIs() {
    RandomisedWeights random = new RandomisedWeights(TRAINED, GROUPS, 2, 3);
    assertThat(random.tensors()).isEqualTo(TRAINED.tensors());
    assertThat(random.name()).isEqualTo("formula weights with its top 2 made random");
    for (String tensor : random.tensors()) {
      assertThat(random.shape(tensor)).isEqualTo(TRAINED.shape(tensor));
      try (var values = random.read(manager, tensor)) {
        assertThat(values.getShape().getShape()).isEqualTo(TRAINED.shape(tensor));
      }
    }
  }

  @Test
  void aModelLoadsWithItsTopMadeRandomAndSaysOtherThings(@TempDir Path folder) {
    HfFolder.write(folder, SIZES, List.of("pleural", "effusion"));
    try (ClipModel trained = ClipModel.load(folder);
        ClipModel same = load(folder, 0);
        ClipModel random = load(folder, 5)) {
      assertThat(text(same)).isEqualTo(text(trained));
      assertThat(text(random)).hasSameSizeAs(text(trained)).isNotEqualTo(text(trained));
    }
  }

  private static ClipModel load(Path folder, int depth) {
    return ClipModel.load(
        folder, "cpu", trained -> new RandomisedWeights(trained, GROUPS, depth, 1));
  }

  private static float[] text(ClipModel model) {
    try (NDManager step = model.newSubManager()) {
      return model.text().embed(step, model.tokenizer().encode("pleural effusion")).toFloatArray();
    }
  }

  @Test
  void aCascadeDeeperThanTheModelIsRefused() {
    assertThatThrownBy(() -> new RandomisedWeights(TRAINED, GROUPS, 6, 3))
        .hasMessage("a cascade of depth 6; formula weights has depths 0 to 5");
    assertThatThrownBy(() -> new RandomisedWeights(TRAINED, GROUPS, -1, 3))
        .hasMessageContaining("depth -1");
  }

  private static Set<String> changed(TensorSource trained, List<Set<String>> groups, int depth) {
    RandomisedWeights random = new RandomisedWeights(trained, groups, depth, 1);
    return trained.tensors().stream()
        .filter(tensor -> !Arrays.equals(read(trained, tensor), read(random, tensor)))
        .collect(Collectors.toSet());
  }

  private static long size(TensorSource source, String tensor) {
    return Arrays.stream(source.shape(tensor)).reduce(1, (a, b) -> a * b);
  }

  private static float[] read(TensorSource source, String tensor) {
    try (var values = source.read(manager, tensor)) {
      return values.toFloatArray();
    }
  }

  /** The formula's values, made once. */
  private record InMemory(TensorSource formula, Map<String, float[]> values)
      implements TensorSource {
    InMemory(TensorSource formula) {
      this(formula, new HashMap<>());
      formula
          .tensors()
          .forEach(tensor -> values.put(tensor, RandomisedWeightsTest.read(formula, tensor)));
    }

    @Override
    public String name() {
      return formula.name();
    }

    @Override
    public Set<String> tensors() {
      return formula.tensors();
    }

    @Override
    public long[] shape(String tensor) {
      return formula.shape(tensor);
    }

    @Override
    public NDArray read(NDManager manager, String tensor) {
      return manager.create(values.get(tensor), new Shape(shape(tensor)));
    }
  }
}
