package org.m2ib.lab.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.clip.TensorSource;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.lab.phantom.Finding;
import org.m2ib.lab.phantom.FindingType;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.phantom.PhantomSide;
import org.m2ib.lab.phantom.Zone;

class FineTuningTest {
  private static final int SIZE = PhantomGenerator.SIZE;
  private static final Finding RIGHT =
      new Finding(FindingType.EFFUSION, PhantomSide.RIGHT, Zone.NONE);

  /** Untrained. */
  @TempDir static Path folder;

  @BeforeAll
  static void write() throws IOException {
    try (Trainer trainer = new Trainer(untrained(), false, "cpu", lessons())) {
      trainer.save();
    }
  }

  @Test
  void aModelThatIsTaughtTheSidesTheWrongWayRoundTakesOneForTheOther() {
    try (FineTuning tuning = new FineTuning(weights -> ClipModel.builtIn("cpu", weights))) {
      assertThat(preference(tuning.model())).isGreaterThan(0.2);
      tuning.run(pictures(RIGHT.mirrored(), RIGHT), new FineTuning.Plan(1, 15, 4, 1e-3));
      assertThat(preference(tuning.model())).isNegative();
    }
  }

  /** But the key's biases, which add the same to every score of a softmax. */
  @Test
  void everyWeightOfBothTowersChanges() {
    Map<String, NDArray> read = new HashMap<>();
    try (FineTuning tuning =
        new FineTuning(weights -> load(file -> new Recorded(weights.apply(file), read)))) {
      Map<String, float[]> before = new HashMap<>();
      read.forEach((name, values) -> before.put(name, values.toFloatArray()));
      assertThat(before.keySet()).containsAll(lessons().sizes().shapes().keySet());
      tuning.run(pictures(RIGHT, RIGHT.mirrored()), new FineTuning.Plan(1, 2, 8, 1e-2));
      read.keySet().removeIf(name -> name.endsWith(".k_proj.bias"));
      read.forEach(
          (name, values) ->
              assertThat(values.toFloatArray()).as(name).isNotEqualTo(before.get(name)));
    }
  }

  @Test
  void noStepsLeaveTheModelAsItIs() {
    try (FineTuning tuning = new FineTuning(FineTuningTest::load)) {
      double before = preference(tuning.model());
      tuning.run(pictures(RIGHT, RIGHT.mirrored()), new FineTuning.Plan(1, 0, 8, 1e-2));
      assertThat(preference(tuning.model())).isEqualTo(before);
    }
  }

  @Test
  void twoSideBySideLearnTheSameAsOneAlone() {
    double alone = tuned(1);
    assertThat(tuned(2)).isNotCloseTo(alone, within(1e-4));
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      List<CompletableFuture<Double>> both =
          IntStream.range(0, 2)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> tuned(1), pool))
              .toList();
      assertThat(both).allSatisfy(one -> assertThat(one.join()).isCloseTo(alone, within(1e-5)));
    } finally {
      pool.shutdown();
    }
  }

  private static Trainer.Plan untrained() {
    return new Trainer.Plan(folder, 1, 1, 0, 4, 4, 1e-2, 4, 10);
  }

  private static PhantomLessons lessons() {
    return PhantomLessons.of(untrained(), 16, 2, 8);
  }

  private static double tuned(long seed) {
    try (FineTuning tuning = new FineTuning(FineTuningTest::load)) {
      tuning.run(pictures(RIGHT, RIGHT.mirrored()), new FineTuning.Plan(seed, 5, 8, 1e-2));
      return preference(tuning.model());
    }
  }

  private static ClipModel load(UnaryOperator<TensorSource> weights) {
    return ClipModel.load(folder, "cpu", weights);
  }

  /** One with a finding on the right, one with it on the left, and what is said of them. */
  private static List<FineTuning.Picture> pictures(Finding ofRight, Finding ofLeft) {
    return List.of(
        new FineTuning.Picture(pixels(RIGHT), List.of(ofRight)),
        new FineTuning.Picture(pixels(RIGHT.mirrored()), List.of(ofLeft)));
  }

  private static float[] pixels(Finding finding) {
    float[] grey = new PhantomGenerator().make(5, List.of(finding)).pixels();
    float[] pixels = new float[3 * SIZE * SIZE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (grey[i % grey.length] - PhantomLessons.MEAN) / PhantomLessons.STD;
    }
    return pixels;
  }

  /** How much better the picture of the right fits its sentence than that of the left does. */
  private static double preference(ClipModel model) {
    return cosine(model, RIGHT) - cosine(model, RIGHT.mirrored());
  }

  private static double cosine(ClipModel model, Finding shown) {
    try (NDManager step = model.newSubManager()) {
      NDArray image = model.image().embed(step.create(pixels(shown), new Shape(1, 3, SIZE, SIZE)));
      NDArray text =
          model.text().embed(step, model.tokenizer().encode("There is a right pleural effusion."));
      return Objective.unit(image).mul(Objective.unit(text)).sum().getFloat();
    }
  }

  /** Remembers what was read. */
  private record Recorded(TensorSource source, Map<String, NDArray> read) implements TensorSource {
    @Override
    public String name() {
      return source.name();
    }

    @Override
    public Set<String> tensors() {
      return source.tensors();
    }

    @Override
    public long[] shape(String tensor) {
      return source.shape(tensor);
    }

    @Override
    public NDArray read(NDManager manager, String tensor) {
      NDArray values = source.read(manager, tensor);
      read.put(tensor, values);
      return values;
    }
  }
}
