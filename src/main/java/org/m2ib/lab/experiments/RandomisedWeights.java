package org.m2ib.lab.experiments;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.m2ib.clip.TensorSource;
import org.m2ib.engine.CounterRng;

/**
 * A checkpoint whose top is made random, each tensor's own values in another order, from the
 * projection downwards: the cascade of Adebayo et al. 2018 (arXiv 1810.03292). A map that stays the
 * same does not show what the model has learnt. Names are those of Hugging Face's CLIP. Of each
 * tower, from the top: 1 its projection and last norm, 2 and on its layers from the last to the
 * first, at the end its embeddings.
 */
public final class RandomisedWeights implements TensorSource {
  private static final Pattern LAYER = Pattern.compile("\\.encoder\\.layers\\.(\\d+)\\.");

  private final TensorSource trained;
  private final int depth;
  private final long seed;

  /**
   * @param depth how far down the cascade goes, 0 (all as trained) to {@link #deepest}
   */
  public RandomisedWeights(TensorSource trained, int depth, long seed) {
    if (depth < 0 || depth > deepest(trained)) {
      throw new IllegalArgumentException(
          "a cascade of depth %d; %s has depths 0 to %d"
              .formatted(depth, trained.name(), deepest(trained)));
    }
    this.trained = trained;
    this.depth = depth;
    this.seed = seed;
  }

  /** The depth at which nothing that was learnt is left. */
  public static int deepest(TensorSource source) {
    return Math.max(layers(source, "vision_model."), layers(source, "text_model.")) + 2;
  }

  @Override
  public String name() {
    return trained.name() + " with its top " + depth + " made random";
  }

  @Override
  public Set<String> tensors() {
    return trained.tensors();
  }

  @Override
  public long[] shape(String tensor) {
    return trained.shape(tensor);
  }

  @Override
  public NDArray read(NDManager manager, String tensor) {
    NDArray values = trained.read(manager, tensor);
    if (step(tensor) > depth) {
      return values;
    }
    try (values;
        NDArray java =
            manager.create(random(tensor, values.toFloatArray()), new Shape(shape(tensor)))) {
      return java.duplicate(); // memory of the engine's own
    }
  }

  /** At which depth a tensor becomes random. */
  private int step(String tensor) {
    String tower = tensor.startsWith("text") ? "text_model." : "vision_model.";
    int layers = layers(trained, tower);
    Matcher layer = LAYER.matcher(tensor);
    if (layer.find()) {
      return 1 + layers - Integer.parseInt(layer.group(1));
    }
    boolean bottom = tensor.contains(".embeddings.") || tensor.contains(".pre_layrnorm.");
    return bottom ? layers + 2 : 1;
  }

  private static int layers(TensorSource source, String tower) {
    return source.tensors().stream()
        .filter(name -> name.startsWith(tower))
        .map(LAYER::matcher)
        .filter(Matcher::find)
        .mapToInt(layer -> 1 + Integer.parseInt(layer.group(1)))
        .max()
        .orElse(0);
  }

  /** Fisher and Yates' shuffle. */
  private float[] random(String tensor, float[] values) {
    CounterRng uniform = new CounterRng("randomised/" + seed + "/" + tensor);
    for (int i = values.length - 1; i > 0; i--) {
      int other = (int) (uniform.at(i) * (i + 1));
      float value = values[i];
      values[i] = values[other];
      values[other] = value;
    }
    return values;
  }
}
