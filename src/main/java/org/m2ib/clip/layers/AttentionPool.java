package org.m2ib.clip.layers;

import ai.djl.ndarray.NDArray;

/**
 * SigLIP's head: a learnt query attends to all tokens, followed by an MLP (multihead attention
 * pooling, arXiv 2205.01580, section 3.1). There is no class token.
 */
public final class AttentionPool implements ImagePool {
  private final LayerNorm norm;
  private final Layers.Form form;
  private final Layers.Parts parts;
  private final OneQuery one;
  private final NDArray absorbed;

  /**
   * @param norm norm of the last layer's output
   * @param probe the learnt query, (1, D)
   * @param parts norm2 is the MLP's; norm1 is not used
   */
  public AttentionPool(LayerNorm norm, NDArray probe, Layers.Form form, Layers.Parts parts) {
    this.norm = norm;
    this.form = form;
    this.parts = parts;
    this.one = new OneQuery(form.heads(), parts.key(), parts.value());
    this.absorbed = one.absorbed(parts.query().apply(probe)); // (1, D, H)
  }

  @Override
  public int prefixTokens() {
    return 0;
  }

  @Override
  public NDArray after(Layers layers, NDArray hidden, int layer) {
    NDArray x = norm.apply(layers.between(hidden, layer, layers.count() - 1, null)); // (B, T, D)
    NDArray y = parts.out().apply(one.attend(x, absorbed, null)); // (B, D)
    return form.activation().mlp(y, parts.norm2().apply(y), parts.fc1(), parts.fc2());
  }

  @Override
  public double flops(Layers layers, int layer, int tokens) {
    double d = width();
    return layers.flopsUpTo(layers.count() - 1, tokens)
        - layers.flopsUpTo(layer, tokens)
        + one.flops(tokens)
        + 2 * (d * d + 2 * d * parts.fc1().out());
  }

  @Override
  public int width() {
    return parts.out().out();
  }
}
