package org.m2ib.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import org.m2ib.clip.Token;
import org.m2ib.clip.Tokens;
import org.m2ib.clip.loading.ClipModel;

/**
 * An image after the tower's prefix; holds engine memory until closed. Apart from the last digits,
 * a result does not depend on other sentences.
 */
public final class PreparedImage implements AutoCloseable {
  private final ClipModel model;
  private final Method method;
  private final M2ibSettings settings;
  private final EncodedImage image;
  private final NDManager manager;
  private final int batchSize;

  PreparedImage(
      ClipModel model,
      Method method,
      M2ibSettings settings,
      EncodedImage image,
      NDManager manager,
      int batchSize) {
    this.model = model;
    this.method = method;
    this.settings = settings;
    this.image = image;
    this.manager = manager;
    this.batchSize = batchSize;
  }

  /**
   * Tokenises a sentence.
   *
   * @param sentence text, cut at the model's context
   * @throws IllegalArgumentException if the sentence has no token of its own
   */
  public Tokens tokens(String sentence) {
    Tokens tokens = model.tokenizer().encode(sentence);
    if (tokens.tokens().stream().allMatch(Token::special)) {
      throw new IllegalArgumentException("a sentence without a token of its own");
    }
    return tokens;
  }

  /** One sentence, see {@link #attribute(List)}. */
  public Attribution attribute(String sentence) {
    return attribute(List.of(sentence)).get(0);
  }

  /**
   * @param sentences any number; they run in batches that fit the memory
   * @return in order
   * @throws IllegalArgumentException if a sentence has no token of its own
   */
  public List<Attribution> attribute(List<String> sentences) {
    return inParts(sentences, this::attributions);
  }

  /** One map, see {@link #maps}. */
  public double[][] map(String sentence) {
    return maps(List.of(sentence)).get(0);
  }

  /**
   * Cost of one map, including the embedding of image and sentence.
   *
   * @return multiply-adds times two, see {@link Method#flops}
   * @throws IllegalArgumentException if the sentence has no token of its own
   */
  public double flops(String sentence) {
    return model.image().embedFlops()
        + model.text().suffixFlops(-1, tokens(sentence).size())
        + method.flops(model.image());
  }

  /**
   * Only the maps, without token scores and figures: a fraction of the time.
   *
   * @return as {@link Attribution#map}
   * @throws IllegalArgumentException if a sentence has no token of its own
   */
  public List<double[][]> maps(List<String> sentences) {
    return inParts(sentences, text -> method.maps(image, text));
  }

  /**
   * @return cosine of image and sentence, [-1, 1]
   * @throws IllegalArgumentException if the sentence has no token of its own
   */
  public double similarity(String sentence) {
    return similarities(List.of(sentence)).get(0);
  }

  /** The same for several, in order. */
  public List<Double> similarities(List<String> sentences) {
    return inParts(
        sentences,
        text -> {
          float[] whole = image.embedding().toFloatArray();
          List<Double> all = new ArrayList<>();
          for (int i = 0; i < text.sentences().size(); i++) {
            all.add(cosine(whole, text.embeddings(), i));
          }
          return all;
        });
  }

  private <T> List<T> inParts(List<String> sentences, Function<EncodedText, List<T>> run) {
    List<Tokens> tokens = sentences.stream().map(this::tokens).toList();
    List<T> all = new ArrayList<>();
    for (int from = 0; from < tokens.size(); from += batchSize) {
      try (NDManager step = manager.newSubManager()) {
        List<Tokens> part = tokens.subList(from, Math.min(tokens.size(), from + batchSize));
        all.addAll(run.apply(new EncodedText(model.text(), step, part, settings.layer())));
      }
    }
    return all;
  }

