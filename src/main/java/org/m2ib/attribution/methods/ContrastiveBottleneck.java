package org.m2ib.attribution.methods;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.m2ib.attribution.InformationBottleneck;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.MethodFactory;
import org.m2ib.attribution.Noise;
import org.m2ib.attribution.Smoothing;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.Tokens;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.engine.Autograd;

/**
 * M2IB's bottleneck, beyond its paper, made to answer the sentence. The noise has the mean and
 * variance of the image's own patches, as IBA measures its prior (arXiv 2001.00396, section 3.1);
 * all gates open together from closed to open, as NIB's do (arXiv 2502.14889); and the fit is how
 * far the sentence stands out among other sentences.
 *
 * <pre>
 *   z_i     = l_i h + (1 - l_i) eps_i       l_i = (i - 1/2) / n;  eps_i ~ N(mean(h), var(h)), i = 1 .. n
 *   m(z)    = cosine(suffix(z), sentence) - mean over contrasts c of cosine(suffix(z), c)
 *   score_t = 1/n sum_i sum_c dm / dz_i,t,c (h_t,c - eps_i,t,c)
 *   map     = max(0, score smoothed over neighbouring patches)
 * </pre>
 *
 * <p>The scores add up, for large n, to what the margin m gains when all gates open: a sentence
 * that the image does not set apart from others has little to distribute. Tokens before the patches
 * stay open.
 *
 * <p>The text side is the same with the cosine instead of the margin, over the sentence's own
 * tokens, signed and not smoothed. Noise streams: {@code seed/contrast-vision}, {@code
 * seed/contrast-text}.
 */
public final class ContrastiveBottleneck extends PairMethod {
  /** Number of noise levels n. */
  public static final int LEVELS = 20;

  private static final int TOGETHER = 10;

  private static final MethodCard CARD =
      new MethodCard(
          "m2ib-contrast",
          "M2IB-contrast",
          "noise bottleneck that opens step by step, for what tells the sentence from others; beyond"
              + " arXiv 2312.17174",
          false,
          true);

  public static final MethodFactory FACTORY =
      new MethodFactory(
          CARD,
          (model, settings, manager) ->
              new ContrastiveBottleneck(
                  model.image().layers() / 4,
                  model.text().layers() / 4,
                  settings.seed(),
                  contrasts(model, manager),
                  manager));

  /** For a model whose card has none: what is most often reported of a chest radiograph. */
  private static final List<String> CHEST =
      List.of(
          "There is consolidation.",
          "There is a nodule.",
          "There is a pleural effusion.",
          "There is a pneumothorax.",
          "There is cardiomegaly.",
          "There is atelectasis.",
          "There is a catheter.",
          "There is pulmonary edema.");

  private static final NDIndex ALL = new NDIndex(":");

  private final int imageLayer;
  private final int textLayer;
  private final NDArray others;
  private final Noise imageNoise;
  private final Noise textNoise;

  /**
   * @param imageLayer behind which the image's gates are
   * @param textLayer behind which the sentence's gates are
   * @param contrasts embeddings of the other sentences, (K, E)
   * @param manager receives the cached noise
   */
  public ContrastiveBottleneck(
      int imageLayer, int textLayer, String seed, NDArray contrasts, NDManager manager) {
    super(CARD.name());
    this.imageLayer = imageLayer;
    this.textLayer = textLayer;
    this.others = InformationBottleneck.unit(contrasts).mean(new int[] {0}, true);
    this.imageNoise = new Noise(manager, seed + "/contrast-vision");
    this.textNoise = new Noise(manager, seed + "/contrast-text");
  }

  private static NDArray contrasts(ClipModel model, NDManager manager) {
    List<String> own = model.card().contrast();
    List<Tokens> sentences =
        (own.isEmpty() ? CHEST : own).stream().map(model.tokenizer()::encode).toList();
    return model.text().embed(manager, sentences);
  }

  @Override
  double[][] map(Pair pair) {
    NDArray h = pair.imageHidden(imageLayer);
    int tokens = (int) h.getShape().get(1);
    int first = pair.imageEncoder().prefixTokens();
    boolean[] gated = new boolean[tokens];
    Arrays.fill(gated, first, tokens, true);
    double[] scores =
        scores(
            h,
            first,
            tokens,
            gated,
            imageNoise,
            z -> pair.imageMargin(z, imageLayer, others.get(z.getManager(), ALL)));
    double[][] map = Smoothing.of(pair.image().grid(scores, imageLayer));
    return Arrays.stream(map)
        .map(row -> Arrays.stream(row).map(v -> Math.max(0, v)).toArray())
        .toArray(double[][]::new);
  }

  @Override
  double[] tokens(Pair pair) {
    NDArray h = pair.textHidden(textLayer);
    boolean[] gated = new boolean[(int) h.getShape().get(1)];
    for (int i = 0; i < pair.tokens().size(); i++) {
      gated[i] = !pair.tokens().tokens().get(i).special();
    }
    int own = pair.tokens().size();
    return scores(h, 0, own, gated, textNoise, z -> pair.textFit(z, textLayer));
  }

  /** Without the prefix, which is computed once for an image and kept. */
  @Override
  public double flops(ImageEncoder image) {
    return 2 * LEVELS * image.suffixFlops(imageLayer);
  }

  /**
   * @param h (1, T, D)
   * @param from first token of those whose mean and variance the noise has
   * @param to end of these
   * @param gated T: whether the token has a gate; the others stay open
   * @param fit (B, T, D) to (B)
   * @return T, 0 for tokens without a gate
   */
  private static double[] scores(
      NDArray h, int from, int to, boolean[] gated, Noise noise, UnaryOperator<NDArray> fit) {
    NDManager manager = h.getManager();
    int t = (int) h.getShape().get(1);
    int d = (int) h.getShape().get(2);
    NDArray own = h.get(new NDIndex(":, {}:{}", from, to));
    NDArray mean = own.mean(new int[] {1}, true); // (1, 1, D)
    NDArray deviation = own.sub(mean).square().mean(new int[] {1}, true).sqrt();
    NDArray sum = manager.zeros(new Shape(t));
    for (int step = 0; step < LEVELS / TOGETHER; step++) {
      try (NDManager now = manager.newSubManager()) {
        NDArray closed = now.create(closed(step * TOGETHER, gated), new Shape(TOGETHER, t, 1));
        NDArray eps = noise.step(now, step, TOGETHER, t, d).mul(deviation).add(mean);
        NDArray towards = eps.sub(h); // (B, T, D)
        NDArray z = towards.mul(closed).add(h);
        NDArray gradient = Autograd.of(z, fit).gradient();
        sum.subi(gradient.mul(towards).sum(new int[] {0, 2}));
      }
    }
    double[] scores = Values.of(sum.div(LEVELS));
    for (int i = 0; i < t; i++) {
      scores[i] = gated[i] ? scores[i] : 0;
    }
    return scores;
  }

  /** 1 - l of a batch's levels for each token, 0 for tokens without a gate. */
  private static float[] closed(int first, boolean[] gated) {
    float[] closed = new float[TOGETHER * gated.length];
    for (int i = 0; i < closed.length; i++) {
      float level = (first + i / gated.length + 0.5f) / LEVELS;
      closed[i] = gated[i % gated.length] ? 1 - level : 0;
    }
    return closed;
  }

  @Override
  public void close() {
    imageNoise.close();
    textNoise.close();
  }
}
