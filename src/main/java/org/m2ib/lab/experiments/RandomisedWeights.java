package org.m2ib.lab.experiments;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.m2ib.clip.TensorSource;
import org.m2ib.engine.CounterRng;

/**
 * A checkpoint with its top randomised by permuting each tensor's values, from the projection
 * downwards: the cascade of Adebayo et al. 2018 (arXiv 1810.03292). A map that does not change does
 * not depend on what the model has learned.
 */
public final class RandomisedWeights implements TensorSource {
  private final TensorSource trained;
  private final int depth;
  private final Set<String> randomised;
  private final long seed;

  /**
   * @param groups the tensors from the top, see {@link
   *     org.m2ib.clip.loading.Family#layerGroups(Set)}
   * @param depth number of randomised groups, 0 (all as trained) to all
   */
  public RandomisedWeights(TensorSource trained, List<Set<String>> groups, int depth, long seed) {
    if (depth < 0 || depth > groups.size()) {
      throw new IllegalArgumentException(
          "a cascade of depth %d; %s has depths 0 to %d"
              .formatted(depth, trained.name(), groups.size()));
    }
    this.trained = trained;
    this.depth = depth;
    this.randomised =
        groups.stream().limit(depth).flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());
    this.seed = seed;
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
    if (!randomised.contains(tensor)) {
      return values;
    }
    try (values;
        NDArray java =
            manager.create(random(tensor, values.toFloatArray()), new Shape(shape(tensor)))) {
      return java.duplicate(); // memory of the engine's own
    }
  }

  /** Fisher-Yates shuffle. */
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
