package org.m2ib.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Set;

/** Where named tensors come from: a checkpoint file, or a formula. */
public interface TensorSource {

  /** What messages call it, for example {@code model.safetensors}. */
  String name();

  /** What messages about one of its tensors call the file: a shard, where there are several. */
  default String name(String tensor) {
    return name();
  }

  /** Names of all tensors as in the checkpoint. */
  Set<String> tensors();

  long[] shape(String tensor);

  /** Whether its values are wider than float32, so that {@link #read} rounds them. */
  default boolean isRounded(String tensor) {
    return false;
  }

  /**
   * @return float32, its memory owned by the engine
   * @throws ModelException when it holds no floating point values, or one beyond float32
   */
  NDArray read(NDManager manager, String tensor);
}
