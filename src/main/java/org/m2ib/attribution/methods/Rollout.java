package org.m2ib.attribution.methods;

import ai.djl.ndarray.NDArray;
import java.util.function.BiFunction;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.MethodFactory;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.Tap;

/**
 * Attention rollout (Abnar and Zuidema, arXiv 2005.00928, section 3): the product of the layers'
 * attention, half of it the residual path. It is independent of the other side.
 *
 * <pre>
 *   R := (mean over heads of A_l / 2 + identity / 2) R      for each layer l
 *   score = R[pooled, p]
 * </pre>
 */
public final class Rollout extends PairMethod {
  private static final MethodCard CARD =
      new MethodCard(
          "rollout",
          "Attention rollout",
          "attention alone, which does not see the sentence, arXiv 2005.00928",
          false,
          false);

  public static final MethodFactory FACTORY =
      new MethodFactory(CARD, true, (model, settings, manager) -> new Rollout());

  public Rollout() {
    super(CARD.name());
  }

  @Override
  double[][] map(Pair pair) {
    return pair.image()
        .grid(
            scores(pair.imageHidden(-1), 0, (h, tap) -> pair.imageEncoder().tapped(h, -1, tap)),
            -1);
  }

  @Override
  double[] tokens(Pair pair) {
    return scores(
        pair.textHidden(-1),
        pair.pooled(),
        (h, tap) -> pair.textEncoder().tapped(h, pair.tokens(), -1, tap));
  }

  @Override
  public double flops(ImageEncoder image) {
    return image.prefixFlops(-1) + image.tappedFlops(-1);
  }

  private static double[] scores(NDArray h, int pooled, BiFunction<NDArray, Tap, NDArray> run) {
    NDArray identity = h.getManager().eye((int) h.getShape().get(1));
    NDArray rolled = identity;
    for (NDArray attention : Attention.of(h, run)) {
      rolled = attention.mean(new int[] {1}).squeeze(0).add(identity).mul(0.5f).matMul(rolled);
    }
    return Values.of(rolled.get(pooled));
  }
}
