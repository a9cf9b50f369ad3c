package org.m2ib.attribution.methods;

import ai.djl.ndarray.NDArray;
import java.util.function.UnaryOperator;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.MethodFactory;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.engine.Autograd;

/**
 * Gradient times activation of a layer's output, summed over channels without pooling the gradient.
 * The published evaluations of M2IB and NIB call this Grad-CAM.
 *
 * <pre>
 *   score = ReLU(sum_c ds / dh[p, c] h[p, c])
 * </pre>
 */
public final class GradientTimesActivation extends PairMethod {
  private static final MethodCard CARD =
      new MethodCard(
          "gradient-times-activation",
          "Gradient times activation",
          "gradient times hidden state, not pooled",
          true,
          false);

  public static final MethodFactory FACTORY =
      new MethodFactory(
          CARD, (model, settings, manager) -> new GradientTimesActivation(settings.layer()));

  private final int layer;

  public GradientTimesActivation(int layer) {
    super(CARD.name());
    this.layer = layer;
  }

  @Override
  double[][] map(Pair pair) {
    return pair.image().grid(scores(pair.imageHidden(layer), h -> pair.imageFit(h, layer)), layer);
  }

  @Override
  double[] tokens(Pair pair) {
    return scores(pair.textHidden(layer), h -> pair.textFit(h, layer));
  }

  /** The state is available already: it is that of the layer at which the image tower is cut. */
  @Override
  public double flops(ImageEncoder image) {
    return 2 * image.suffixFlops(layer);
  }

  private static double[] scores(NDArray h, UnaryOperator<NDArray> fit) {
    double[] scores = Values.of(Autograd.of(h, fit).gradient().mul(h).sum(new int[] {2}));
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Math.max(0, scores[i]);
    }
    return scores;
  }
}
