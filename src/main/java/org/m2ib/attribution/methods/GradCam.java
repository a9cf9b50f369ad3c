package org.m2ib.attribution.methods;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.MethodFactory;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.engine.Autograd;

/**
 * Grad-CAM (arXiv 1610.02391, equations 1 and 2) on the last activation a that has a gradient: the
 * output of the last block or, if a class token is pooled, its input, because the patches of its
 * output have no gradient.
 *
 * <pre>
 *   alpha_c = mean over patches of ds / da[p, c]
 *   score   = ReLU(sum_c alpha_c a[p, c])
 * </pre>
 *
 * No text side: a sentence has no feature map.
 */
public final class GradCam extends PairMethod {
  private static final MethodCard CARD =
      new MethodCard(
          "grad-cam",
          "Grad-CAM",
          "pooled gradient times what enters the last block, arXiv 1610.02391",
          false,
          false);

  public static final MethodFactory FACTORY =
      new MethodFactory(CARD, (model, settings, manager) -> of(model.image()));

  private final int layer;

  /**
   * @param layer whose output is a
   */
  public GradCam(int layer) {
    super(CARD.name());
    this.layer = layer;
  }

  /** On the last activation that has a gradient. */
  public static GradCam of(ImageEncoder image) {
    return new GradCam(image.layers() - 1 - image.prefixTokens());
  }

  @Override
  double[][] map(Pair pair) {
    NDArray h = pair.imageHidden(layer);
    NDArray gradient = Autograd.of(h, x -> pair.imageFit(x, layer)).gradient();
    int first = pair.imageEncoder().prefixTokens();
    NDArray alpha = gradient.get(new NDIndex(":, {}:", first)).mean(new int[] {1}, true);
    double[] scores = Values.of(h.mul(alpha).sum(new int[] {2}));
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Math.max(0, scores[i]);
    }
    return pair.image().grid(scores, layer);
  }

  @Override
  public double flops(ImageEncoder image) {
    return image.prefixFlops(layer) + 2 * image.suffixFlops(layer);
  }
}
