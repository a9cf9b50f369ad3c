package org.m2ib.clip.hf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.function.UnaryOperator;
import org.m2ib.clip.Autograd;
import org.m2ib.clip.Weights;

/**
 * One pre-LayerNorm transformer layer. Shapes: B, T tokens, D width, H heads, K = D / H.
 *
 * <p>{@link #applyAt} gives one token of the layer's output, for a tower that pools one. With a
 * single query, keys and values of the other tokens need not be made: the key weights are
 * multiplied into the query, and the value weights into the mean of the states.
 *
 * <pre>
 *   q (Wk h_t + bk) = (q Wk) h_t + q bk
 *   sum_t a_t (Wv h_t + bv) = Wv (sum_t a_t h_t) + bv      since sum_t a_t = 1
 * </pre>
 */
final class EncoderLayer {
  private static final NDIndex ALL = new NDIndex(":");

  private final LayerNorm norm1;
  private final LayerNorm norm2;
  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Linear out;
  private final Linear fc1;
  private final Linear fc2;
  private final TowerConfig config;

  /**
   * @param name for example {@code vision_model.encoder.layers.0}
   */
  EncoderLayer(Weights weights, String name, TowerConfig config) {
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
   * @return (B, T, D)
   */
  NDArray apply(NDArray x, NDArray mask) {
    NDArray h = norm1.apply(x);
    NDArray scores =
        heads(scaledQuery(h)).matMul(heads(key.apply(h)).transpose(0, 1, 3, 2)); // (B, H, T, T)
    if (mask != null) {
      scores = scores.add(mask);
    }
    NDArray mixed = scores.softmax(-1).matMul(heads(value.apply(h))); // (B, H, T, K)
    return rest(x, mixed.transpose(0, 2, 1, 3).reshape(x.getShape()));
  }

  /**
   * @param x (B, T, D), all that the token may attend to
   * @param pick takes the token: (B, T, D) to (B, 1, D)
   * @param mask (B, 1, T) added to its scores, or null
   * @return (B, 1, D)
   */
  NDArray applyAt(NDArray x, UnaryOperator<NDArray> pick, NDArray mask) {
    long b = x.getShape().get(0);
    int h = config.heads();
    int k = config.width() / h;
    NDArray states = norm1.apply(x); // (B, T, D)
    NDArray q = scaledQuery(pick.apply(states)).reshape(b, h, k).transpose(1, 0, 2); // (H, B, K)
    NDArray wk = view(key.weight(), x).reshape(h, k, config.width()); // (H, K, D)
    NDArray absorbed = q.matMul(wk).transpose(1, 0, 2); // (B, H, D)
    NDArray bk = view(key.bias(), x).reshape(h, k, 1);
    NDArray offset = q.matMul(bk).transpose(1, 0, 2); // (B, H, 1)
    NDArray scores = absorbed.matMul(states.transpose(0, 2, 1)).add(offset); // (B, H, T)
    if (mask != null) {
      scores = scores.add(mask);
    }
    NDArray mean = scores.softmax(-1).matMul(states).transpose(1, 0, 2); // (H, B, D)
    NDArray wv =
        view(value.weight(), x).reshape(h, k, config.width()).transpose(0, 2, 1); // (H, D, K)
    NDArray mixed = mean.matMul(wv).transpose(1, 0, 2).reshape(b, 1, config.width());
    return rest(pick.apply(x), mixed.add(value.bias()));
  }

  /** A weight in the manager of x, so that what is made of it goes with x. */
  private static NDArray view(NDArray weight, NDArray x) {
    return weight.get(x.getManager(), ALL);
  }

  private NDArray scaledQuery(NDArray h) {
    double perHead = (double) config.width() / config.heads();
    NDArray q = query.apply(h);
    return q.mul(Autograd.constant(q, (float) (1 / Math.sqrt(perHead))));
  }

  private NDArray rest(NDArray x, NDArray mixed) {
    NDArray y = x.add(out.apply(mixed));
    return y.add(fc2.apply(config.activation().apply(fc1.apply(norm2.apply(y)))));
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
    double states = 20.0 * config.width() + 6.0 * config.mlpWidth();
    return 4 * tokens * (states + 4.0 * config.heads() * tokens);
  }
}