  private List<Attribution> attributions(EncodedText text) {
    NDManager step = text.manager();
    int n = text.sentences().size();
    List<Relevance> found = method.of(image, text);
    List<List<TokenScore>> scores = new ArrayList<>();
    List<Tokens> reduced = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      Tokens tokens = text.sentences().get(i);
      double[] words = found.get(i).tokens();
      scores.add(words == null ? List.of() : TokenScores.of(tokens, words));
      reduced.add(words == null ? tokens : TokenScores.aboveMedian(tokens, scores.get(i)));
    }
    float[] whole = image.embedding().toFloatArray();
    NDArray targets = text.embeddings();
    NDArray maps = maps(step, found); // (N, 1, S, S)
    NDArray kept = model.image().embed(maps.mul(image.pixels()));
    NDArray removed = model.image().embed(maps.neg().add(1).mul(image.pixels()));
    NDArray left = model.text().embed(step, reduced);
    List<Attribution> all = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      Relevance relevance = found.get(i);
      double similarity = cosine(whole, targets, i);
      OptionalDouble probability = model.probability(similarity);
      double withMap = cosine(row(targets, i), kept, i);
      double withoutMap = cosine(row(targets, i), removed, i);
      OptionalInt cut = text.sentences().get(i).cut();
      double withWords = cosine(whole, left, i);
      Optional<double[]> published = published(text.sentences().get(i), scores.get(i));
      all.add(
          new Attribution(
              method.name(),
              relevance.map(),
              scores.get(i),
              similarity,
              probability.isPresent() ? probability.getAsDouble() : null,
              drop(similarity, withMap),
              increase(similarity, withMap),
              drop(similarity, withoutMap),
              increase(similarity, withoutMap),
              drop(similarity, withWords),
              increase(similarity, withWords),
              published.map(s -> drop(s[0], s[1])).orElse(null),
              published.map(s -> increase(s[0], s[1])).orElse(null),
              relevance.imageLoss(),
              relevance.textLoss(),
              Arrays.stream(relevance.map()).flatMapToDouble(Arrays::stream).average().orElse(0),
              relevance.tokens() == null
                  ? 0
                  : Arrays.stream(relevance.tokens()).average().orElse(0),
              cut.isPresent(),
              cut.isPresent() ? cut.getAsInt() : null,
              settings));
    }
    return all;
  }

  /**
   * The similarity of a sentence's own tokens, and that of those above the median.
   *
   * @return empty if the method scores no token, or the model pools one that is left out
   */
  private Optional<double[]> published(Tokens tokens, List<TokenScore> scores) {
    if (scores.isEmpty()) {
      return Optional.empty();
    }
    Tokens own = TokenScores.own(tokens);
    List<Tokens> both = List.of(own, TokenScores.aboveMedian(own, scores));
    try (NDManager step = manager.newSubManager()) {
      float[] whole = image.embedding().toFloatArray();
      NDArray embeddings = model.text().embed(step, both);
      return Optional.of(new double[] {cosine(whole, embeddings, 0), cosine(whole, embeddings, 1)});
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // the pooled end token
    }
  }

  /** The scaled maps in the size of the input, (N, 1, S, S). */
  private NDArray maps(NDManager step, List<Relevance> found) {
    int size = model.image().imageSize();
    float[] maps = new float[found.size() * size * size];
    for (int i = 0; i < found.size(); i++) {
      float[] map = Upsampling.toInput(found.get(i).map(), size, size);
      System.arraycopy(map, 0, maps, i * map.length, map.length);
    }
    return step.create(maps, new Shape(found.size(), 1, size, size));
  }

  private static float[] row(NDArray rows, int i) {
    return rows.get(i).toFloatArray();
  }

  private static double cosine(float[] a, NDArray rows, int i) {
    float[] b = row(rows, i);
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int k = 0; k < a.length; k++) {
      ab += (double) a[k] * b[k];
      aa += (double) a[k] * a[k];
      bb += (double) b[k] * b[k];
    }
    return ab / Math.max(Math.sqrt(aa * bb), Double.MIN_NORMAL);
  }

  private static double drop(double similarity, double changed) {
    return 100 * Math.max(0, similarity - changed);
  }

  private static double increase(double similarity, double changed) {
    return changed > similarity ? 100 : 0;
  }

  @Override
  public void close() {
    image.close();
  }
}
