package org.m2ib.attribution.methods;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.MethodFactory;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.Tap;
import org.m2ib.engine.Autograd;

/**
 * Grad-ECLIP (arXiv 2502.18816; ICML 2024, as in its published code): the values of the last layers
 * weighted by the gradient of the pooled token's mixed value m, and by a loosened attention.
 *
 * <pre>
 *   w_c   = ds / dm[pooled, c]
 *   l_p   = cosine(q[pooled], k[p]), scaled to [0, 1] over the tokens that count
 *   score = ReLU(sum over layers and c of w_c l_p v[p, c])
 * </pre>
 *
 * Tokens that count: an image's patches; all of a sentence's.
 */
public final class GradEclip extends PairMethod {
  private static final MethodCard CARD =
      new MethodCard(
          "grad-eclip",
          "Grad-ECLIP",
          "values weighted by gradient and loosened attention, arXiv 2502.18816",
          false,
          false);

  public static final MethodFactory FACTORY =
      new MethodFactory(CARD, true, (model, settings, manager) -> new GradEclip(1, 8));

  private static final float COSINE_EPSILON = 1e-6f;

  private final int imageLayers;
  private final int textLayers;

  /**
   * @param imageLayers number of the image tower's last layers; published: 1
   * @param textLayers number of the text tower's; published: 8
   */
  public GradEclip(int imageLayers, int textLayers) {
    super(CARD.name());
    this.imageLayers = imageLayers;
    this.textLayers = textLayers;
  }

  @Override
  double[][] map(Pair pair) {
    int layers = pair.imageEncoder().layers();
    int first = firstLayer(layers, imageLayers);
    return pair.image()
        .grid(
            scores(
                pair.imageHidden(first - 1),
                first,
                layers,
                0,
                pair.imageEncoder().prefixTokens(),
                (h, tap) -> pair.imageFit(pair.imageEncoder().tapped(h, first - 1, tap))),
            layers - 1);
  }

  @Override
  double[] tokens(Pair pair) {
    int layers = pair.textEncoder().layers();
    int first = firstLayer(layers, textLayers);
    return scores(
        pair.textHidden(first - 1),
        first,
        layers,
        pair.pooled(),
        0,
        (h, tap) -> pair.textFit(pair.textEncoder().tapped(h, pair.tokens(), first - 1, tap)));
  }

  @Override
  public double flops(ImageEncoder image) {
    int before = firstLayer(image.layers(), imageLayers) - 1;
    return image.prefixFlops(before) + 2 * image.tappedFlops(before);
  }

  /** First of this many last layers. */
  private static int firstLayer(int layers, int last) {
    return layers - Math.min(last, layers);
  }

  /**
   * @param h (1, T, D), the input of layer {@code from}
   * @param from first layer
   * @param to one past the last
   * @param pooled token
   * @param first token that counts
   */
  private static double[] scores(
      NDArray h, int from, int to, int pooled, int first, BiFunction<NDArray, Tap, NDArray> fit) {
    Map<Tap.Point, NDList> tapped = new EnumMap<>(Tap.Point.class);
    NDArray nothing = h.getManager().zeros(new Shape(to - from).addAll(h.getShape()));
    NDArray gradient =
        Autograd.of(
                nothing,
                change ->
                    fit.apply(
                        h,
                        (layer, point, value) -> {
                          tapped.computeIfAbsent(point, p -> new NDList()).add(value);
                          return point == Tap.Point.MIXED
                              ? value.add(change.get(layer - from))
                              : value;
                        }))
            .gradient(); // (layers, 1, T, D)
    double[] scores = new double[(int) h.getShape().get(1)];
    NDIndex row = new NDIndex(":, {}:{}", pooled, pooled + 1);
    for (int i = 0; i < to - from; i++) {
      NDArray w = gradient.get(i).get(row); // (1, 1, D)
      NDArray q = tapped.get(Tap.Point.QUERY).get(i).get(row).normalize(2, 2, COSINE_EPSILON);
      NDArray k = tapped.get(Tap.Point.KEY).get(i).normalize(2, 2, COSINE_EPSILON);
      double[] loosened = scaled(Values.of(k.mul(q).sum(new int[] {2})), first);
      double[] weighted = Values.of(tapped.get(Tap.Point.VALUE).get(i).mul(w).sum(new int[] {2}));
      for (int p = first; p < scores.length; p++) {
        scores[p] += loosened[p] * weighted[p];
      }
    }
    return Arrays.stream(scores).map(score -> Math.max(0, score)).toArray();
  }

  private static double[] scaled(double[] values, int first) {
    double min = Arrays.stream(values).skip(first).min().orElse(0);
    double max = Arrays.stream(values).skip(first).max().orElse(0);
    return Arrays.stream(values).map(v -> max > min ? (v - min) / (max - min) : 0).toArray();
  }
}
