package org.m2ib.clip.hf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.function.UnaryOperator;
import org.m2ib.clip.Autograd;
import org.m2ib.clip.Script;
import org.m2ib.clip.Tap;
import org.m2ib.clip.Weights;

/**
 * One pre-LayerNorm transformer layer. Shapes: B, T tokens, D width, H heads, K = D / H.
 *
 * <p>{@link #applyAt} gives one token of the layer's output, for a tower that pools one. With a
 * single query, keys and values of the other tokens need not be made: the key weights are
 * multiplied into the query, and the value weights into the mean of the states.
 *
 * <pre>
 *   q (Wk h_t + bk) = (q Wk) h_t + q bk       q bk is the same for all t: softmax does not see it
 *   sum_t a_t (Wv h_t + bv) = Wv (sum_t a_t h_t) + bv      since sum_t a_t = 1
 * </pre>
 */
final class EncoderLayer {
  private static final NDIndex ALL = new NDIndex(":");
  private static final Script ATTEND =
      new Script("q: Tensor, k: Tensor, v: Tensor", "torch.scaled_dot_product_attention(q, k, v)");
  private static final Script ATTEND_MASKED =
      new Script(
          "q: Tensor, k: Tensor, v: Tensor, mask: Tensor",
          "torch.scaled_dot_product_attention(q, k, v, mask)");

  private final LayerNorm norm1;
  private final LayerNorm norm2;
  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Linear out;
  private final Linear fc1;
  private final Linear fc2;
  private final TowerConfig config;
  private final int index;

  /**
   * @param tower for example {@code vision_model}
   * @param index counted from 0
   */
  EncoderLayer(Weights weights, String tower, int index, TowerConfig config) {
    String name = tower + ".encoder.layers." + index;
    this.index = index;
    int d = config.width();
    this.config = config;
    this.norm1 = LayerNorm.load(weights, name + ".layer_norm1", config);
    this.norm2 = LayerNorm.load(weights, name + ".layer_norm2", config);
    this.query = Linear.load(weights, name + ".self_attn.q_proj", d, d);
    this.key = Linear.load(weights, name + ".self_attn.k_proj", d, d);
    this.value = Linear.load(weights, name + ".self_attn.v_proj", d, d);
    this.out = Linear.load(weights, name + ".self_attn.out_proj", d, d);
    this.fc1 = Linear.load(weights, name + ".mlp.fc1", config.mlpWidth(), d);
    this.fc2 = Linear.load(weights, name + ".mlp.fc2", d, config.mlpWidth());
  }

  /**
   * @param x (B, T, D)
   * @param mask (T, T) added to the scores, or null
   * @param tap sees what is made on the way
   * @return (B, T, D)
   */
  NDArray apply(NDArray x, NDArray mask, Tap tap) {
    NDArray h = norm1.apply(x);
    NDArray q = tap.at(index, Tap.Point.QUERY, query.apply(h));
    NDArray k = tap.at(index, Tap.Point.KEY, key.apply(h));
    NDArray v = tap.at(index, Tap.Point.VALUE, value.apply(h));
    NDArray mixed =
        tap == Tap.NONE
            ? attend(heads(q), heads(k), heads(v), mask)
            : tapped(heads(scaled(q)), heads(k), heads(v), mask, tap);
    mixed = mixed.transpose(0, 2, 1, 3).reshape(x.getShape());
    return rest(x, tap.at(index, Tap.Point.MIXED, mixed)); // (B, T, D)
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
   * @param x (B, T, D), all that the token may attend to
   * @param pick takes the token: (B, T, D) to (B, 1, D)
   * @param mask (B, 1, T) added to its scores, or null
   * @return (B, D)
   */
  NDArray applyAt(NDArray x, UnaryOperator<NDArray> pick, NDArray mask) {
    long b = x.getShape().get(0);
    long d = config.width();
    int h = config.heads();
    long k = d / h;
    NDArray states = norm1.apply(x); // (B, T, D)
    NDArray q = scaled(query.apply(pick.apply(states).reshape(b, d))); // (B, D)
    q = q.reshape(b, h, k).transpose(1, 0, 2); // (H, B, K)
    NDArray wk = view(key.weight(), x).reshape(h, k, d); // (H, K, D)
    NDArray absorbed = q.matMul(wk).transpose(1, 2, 0); // (B, D, H)
    NDArray scores = states.matMul(absorbed); // (B, T, H)
    if (mask != null) {
      scores = scores.add(mask.transpose(0, 2, 1));
    }
    NDArray attention = scores.softmax(1).transpose(0, 2, 1); // (B, H, T)
    NDArray mean = attention.matMul(states).transpose(1, 0, 2); // (H, B, D)
    NDArray wv = view(value.weight(), x).reshape(h, k, d).transpose(0, 2, 1); // (H, D, K)
    NDArray mixed = mean.matMul(wv).transpose(1, 0, 2).reshape(b, d);
    return rest(pick.apply(x).reshape(b, d), mixed.add(value.bias()));
  }

  /** A weight in the manager of x, so that what is made of it goes with x. */
  private static NDArray view(NDArray weight, NDArray x) {
    return weight.get(x.getManager(), ALL);
  }

  private NDArray scaled(NDArray q) {
    double perHead = (double) config.width() / config.heads();
    return q.mul(Autograd.constant(q, (float) (1 / Math.sqrt(perHead))));
  }

  private NDArray rest(NDArray x, NDArray mixed) {
    NDArray y = x.add(out.apply(mixed));
    return config.activation().mlp(y, norm2.apply(y), fc1, fc2);
  }

  /** (B, T, D) to (B, H, T, K). */
  private NDArray heads(NDArray x) {
    long b = x.getShape().get(0);
    int k = config.width() / config.heads();
    return x.reshape(b, -1, config.heads(), k).transpose(0, 2, 1, 3);
  }

  /** Multiply-adds times two of {@link #apply} on {@code tokens} tokens. */
  static double flops(TowerConfig config, int tokens) {
    double d = config.width();
    return 2 * tokens * (4 * d * d + 2 * d * config.mlpWidth() + 2 * d * tokens);
  }

  /** Of {@link #applyAt}. */
  static double flopsAt(TowerConfig config, int tokens) {
    double d = config.width();
    return 2 * (4 * d * d + 2 * d * config.mlpWidth() + 2 * d * config.heads() * tokens);
  }

  /** Float32 tensors that {@link #apply} leaves for its backward pass, and those of that pass. */
  static double bytes(TowerConfig config, int tokens) {
    return 4.0 * tokens * (14 * config.width() + 4 * config.mlpWidth());
  }
}
