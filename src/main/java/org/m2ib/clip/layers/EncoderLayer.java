package org.m2ib.clip.layers;

import ai.djl.ndarray.NDArray;
import java.util.function.UnaryOperator;
import org.m2ib.clip.Tap;
import org.m2ib.engine.Autograd;
import org.m2ib.engine.Precision;
import org.m2ib.engine.Script;

/**
 * One transformer layer. Shapes: B batch, T tokens, D width, H heads, K = D / H. {@link #applyAt}
 * computes one token of the layer's output, for a tower that pools one.
 */
final class EncoderLayer {
  private static final Script ATTEND =
      new Script("q: Tensor, k: Tensor, v: Tensor", "torch.scaled_dot_product_attention(q, k, v)");
  private static final Script ATTEND_MASKED =
      new Script(
          "q: Tensor, k: Tensor, v: Tensor, mask: Tensor",
          "torch.scaled_dot_product_attention(q, k, v, mask)");

  private final int index;
  private final Layers.Form form;
  private final Layers.Parts parts;
  private final OneQuery pooledAttention;
  private final ReducedAttention reducedAttention;

  /**
   * @param index counted from 0
   */
  EncoderLayer(int index, Layers.Form form, Layers.Parts parts) {
    this.index = index;
    this.form = form;
    this.parts = parts;
    this.pooledAttention = new OneQuery(form.heads(), parts.key(), parts.value());
    this.reducedAttention = new ReducedAttention(form, parts);
  }

  /**
   * @param x (B, T, D)
   * @param mask added to the scores, (T, T) or (B, 1, 1, T), or null
   * @param tap receives the intermediate values
   * @return (B, T, D)
   */
  NDArray apply(NDArray x, NDArray mask, Tap tap) {
    NDArray h = states(x);
    if (tap == Tap.NONE && Precision.isReduced()) {
      return afterAttention(x, reducedAttention.apply(h, mask));
    }
    NDArray q = tap.at(index, Tap.Point.QUERY, parts.query().apply(h));
    NDArray k = tap.at(index, Tap.Point.KEY, parts.key().apply(h));
    NDArray v = tap.at(index, Tap.Point.VALUE, parts.value().apply(h));
    NDArray mixed =
        tap == Tap.NONE
            ? attend(form.split(q), form.split(k), form.split(v), mask)
            : tapped(form.split(scaled(q)), form.split(k), form.split(v), mask, tap);
    mixed = mixed.transpose(0, 2, 1, 3).reshape(x.getShape());
    NDArray projected = parts.out().apply(tap.at(index, Tap.Point.MIXED, mixed)); // (B, T, D)
    NDArray output = afterAttention(x, tap.at(index, Tap.Point.PROJECTED, projected));
    return tap.at(index, Tap.Point.OUTPUT, output);
  }

  /** Returns the states that are attended to. */
  private NDArray states(NDArray x) {
    return form.normFirst() ? parts.norm1().apply(x) : x;
  }

  private static NDArray attend(NDArray q, NDArray k, NDArray v, NDArray mask) {
    return mask == null ? ATTEND.apply(q, k, v) : ATTEND_MASKED.apply(q, k, v, mask);
  }

  private NDArray tapped(NDArray q, NDArray k, NDArray v, NDArray mask, Tap tap) {
    NDArray scores = q.matMul(k.transpose(0, 1, 3, 2)); // (B, H, T, T)
    if (mask != null) {
      scores = scores.add(mask);
    }
    return tap.at(index, Tap.Point.ATTENTION, scores.softmax(-1)).matMul(v);
  }

  /**
   * @param x (B, T, D), all tokens that may be attended to
   * @param pick selects the token: (B, T, D) to (B, 1, D)
   * @param mask (B, 1, T), added to the scores, or null
   * @return (B, D)
   */
  NDArray applyAt(NDArray x, UnaryOperator<NDArray> pick, NDArray mask) {
    NDArray states = states(x);
    NDArray q = parts.query().apply(pick.apply(states).squeeze(1)); // (B, D)
    NDArray mixed = pooledAttention.attend(states, pooledAttention.absorbed(q), mask); // (B, D)
    return afterAttention(pick.apply(x).squeeze(1), parts.out().apply(mixed));
  }

  private NDArray scaled(NDArray q) {
    return q.mul(Autograd.constant(q, (float) Math.sqrt((double) form.heads() / width())));
  }

  private NDArray afterAttention(NDArray x, NDArray projected) {
    NDArray y = x.add(projected);
    if (form.normFirst()) {
      return form.activation().mlp(y, parts.norm2().apply(y), parts.fc1(), parts.fc2());
    }
    y = parts.norm1().apply(y);
    return parts.norm2().apply(form.activation().mlp(y, y, parts.fc1(), parts.fc2()));
  }

  int width() {
    return parts.query().in();
  }

  private int mlpWidth() {
    return parts.fc1().out();
  }

  /** Returns the FLOPs (two per multiply-add) of {@link #apply} on {@code tokens} tokens. */
  double flops(int tokens) {
    double d = width();
    return 2 * tokens * (4 * d * d + 2 * d * mlpWidth() + 2 * d * tokens);
  }

  /** Returns the FLOPs of {@link #applyAt}. */
  double flopsAt(int tokens) {
    double d = width();
    return 2 * (2 * d * d + 2 * d * mlpWidth()) + pooledAttention.flops(tokens);
  }

  /**
   * Returns the bytes of float32 tensors that {@link #apply} keeps for its backward pass, and that
   * the backward pass creates.
   */
  double bytes(int tokens) {
    return 4.0 * tokens * (14 * width() + 4 * mlpWidth());
  }
}
