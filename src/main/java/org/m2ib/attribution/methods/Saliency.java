package org.m2ib.attribution.methods;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.function.UnaryOperator;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.MethodFactory;
import org.m2ib.attribution.Noise;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.engine.Autograd;

/**
 * The gradient of s. Plain: saliency (Simonyan et al., arXiv 1312.6034, section 3). Averaged over
 * noisy copies: SmoothGrad (Smilkov et al., arXiv 1706.03825, equation 1), with sigma relative to
 * the input's range and signed gradients.
 *
 * <p>Image: the maximum absolute value over channels, averaged over each patch's pixels. Text: the
 * norm of the gradient at each embedded token. Noise streams: {@code seed/vision}, {@code
 * seed/text}.
 */
public final class Saliency extends PairMethod {
  /** SmoothGrad as published: 50 samples, a share of 0.15. */
  public static final int SAMPLES = 50;

  public static final double SHARE = 0.15;
  private static final int TOGETHER = 10;

  private static final MethodCard CARD =
      new MethodCard(
          "saliency", "Saliency", "gradient at the pixels, arXiv 1312.6034", false, false);

  public static final MethodFactory FACTORY =
      new MethodFactory(CARD, (model, settings, manager) -> plain());

  private static final MethodCard SMOOTH_CARD =
      new MethodCard(
          "smoothgrad",
          "SmoothGrad",
          "gradient at the pixels over noisy copies, arXiv 1706.03825",
          false,
          true);

  public static final MethodFactory SMOOTH_FACTORY =
      new MethodFactory(
          SMOOTH_CARD, (model, settings, manager) -> smooth(SAMPLES, SHARE, settings.seed()));

  private final int samples;
  private final double share;
  private final String seed;

  private Saliency(String name, int samples, double share, String seed) {
    super(name);
    this.samples = samples;
    this.share = share;
    this.seed = seed;
  }

  public static Saliency plain() {
    return new Saliency(CARD.name(), 0, 0, "");
  }

  public static Saliency smooth(int samples, double share, String seed) {
    return new Saliency(SMOOTH_CARD.name(), samples, share, seed);
  }

  @Override
  double[][] map(Pair pair) {
    NDArray pixels =
        gradient(pair.pixels(), "/vision", x -> pair.imageFit(pair.imageEncoder().embed(x)));
    double[] map = Values.of(pixels.abs().squeeze(0).max(new int[] {0}));
    return Values.patches(map, pair.imageEncoder().gridRows(), pair.imageEncoder().gridColumns());
  }

  @Override
  double[] tokens(Pair pair) {
    NDArray words = gradient(pair.textHidden(-1), "/text", h -> pair.textFit(h, -1));
    return Values.of(words.square().sum(new int[] {0, 2}).sqrt());
  }

  @Override
  public double flops(ImageEncoder image) {
    return 2 * Math.max(1, samples) * image.embedFlops();
  }

  private NDArray gradient(NDArray x, String side, UnaryOperator<NDArray> fit) {
    if (samples == 0) {
      return Autograd.of(x, fit).gradient();
    }
    NDManager manager = x.getManager();
    float sigma = (float) (share * (x.max().getFloat() - x.min().getFloat()));
    NDArray sum = manager.zeros(x.getShape());
    try (Noise noise = new Noise(manager, seed + side)) {
      NDArray all = noise.ofShape(manager, new Shape(samples).addAll(row(x.getShape())));
      for (int from = 0; from < samples; from += TOGETHER) {
        try (NDManager step = manager.newSubManager()) {
          NDArray part =
              all.get(step, new NDIndex("{}:{}", from, Math.min(samples, from + TOGETHER)));
          NDArray noisy = part.mul(sigma).add(x);
          sum.addi(Autograd.of(noisy, fit).gradient().sum(new int[] {0}, true));
        }
      }
    }
    return sum.div(samples);
  }

  private static Shape row(Shape shape) {
    return shape.slice(1);
  }
}
