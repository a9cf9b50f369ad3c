package org.m2ib.clip.hf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import org.m2ib.clip.Autograd;
import org.m2ib.clip.Weights;

/**
 * One pre-LayerNorm transformer layer. Shapes: B, T tokens, D width, H heads, K = D / H.
 *
 * <p>{@link #applyAt} gives one token of the layer's output: its query, projection and MLP, and the
 * keys and values of all. A tower that pools one token needs no more of its last layer.
 */
final class EncoderLayer {
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
    return rest(x, query.apply(h), h, mask);
  }

  /**
   * @param x (B, T, D), all that the token attends to
   * @param token its index
   * @return (B, 1, D)
   */
  NDArray applyAt(NDArray x, int token) {
    NDArray h = norm1.apply(x);
    NDIndex at = new NDIndex(":, {}:{}", token, token + 1);
    return rest(x.get(at), query.apply(h.get(at)), h, null);
  }

  private NDArray rest(NDArray x, NDArray q, NDArray h, NDArray mask) {
    double perHead = (double) config.width() / config.heads();
    NDArray scale = Autograd.constant(q, (float) (1 / Math.sqrt(perHead)));
    NDArray scores =
        heads(q.mul(scale)).matMul(heads(key.apply(h)).transpose(0, 1, 3, 2)); // (B, H, Q, T)
    if (mask != null) {
      scores = scores.add(mask);
    }
    NDArray mixed = scores.softmax(-1).matMul(heads(value.apply(h))); // (B, H, Q, K)
    NDArray joined = mixed.transpose(0, 2, 1, 3).reshape(x.getShape()); // (B, Q, D)
    NDArray y = x.add(out.apply(joined));
    return y.add(fc2.apply(config.activation().apply(fc1.apply(norm2.apply(y)))));
  }

  /** (B, T, D) to (B, H, T, K). */
  private NDArray heads(NDArray x) {
    long b = x.getShape().get(0);
    int k = config.width() / config.heads();
    return x.reshape(b, -1, config.heads(), k).transpose(0, 2, 1, 3);
  }

  /** Multiply-adds times two for {@code queries} of {@code tokens} tokens. */
  static double flops(TowerConfig config, int tokens, int queries) {
    double d = config.width();
    double keysAndValues = 2 * d * d * tokens;
    double own = (2 * d * d + 2 * d * config.mlpWidth()) * queries;
    return 2 * (keysAndValues + own + 2 * d * tokens * queries);
  }
}
