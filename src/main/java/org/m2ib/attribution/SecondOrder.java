package org.m2ib.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.clip.TextEncoder;
import org.m2ib.clip.Tokens;
import org.m2ib.engine.Autograd;

/**
 * Second-order attribution (exCLIP, arXiv 2408.14153, TMLR 2025, equations 9 and 10, and its
 * published code): the similarity split over pairs of a token and a patch, by the integrated
 * Jacobians of both towers.
 *
 * <pre>
 *   J     = mean over n of de / dh at r + (n / N) (x - r)    n = 1 .. N, for each tower
 *   c_i   = J_i (x_i - r_i)                                  what token i adds to the embedding e
 *   score = c_i (text) c_j (image) / (|e (text)| |e (image)|)
 * </pre>
 *
 * x is the state behind a layer; r is that of a reference, of which nothing is to be said: pixels
 * of 0, the normalised mean, and the sentence with each of its own tokens' ids 0. The scores of all
 * pairs, with those of start, end and class token, would add up to the similarity of what the
 * embeddings differ from the references' (up to the sum's step).
 */
public final class SecondOrder {
  /** N; published: 10. */
  private static final int STEPS = 10;

  private SecondOrder() {}

  /**
   * One image and one sentence of the batch.
   *
   * @param sentence index in the batch
   * @param layer behind which the states are taken, in both towers; published: the second to last,
   *     where the pooled tokens hold most of what the others have said
   */
  public static Interactions of(EncodedImage image, EncodedText text, int sentence, int layer) {
    ImageEncoder imageEncoder = image.encoder();
    TextEncoder textEncoder = text.encoder();
    Tokens tokens = text.sentences().get(sentence);
    try (NDManager step = text.manager().newSubManager()) {
      NDArray x = textEncoder.prefix(step, List.of(tokens), layer);
      NDArray r = textEncoder.prefix(step, List.of(reference(tokens)), layer);
      UnaryOperator<NDArray> read = h -> textEncoder.suffix(h, List.of(tokens), layer);
      int width = (int) text.embeddings().getShape().get(1);
      NDArray ofWords = added(x, r, read, step.eye(width)).transpose(); // (T, E)

      NDArray pixels = image.pixels().get(step, InformationBottleneck.ALL);
      NDArray y = imageEncoder.prefix(pixels, layer);
      NDArray nothing = imageEncoder.prefix(pixels.zerosLike(), layer);
      NDArray pairs =
          added(y, nothing, h -> imageEncoder.suffix(h, layer), ofWords); // (T, patches)

      NDArray e = text.embeddings().get(step, new NDIndex("{}", sentence));
      NDArray f = image.embedding().get(step, new NDIndex("0"));
      double lengths = length(e) * length(f);
      double similarity = e.mul(f).sum().getFloat() / lengths;
      List<double[][]> maps = new ArrayList<>();
      for (int i = 0; i < tokens.size(); i++) {
        float[] row = pairs.get(i).toFloatArray();
        double[] scores = new double[row.length];
        for (int j = 0; j < row.length; j++) {
          scores[j] = row[j] / lengths;
        }
        maps.add(image.grid(scores, layer));
      }
      return Interactions.of(similarity, tokens, maps);
    }
  }

  /** The sentence without its words. */
  private static Tokens reference(Tokens tokens) {
    return tokens.withIds(
        tokens.tokens().stream().mapToInt(token -> token.special() ? token.id() : 0).toArray());
  }

  /**
   * What each token adds to the embedding on the way from r to x, in several directions of the
   * embedding space.
   *
   * @param x (1, T, D)
   * @param r (1, T, D)
   * @param suffix (N, T, D) to (N, E)
   * @param directions (V, E)
   * @return (V, T)
   */
  private static NDArray added(
      NDArray x, NDArray r, UnaryOperator<NDArray> suffix, NDArray directions) {
    NDManager step = x.getManager();
    NDArray way = x.sub(r);
    NDArray shares = step.arange(1f, STEPS + 1f).div(STEPS).reshape(STEPS, 1, 1);
    NDArray path = r.add(shares.mul(way)); // (N, T, D)
    // a token's step along its own way: the gradient with respect to it is the product of J and way
    NDArray steps = step.zeros(new Shape(STEPS, x.getShape().get(1), 1));
    return Autograd.ofMany(
            steps, s -> directions.matMul(suffix.apply(path.add(s.mul(way))).mean(new int[] {0})))
        .squeeze(3)
        .sum(new int[] {1});
  }

  private static float length(NDArray vector) {
    return vector.norm().getFloat();
  }
}
