package org.m2ib.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Set;

/** A source of named tensors: a checkpoint file or a formula. */
public interface TensorSource {

  /** Returns its name in messages, for example {@code model.safetensors}. */
  String name();

  /** Returns the file of one tensor for messages: its shard, if there are several. */
  default String name(String tensor) {
    return name();
  }

  /** Returns the names of all tensors, as in the checkpoint. */
  Set<String> tensors();

  long[] shape(String tensor);

  /** Returns whether the tensor's type is wider than float32, so that {@link #read} rounds. */
  default boolean isRounded(String tensor) {
    return false;
  }

  /**
   * @return the tensor as float32, in memory owned by the engine
   * @throws ModelException if its values are not floating point or exceed float32
   */
  NDArray read(NDManager manager, String tensor);
}
