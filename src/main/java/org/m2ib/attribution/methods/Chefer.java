package org.m2ib.attribution.methods;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.function.BiFunction;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.MethodFactory;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.Tap;
import org.m2ib.engine.Autograd;

/**
 * The relevance of Chefer, Gur and Wolf (ICCV 2021, equations 5 and 6): attention times its
 * gradient, rolled out over the layers.
 *
 * <pre>
 *   R := identity
 *   R := R + mean over heads of max(A_l * ds / dA_l, 0) R      for each layer l
 *   score = R[pooled, p]
 * </pre>
 */
public final class Chefer extends PairMethod {
  private static final MethodCard CARD =
      new MethodCard(
          "chefer",
          "Chefer",
          "attention times its gradient over all layers, Chefer et al., ICCV 2021",
          false,
          false);

  public static final MethodFactory FACTORY =
      new MethodFactory(CARD, true, (model, settings, manager) -> new Chefer(0));

  private final int start;

  /**
   * @param start first layer used; the published evaluations of M2IB and NIB use only the last
   */
  public Chefer(int start) {
    super(CARD.name());
    this.start = start;
  }

  @Override
  double[][] map(Pair pair) {
    return pair.image()
        .grid(
            scores(
                pair.imageHidden(-1),
                pair.imageEncoder().layers(),
                0,
                (h, tap) -> pair.imageFit(pair.imageEncoder().tapped(h, -1, tap))),
            -1);
  }

  @Override
  double[] tokens(Pair pair) {
    return scores(
        pair.textHidden(-1),
        pair.textEncoder().layers(),
        pair.pooled(),
        (h, tap) -> pair.textFit(pair.textEncoder().tapped(h, pair.tokens(), -1, tap)));
  }

  /** One pass to record the attention, one with its gradient. */
  @Override
  public double flops(ImageEncoder image) {
    return image.prefixFlops(-1) + 3 * image.tappedFlops(-1);
  }

  private double[] scores(
      NDArray h, int layers, int pooled, BiFunction<NDArray, Tap, NDArray> fit) {
    NDManager manager = h.getManager();
    NDList attention = Attention.of(h, fit);
    Shape shape = attention.head().getShape(); // (1, H, T, T)
    NDArray nothing = manager.zeros(new Shape(layers).addAll(shape)); // (L, 1, H, T, T)
    NDArray gradient =
        Autograd.of(
                nothing,
                change ->
                    fit.apply(
                        h,
                        (layer, point, value) ->
                            point == Tap.Point.ATTENTION ? value.add(change.get(layer)) : value))
            .gradient();
    NDArray positive = NDArrays.stack(attention).mul(gradient).maximum(0).mean(new int[] {2});
    NDArray relevance = manager.eye((int) shape.get(2)); // (T, T)
    for (int layer = start; layer < layers; layer++) {
      relevance = relevance.add(positive.get(layer).squeeze(0).matMul(relevance));
    }
    return Values.of(relevance.get(pooled));
  }
}
