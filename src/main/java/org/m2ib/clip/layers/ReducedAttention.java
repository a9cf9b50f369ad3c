package org.m2ib.clip.layers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.m2ib.engine.Autograd;
import org.m2ib.engine.Precision;
import org.m2ib.engine.Script;

/**
 * Attention of all tokens to all in bfloat16. Query, key and value are one product, and the scale
 * of the scores is folded into its weights. The scores are made and kept: the engine's fused
 * attention, which does not keep them, is slower in bfloat16 on a CPU, and softmax sums in float32
 * either way. Shapes: B batch, T tokens, D width, H heads, K = D / H.
 */
final class ReducedAttention {
  /** Alone, because the engine takes a longer script's derivative apart; see {@link Activation}. */
  private static final Script SOFTMAX = new Script("x: Tensor", "torch.softmax(x, -1)");

  private final Layers.Form form;
  private final Layers.Parts parts;
  private Linear stacked;

  ReducedAttention(Layers.Form form, Layers.Parts parts) {
    this.form = form;
    this.parts = parts;
  }

  /**
   * @param states (B, T, D), float32
   * @param mask added to the scores, (T, T) or (B, 1, 1, T), float32, or null
   * @return projected, (B, T, D), float32
   */
  NDArray apply(NDArray states, NDArray mask) {
    NDList three = stacked().reduced(Precision.rounded(states)).split(3, 2); // (B, T, D) each
    NDArray keys = form.split(three.get(1)).transpose(0, 1, 3, 2); // (B, H, K, T)
    NDArray scores = form.split(three.get(0)).matMul(keys); // (B, H, T, T)
    if (mask != null) {
      scores = scores.add(Precision.rounded(mask));
    }
    NDArray mixed = SOFTMAX.apply(scores).matMul(form.split(three.get(2))); // (B, H, T, K)
    NDArray joined = mixed.transpose(0, 2, 1, 3).reshape(states.getShape());
    return Precision.widened(parts.out().reduced(joined));
  }

  /** Query, key and value, (3 D, D); made once and kept. */
  private synchronized Linear stacked() {
    if (stacked == null) {
      float scale = (float) Math.sqrt((double) form.heads() / parts.query().out()); // 1 / sqrt(K)
      List<Linear> linears = List.of(parts.query(), parts.key(), parts.value());
      NDList weights = new NDList(linears.stream().map(Linear::weight).toList());
      NDList biases = new NDList(linears.stream().map(ReducedAttention::bias).toList());
      NDArray factor = Autograd.constant(weights.get(0), scale);
      weights.set(0, weights.get(0).mul(factor));
      biases.set(0, biases.get(0).mul(factor));
      try (NDArray scaled = weights.get(0);
          NDArray wide = NDArrays.concat(weights, 0)) { // only the rounded copy is kept
        stacked = new Linear(wide, NDArrays.concat(biases, 0)).rounded();
      }
    }
    return stacked;
  }

  private static NDArray bias(Linear linear) {
    return linear.bias() == null
        ? linear.weight().getManager().zeros(new Shape(linear.out()))
        : linear.bias();
  }
}
