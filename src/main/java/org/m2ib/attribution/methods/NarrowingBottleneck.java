package org.m2ib.attribution.methods;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.MethodFactory;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.engine.Autograd;

/**
 * NIB, the narrowing information bottleneck (arXiv 2502.14889): the state h behind a layer is
 * scaled up step by step, without noise, and the gain in similarity is accumulated.
 *
 * <pre>
 *   z_i   = (i / n) h                              i = 1 .. n
 *   score = sum_c h_c (1 / n) sum_i ds / dz_i,c    for each token; signed
 * </pre>
 *
 * This follows its published code and is the path integral of the gradients along h. The published
 * layer 9 is the input of layer 9, here 8.
 */
public final class NarrowingBottleneck extends PairMethod {
  private static final MethodCard CARD =
      new MethodCard(
          "nib",
          "NIB",
          "narrowing information bottleneck one layer before the given one, arXiv 2502.14889",
          MethodCard.ARBITRARY,
          true,
          true,
          false);

  public static final MethodFactory FACTORY =
      new MethodFactory(
          CARD,
          (model, settings, manager) ->
              new NarrowingBottleneck(settings.layer() - 1, settings.steps()));

  private final int layer;
  private final int steps;

  /**
   * @param layer whose state is scaled; -1: the embedding's
   * @param steps n; published: 10
   */
  public NarrowingBottleneck(int layer, int steps) {
    super(CARD.name());
    this.layer = layer;
    this.steps = steps;
  }

  @Override
  double[][] map(Pair pair) {
    NDArray h = pair.imageHidden(layer);
    int all = (int) h.getShape().get(1);
    return pair.image().grid(scores(h, all, z -> pair.imageFit(z, layer)), layer);
  }

  @Override
  double[] tokens(Pair pair) {
    return scores(pair.textHidden(layer), pair.tokens().size(), z -> pair.textFit(z, layer));
  }

  @Override
  public double flops(ImageEncoder image) {
    return image.prefixFlops(layer) + 2 * steps * image.suffixFlops(layer);
  }

  /**
   * @param own tokens, the first of T; rows after them are not scaled
   */
  private double[] scores(NDArray h, int own, UnaryOperator<NDArray> fit) {
    int t = (int) h.getShape().get(1);
    float[] shares = new float[steps * t];
    Arrays.fill(shares, 1);
    for (int i = 0; i < steps; i++) {
      Arrays.fill(shares, i * t, i * t + own, (i + 1f) / steps);
    }
    NDArray path = h.getManager().create(shares, new Shape(steps, t, 1)).mul(h); // (n, T, D)
    NDArray gradient = Autograd.of(path, fit).gradient().mean(new int[] {0}, true);
    return Values.of(gradient.mul(h).sum(new int[] {0, 2}));
  }
}
