package org.m2ib.clip.families.medclip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.Weights;
import org.m2ib.clip.layers.Activation;
import org.m2ib.clip.layers.LayerNorm;
import org.m2ib.clip.layers.Linear;
import org.m2ib.engine.Autograd;
import org.m2ib.engine.Script;

/**
 * One block of a Swin transformer (arXiv 2103.14030, section 3.2): attention within windows,
 * shifted by half a window in every other block. Shapes: B images, G rows and columns of cells, C
 * width, W windows, N cells per window, H heads.
 */
final class SwinBlock {
  private static final float EPSILON = 1e-5f;

  /** Added to the scores between cells that only the shift brought together, as published. */
  private static final float APART = -100;

  private final int grid;
  private final int window;
  private final int heads;
  private final LayerNorm before;
  private final LayerNorm after;
  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Linear out;
  private final Linear fc1;
  private final Linear fc2;
  private final NDArray bias;
  private final Script rollForward;
  private final Script rollBack;

  /**
   * @param name prefix of the tensor names, for example {@code encoder.layers.0.blocks.1.}
   * @param grid G
   * @param moved whether its windows are shifted; a single window is never shifted
   */
  SwinBlock(Weights weights, String name, int grid, boolean moved) {
    String self = name + "attention.self.";
    int rows = weights.size(self + "relative_position_bias_table", 2, 0);
    int c = weights.size(self + "query.weight", 2, 0);
    int m = weights.size(name + "intermediate.dense.weight", 2, 0);
    this.grid = grid;
    this.window = Math.min(grid, ((int) Math.round(Math.sqrt(rows)) + 1) / 2);
    this.heads = weights.size(self + "relative_position_bias_table", 2, 1);
    this.before = LayerNorm.load(weights, name + "layernorm_before", c, EPSILON);
    this.after = LayerNorm.load(weights, name + "layernorm_after", c, EPSILON);
    this.query = Linear.load(weights, self + "query", c, c);
    this.key = Linear.load(weights, self + "key", c, c);
    this.value = Linear.load(weights, self + "value", c, c);
    this.out = Linear.load(weights, name + "attention.output.dense", c, c);
    this.fc1 = Linear.load(weights, name + "intermediate.dense", m, c);
    this.fc2 = Linear.load(weights, name + "output.dense", c, m);
    weights.ignore(self + "relative_position_index"); // follows from the window size
    if (grid % window != 0) {
      throw ModelException.ofTensor(
          name,
          "relative_position_bias_table",
          "has windows of %d positions, which do not fill a grid of %d".formatted(window, grid));
    }
    int shift = moved && grid > window ? window / 2 : 0;
    NDArray table = weights.take(self + "relative_position_bias_table", rows, heads);
    this.bias = bias(table, shift);
    this.rollForward = shift == 0 ? null : roll(-shift);
    this.rollBack = shift == 0 ? null : roll(shift);
  }

  private static Script roll(int by) {
    return new Script("x: Tensor", "torch.roll(x, [%d, %d], [1, 2])".formatted(by, by));
  }

  int width() {
    return query.out();
  }

  int grid() {
    return grid;
  }

  /** Applies the block to (B, G * G, C). */
  NDArray apply(NDArray x) {
    NDArray y = x.add(out.apply(attention(before.apply(x))));
    return Activation.GELU.mlp(y, after.apply(y), fc1, fc2);
  }

  private NDArray attention(NDArray x) {
    int c = width();
    NDArray places = x.reshape(-1, grid, grid, c);
    NDArray windows =
        windows(rollForward == null ? places : rollForward.apply(places)); // (B, W, N, C)
    NDArray q = heads(query.apply(windows)); // (B, W, H, N, K)
    q = q.mul(Autograd.constant(q, (float) Math.sqrt((double) heads / c)));
    NDArray scores = q.matMul(heads(key.apply(windows)).transpose(0, 1, 2, 4, 3)).add(bias);
    NDArray mixed = scores.softmax(-1).matMul(heads(value.apply(windows))); // (B, W, H, N, K)
    NDArray y = places(mixed.transpose(0, 1, 3, 2, 4)); // (B, G, G, C)
    return (rollBack == null ? y : rollBack.apply(y)).reshape(x.getShape());
  }

  /** (B, G, G, C) to (B, W, N, C). */
  private NDArray windows(NDArray x) {
    int side = grid / window;
    return x.reshape(-1, side, window, side, window, width())
        .transpose(0, 1, 3, 2, 4, 5)
        .reshape(-1, (long) side * side, (long) window * window, width());
  }

  /** (B, W, N, H, K) to (B, G, G, C). */
  private NDArray places(NDArray x) {
    int side = grid / window;
    return x.reshape(-1, side, side, window, window, width())
        .transpose(0, 1, 3, 2, 4, 5)
        .reshape(-1, grid, grid, width());
  }

  /** (B, W, N, C) to (B, W, H, N, K). */
  private NDArray heads(NDArray x) {
    Shape s = x.getShape();
    return x.reshape(s.get(0), s.get(1), s.get(2), heads, -1).transpose(0, 1, 3, 2, 4);
  }

  /**
   * Returns what is added to the scores: the learnt relative position bias, and the mask of cells
   * that are not neighbours.
   *
   * @return (1 or W, H, N, N)
   */
  private NDArray bias(NDArray table, int shift) {
    NDManager manager = table.getManager();
    int n = window * window;
    int reach = (int) Math.round((Math.sqrt(table.getShape().get(0)) + 1) / 2);
    int[] index = new int[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        int dy = i / window - j / window + reach - 1;
        int dx = i % window - j % window + reach - 1;
        index[i * n + j] = dy * (2 * reach - 1) + dx;
      }
    }
    NDArray rows = manager.create(index).toType(DataType.INT64, false);
    NDArray learnt =
        table.get(new NDIndex("{}", rows)).reshape(n, n, heads).transpose(2, 0, 1).expandDims(0);
    return shift == 0 ? learnt.duplicate() : learnt.add(apart(manager, shift));
  }

  /** Returns the mask, (W, 1, N, N). */
  private NDArray apart(NDManager manager, int shift) {
    int side = grid / window;
    int n = window * window;
    float[] apart = new float[side * side * n * n];
    for (int w = 0; w < side * side; w++) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          boolean together = region(w, i, shift) == region(w, j, shift);
          apart[(w * n + i) * n + j] = together ? 0 : APART;
        }
      }
    }
    return manager.create(apart, new Shape((long) side * side, 1, n, n));
  }

  /** Returns which of the nine regions of the shifted image a cell of a window comes from. */
  private int region(int w, int place, int shift) {
    int side = grid / window;
    int y = w / side * window + place / window;
    int x = w % side * window + place % window;
    return 3 * part(y, shift) + part(x, shift);
  }

  private int part(int at, int shift) {
    return at < grid - window ? 0 : at < grid - shift ? 1 : 2;
  }

  /** Returns the FLOPs (two per multiply-add) per image. */
  double flops() {
    double c = width();
    double places = (double) grid * grid;
    double m = fc1.out();
    return 2 * places * (4 * c * c + 2 * c * m + 2 * c * window * window);
  }

  /** Returns the bytes of float32 tensors that a backward pass keeps or creates, per image. */
  double bytes() {
    double m = fc1.out();
    double scores = 4.0 * heads * window * window;
    return 4.0 * grid * grid * (14 * width() + 4 * m + scores);
  }
}
