package org.m2ib.clip.hf;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.m2ib.clip.Tap;
import org.m2ib.clip.Weights;

/** The stack of layers of one tower; layer -1 is its input. */
final class Layers {
  private final List<EncoderLayer> layers;
  private final TowerConfig config;

  /**
   * @param tower for example {@code vision_model}
   */
  Layers(Weights weights, String tower, TowerConfig config) {
    this.config = config;
    this.layers =
        IntStream.range(0, config.layers())
            .mapToObj(i -> new EncoderLayer(weights, tower, i, config))
            .toList();
  }

  int count() {
    return layers.size();
  }

  /** Layers 0 to {@code layer}: (B, T, D) to (B, T, D). */
  NDArray upTo(NDArray x, int layer, NDArray mask) {
    return between(x, -1, layer, mask);
  }

  /** All layers behind {@code layer}, each in full, with a tap: (B, T, D) to (B, T, D). */
  NDArray tapped(NDArray x, int layer, NDArray mask, Tap tap) {
    requireLayer(layer);
    for (EncoderLayer l : layers.subList(layer + 1, layers.size())) {
      x = l.apply(x, mask, tap);
    }
    return x;
  }

  /** The layers behind {@code from}, up to and with {@code to}: (B, T, D) to (B, T, D). */
  NDArray between(NDArray x, int from, int to, NDArray mask) {
    requireLayer(from);
    requireLayer(to);
    for (EncoderLayer l : layers.subList(from + 1, to + 1)) {
      x = l.apply(x, mask, Tap.NONE);
    }
    return x;
  }

  /**
   * The layers behind {@code layer}, of whose result one token is wanted.
   *
   * @param x (B, T, D), all that the token may attend to
   * @param pick takes the token: (B, T, D) to (B, 1, D)
   * @param mask (T, T) added to every layer's scores, or null
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

  /** Of {@link #upTo}. */
  double flopsUpTo(int layer, int tokens) {
    requireLayer(layer);
    return (layer + 1) * EncoderLayer.flops(config, tokens);
  }

  /** Of {@link #after}. */
  double flopsAfter(int layer, int tokens) {
    requireLayer(layer);
    int last = layers.size() - 1;
    return layer == last
        ? 0
        : (last - layer - 1) * EncoderLayer.flops(config, tokens)
            + EncoderLayer.flopsAt(config, tokens);
  }

  /** What a backward pass through {@link #after} needs to be kept. */
  double bytesAfter(int layer, int tokens) {
    requireLayer(layer);
    return Math.max(1, layers.size() - 1 - layer) * EncoderLayer.bytes(config, tokens);
  }

  private void requireLayer(int layer) {
    if (layer < -1 || layer >= layers.size()) {
      throw new IllegalArgumentException(
          "layer " + layer + " of a tower with layers 0 to " + (layers.size() - 1));
    }
  }
}
