package org.m2ib.lab.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.clip.FormulaWeights;
import org.m2ib.clip.HfFolder;
import org.m2ib.clip.TensorSource;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.engine.InferenceEngine;

class RandomisedWeightsTest {
  /** Three layers for the image, two for the text. */
  private static final HfFolder.Sizes SIZES =
      new HfFolder.Sizes(32, 3, 4, 8, 16, 24, 2, 4, 600, 12, 16);

  private static final TensorSource TRAINED = new FormulaWeights(HfFolder.shapes(SIZES));

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
    assertThat(RandomisedWeights.deepest(TRAINED)).isEqualTo(5);
    assertThat(changed(0)).isEmpty();
    assertThat(changed(1))
        .containsExactlyInAnyOrder(
            "visual_projection.weight",
            "text_projection.weight",
            "vision_model.post_layernorm.weight",
            "vision_model.post_layernorm.bias",
            "text_model.final_layer_norm.weight",
            "text_model.final_layer_norm.bias");
    assertThat(changed(2))
        .containsAll(changed(1))
        .contains(
            "vision_model.encoder.layers.2.mlp.fc1.weight",
            "text_model.encoder.layers.1.self_attn.q_proj.bias")
        .noneMatch(name -> name.contains("layers.0.") || name.contains("embeddings"));
    assertThat(changed(4))
        .contains(
            "vision_model.encoder.layers.0.mlp.fc1.weight",
            "text_model.embeddings.token_embedding.weight") // its tower has a layer less
        .doesNotContain("vision_model.embeddings.class_embedding");
    assertThat(changed(5)).isEqualTo(TRAINED.tensors());
  }

  @Test
  void permutedWeightsAreTheSameNumbersInAnotherOrder() {
    String tensor = "vision_model.encoder.layers.1.mlp.fc1.weight";
    float[] trained = read(TRAINED, tensor);
    float[] random = read(new RandomisedWeights(TRAINED, 5, 3), tensor);
    assertThat(random).isNotEqualTo(trained);
    Arrays.sort(trained);
    Arrays.sort(random);
    assertThat(random).isEqualTo(trained);
  }

  @Test
  void aSeedGivesTheSameWeightsAgainAndAnotherSeedOthers() {
    String tensor = "visual_projection.weight";
    float[] once = read(new RandomisedWeights(TRAINED, 1, 3), tensor);
    assertThat(read(new RandomisedWeights(TRAINED, 5, 3), tensor)).isEqualTo(once);
    assertThat(read(new RandomisedWeights(TRAINED, 1, 4), tensor)).isNotEqualTo(once);
  }

  @Test
  void itKeepsNamesAndShapesAndSaysWhatItIs() {
    RandomisedWeights random = new RandomisedWeights(TRAINED, 2, 3);
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
    return ClipModel.load(folder, "cpu", trained -> new RandomisedWeights(trained, depth, 1));
  }

  private static float[] text(ClipModel model) {
    try (NDManager step = model.newSubManager()) {
      return model.text().embed(step, model.tokenizer().encode("pleural effusion")).toFloatArray();
    }
  }

  @Test
  void aCascadeDeeperThanTheModelIsRefused() {
    assertThatThrownBy(() -> new RandomisedWeights(TRAINED, 6, 3))
        .hasMessage("a cascade of depth 6; formula weights has depths 0 to 5");
    assertThatThrownBy(() -> new RandomisedWeights(TRAINED, -1, 3))
        .hasMessageContaining("depth -1");
    TensorSource none = new FormulaWeights(Map.of("visual_projection.weight", new long[] {2, 3}));
    assertThat(RandomisedWeights.deepest(none)).isEqualTo(2);
  }

  private static Set<String> changed(int depth) {
    RandomisedWeights random = new RandomisedWeights(TRAINED, depth, 1);
    Set<String> changed = new HashSet<>();
    for (String tensor : new TreeSet<>(TRAINED.tensors())) {
      if (!Arrays.equals(read(TRAINED, tensor), read(random, tensor))) {
        changed.add(tensor);
      }
    }
    return changed;
  }

  private static float[] read(TensorSource source, String tensor) {
    try (var values = source.read(manager, tensor)) {
      return values.toFloatArray();
    }
  }
}
