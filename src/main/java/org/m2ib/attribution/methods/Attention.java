package org.m2ib.attribution.methods;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.function.BiFunction;
import org.m2ib.clip.Tap;

/** Records a tower's attention. */
final class Attention {
  private Attention() {}

  /**
   * @param h (1, T, D) behind layer -1
   * @param run runs the tower on h with a tap
   * @return one for each layer, (1, H, T, T)
   */
  static NDList of(NDArray h, BiFunction<NDArray, Tap, NDArray> run) {
    NDList attention = new NDList();
    run.apply(
        h,
        (layer, point, value) -> {
          if (point == Tap.Point.ATTENTION) {
            attention.add(value);
          }
          return value;
        });
    return attention;
  }
}
