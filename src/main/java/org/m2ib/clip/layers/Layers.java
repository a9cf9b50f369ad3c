package org.m2ib.clip.layers;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.m2ib.clip.Tap;

/** A tower's stack of identical transformer layers. Layer -1 is its input. */
public final class Layers {
  private final List<EncoderLayer> layers;

  /**
   * Properties that all layers of a tower share.
   *
   * @param heads number of attention heads; divides the width
   * @param normFirst whether a layer normalises its input (CLIP, ViT) or its output (BERT)
   */
  public record Form(int heads, Activation activation, boolean normFirst) {

    /**
     * Returns the default number of heads of a layout that does not give it: one per 64 of the
     * width.
     */
    public static int heads(int width) {
      return Math.max(1, width / 64);
    }

    /** (B, T, D) to (B, H, T, D / H). */
    NDArray split(NDArray x) {
      long width = x.getShape().get(2);
      return x.reshape(x.getShape().get(0), -1, heads, width / heads).transpose(0, 2, 1, 3);
    }
  }

  /**
   * The weights of one layer. D width, M width of the MLP.
   *
   * @param norm1 norm of the attention, (D)
   * @param norm2 norm of the MLP, (D)
   * @param query (D, D), as are key, value and out
   * @param fc1 (M, D)
   * @param fc2 (D, M)
   */
  public record Parts(
      LayerNorm norm1,
      LayerNorm norm2,
      Linear query,
      Linear key,
      Linear value,
      Linear out,
      Linear fc1,
      Linear fc2) {}

  /**
   * @param parts weights of at least one layer
   */
  public Layers(Form form, List<Parts> parts) {
    this.layers =
        IntStream.range(0, parts.size())
            .mapToObj(i -> new EncoderLayer(i, form, parts.get(i)))
            .toList();
  }

  public int count() {
    return layers.size();
  }

  /** Returns D. */
  public int width() {
    return layers.get(0).width();
  }

  /** Runs layers 0 to {@code layer}: (B, T, D) to (B, T, D). */
  NDArray upTo(NDArray x, int layer, NDArray mask) {
    return between(x, -1, layer, mask);
  }

  /** Runs all layers after {@code layer} on all tokens, with a tap: (B, T, D) to (B, T, D). */
  NDArray tapped(NDArray x, int layer, NDArray mask, Tap tap) {
    requireLayer(layer);
    for (EncoderLayer l : layers.subList(layer + 1, layers.size())) {
      x = l.apply(x, mask, tap);
    }
    return x;
  }

  /** Runs the layers after {@code from}, up to and including {@code to}: (B, T, D) to (B, T, D). */
  public NDArray between(NDArray x, int from, int to, NDArray mask) {
    requireLayer(from);
    requireLayer(to);
    for (EncoderLayer l : layers.subList(from + 1, to + 1)) {
      x = l.apply(x, mask, Tap.NONE);
    }
    return x;
  }

  /**
   * Runs the layers after {@code layer} and returns one token of the result.
   *
   * @param x (B, T, D), all tokens that may be attended to
   * @param pick selects the token: (B, T, D) to (B, 1, D)
   * @param mask added to the scores of every layer, (T, T) or (B, 1, 1, T), or null
   * @param own the token's row of the mask, (B, 1, T), or null
   * @return (B, D)
   */
  NDArray after(NDArray x, int layer, UnaryOperator<NDArray> pick, NDArray mask, NDArray own) {
    requireLayer(layer);
    int last = layers.size() - 1;
    if (layer == last) {
      return pick.apply(x).squeeze(1);
    }
    for (EncoderLayer l : layers.subList(layer + 1, last)) {
      x = l.apply(x, mask, Tap.NONE);
    }
    return layers.get(last).applyAt(x, pick, own);
  }

  /** Returns the FLOPs of {@link #upTo}. */
  double flopsUpTo(int layer, int tokens) {
    requireLayer(layer);
    return (layer + 1) * layers.get(0).flops(tokens);
  }

  /** Returns the FLOPs of {@link #after}. */
  double flopsAfter(int layer, int tokens) {
    requireLayer(layer);
    int last = layers.size() - 1;
    return layer == last
        ? 0
        : (last - layer - 1) * layers.get(0).flops(tokens) + layers.get(0).flopsAt(tokens);
  }

  /** Returns the FLOPs of all layers after {@code layer} on all tokens. */
  public double flops(int layer, int tokens) {
    return flopsUpTo(layers.size() - 1, tokens) - flopsUpTo(layer, tokens);
  }

  /** Returns the bytes that a backward pass through {@link #after} keeps. */
  double bytesAfter(int layer, int tokens) {
    requireLayer(layer);
    return Math.max(1, layers.size() - 1 - layer) * layers.get(0).bytes(tokens);
  }

  private void requireLayer(int layer) {
    if (layer < -1 || layer >= layers.size()) {
      throw new IllegalArgumentException(
          "layer " + layer + " of a tower with layers 0 to " + (layers.size() - 1));
    }
  }
}
