package org.m2ib.attribution.methods;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.MethodFactory;
import org.m2ib.attribution.Upsampling;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.engine.CounterRng;

/**
 * RISE (Petsiuk et al., arXiv 1806.07421, equation 6): the mean of random masks, each weighted by
 * the similarity of the masked image. Masks: a grid of cells that are open with probability p,
 * enlarged bilinearly to one cell more than needed, and cropped at a random offset.
 *
 * <pre>
 *   score = 1 / (p N) sum_m s(x * M_m) M_m      mean over each patch's pixels
 * </pre>
 *
 * No text side.
 */
public final class Rise extends PairMethod {
  /** A quarter of the published 4000: what a processor without a GPU computes in seconds. */
  public static final int MASKS = 1000;

  public static final int CELLS = 7;
  public static final double OPEN = 0.5;
  private static final int TOGETHER = 20;

  private static final MethodCard CARD =
      new MethodCard(
          "rise", "RISE", "similarity under random masks, arXiv 1806.07421", false, true);

  public static final MethodFactory FACTORY =
      new MethodFactory(
          CARD,
          (model, settings, manager) -> new Rise(MASKS, CELLS, OPEN, settings.seed() + "/vision"));

  private final int masks;
  private final int cells;
  private final double open;
  private final String seed;

  /**
   * @param masks N
   * @param cells per side
   * @param open p
   * @param seed of the masks
   */
  public Rise(int masks, int cells, double open, String seed) {
    super(CARD.name());
    this.masks = masks;
    this.cells = cells;
    this.open = open;
    this.seed = seed;
  }

  @Override
  double[][] map(Pair pair) {
    int size = pair.imageEncoder().imageSize();
    CounterRng uniform = new CounterRng(seed);
    double[] map = new double[size * size];
    for (int from = 0; from < masks; from += TOGETHER) {
      int n = Math.min(TOGETHER, masks - from);
      float[] maskValues = new float[n * size * size];
      for (int i = 0; i < n; i++) {
        mask(uniform, from + i, size, maskValues, i * size * size);
      }
      try (NDManager step = pair.manager().newSubManager()) {
        NDArray batch = step.create(maskValues, new Shape(n, 1, size, size));
        float[] s =
            pair.imageFit(pair.imageEncoder().embed(batch.mul(pair.image().pixels())))
                .toFloatArray();
        for (int i = 0; i < maskValues.length; i++) {
          map[i % map.length] += s[i / map.length] * maskValues[i] / (open * masks);
        }
      }
    }
    return Values.patches(map, pair.imageEncoder().gridRows(), pair.imageEncoder().gridColumns());
  }

  @Override
  public double flops(ImageEncoder image) {
    return masks * image.embedFlops();
  }

  private void mask(CounterRng uniform, int number, int size, float[] into, int at) {
    int cell = (size + cells - 1) / cells;
    long base = (long) number * (cells * cells + 2);
    double[][] grid = new double[cells][cells];
    for (int j = 0; j < cells * cells; j++) {
      grid[j / cells][j % cells] = uniform.at(base + j) < open ? 1 : 0;
    }
    int down = (int) (uniform.at(base + cells * cells) * cell);
    int right = (int) (uniform.at(base + cells * cells + 1) * cell);
    double width = (cells + 1) * cell;
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        into[at + y * size + x] =
            (float) Upsampling.at(grid, (y + down + 0.5) / width, (x + right + 0.5) / width);
      }
    }
  }
}
