package org.m2ib.attribution.peers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import org.m2ib.clip.Autograd;
import org.m2ib.clip.ImageEncoder;

/**
 * Grad-CAM (arXiv 1610.02391, equations 1 and 2) on the state a that enters the last block. A ViT
 * that pools its class token has no gradient at the patches that leave that block, so what enters
 * it is the last activation that has.
 *
 * <pre>
 *   alpha_c = mean over patches of ds / da[p, c]
 *   score   = ReLU(sum_c alpha_c a[p, c])
 * </pre>
 *
 * No text side: a sentence has no feature map.
 */
public final class GradCam extends PairMethod {

  private final int layer;

  /**
   * @param layer whose output a is; that of the last but one enters the last block
   */
  public GradCam(int layer) {
    super("grad-cam");
    this.layer = layer;
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
    return pair.image().grid(scores);
  }

  @Override
  public double flops(ImageEncoder image) {
    return image.frontFlops(layer) + 2 * image.backFlops(layer);
  }
}
