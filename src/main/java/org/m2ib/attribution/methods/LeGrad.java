package org.m2ib.attribution.methods;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.Arrays;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.MethodFactory;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.Tap;
import org.m2ib.engine.Autograd;

/**
 * LeGrad (arXiv 2404.03214, ICCV 2025): how much a layer's attention to a patch would raise the
 * similarity of that layer's own output, the mean of its tokens read as if it were pooled.
 *
 * <pre>
 *   s_l   = similarity of the mean over tokens of layer l's output
 *   score = mean over layers, heads and queries of max(ds_l / dA_l[query, p], 0)
 * </pre>
 *
 * Each layer's gradient ends at its own attention. Published for image towers, so no text side.
 */
public final class LeGrad extends PairMethod {
  private static final MethodCard CARD =
      new MethodCard(
          "legrad",
          "LeGrad",
          "gradient of each layer's own output with respect to its attention, arXiv 2404.03214",
          false,
          false);

  public static final MethodFactory FACTORY =
      new MethodFactory(CARD, true, (model, settings, manager) -> new LeGrad(2, settings.layer()));

  private final int layers;
  private final int kept;

  /**
   * @param layers number of the tower's last layers; default of the published code: 2
   * @param kept layer behind which an embedded image's state exists already; only for the cost
   */
  public LeGrad(int layers, int kept) {
    super(CARD.name());
    this.layers = layers;
    this.kept = kept;
  }

  @Override
  double[][] map(Pair pair) {
    ImageEncoder encoder = pair.imageEncoder();
    int before = before(encoder);
    int last = encoder.layers() - 1;
    NDArray h = pair.imageHidden(before);
    NDList attention = new NDList();
    NDList fits = new NDList();
    Tap tap =
        (layer, point, value) -> {
          if (point == Tap.Point.ATTENTION) {
            NDArray leaf = value.stopGradient(); // (1, H, T, T)
            leaf.setRequiresGradient(true);
            attention.add(leaf);
            return leaf;
          }
          if (point == Tap.Point.OUTPUT) {
            fits.add(pair.imageFit(value.mean(new int[] {1}, true), last));
            return value.stopGradient();
          }
          return value;
        };
    Autograd.backward(
        () -> {
          encoder.tapped(h, before, tap);
          return fits.stream().reduce(NDArray::add).orElseThrow();
        });
    double[] scores = new double[encoder.tokens(last)];
    for (NDArray leaf : attention) {
      NDArray positive = leaf.getGradient().maximum(0); // (1, H, T, T)
      double[] own = Values.of(positive.mean(new int[] {1}).mean(new int[] {1}));
      Arrays.setAll(scores, p -> scores[p] + own[p] / attention.size());
    }
    return pair.image().grid(scores, last);
  }

  /** One pass there and back; each layer's output is also projected. */
  @Override
  public double flops(ImageEncoder image) {
    int before = before(image);
    int last = image.layers() - 1;
    return (before == kept ? 0 : image.prefixFlops(before))
        + 2 * (image.tappedFlops(before) + (last - before) * image.suffixFlops(last));
  }

  private int before(ImageEncoder image) {
    return image.layers() - 1 - Math.min(layers, image.layers());
  }
}
