package org.m2ib.attribution;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.BiFunction;
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
    return attribute(Collections.nCopies(sentences.size(), this), sentences);
  }

  /**
   * Sentences of several images, in batches that fit the memory of one.
   *
   * @param images one for each sentence, all prepared by the same attributor
   * @return in order
   * @throws IllegalArgumentException if a sentence has no token of its own
   */
  public static List<Attribution> attribute(List<PreparedImage> images, List<String> sentences) {
    if (sentences.isEmpty()) {
      return List.of();
    }
    PreparedImage first = images.get(0);
    return first.inParts(
        sentences,
        images,
        (own, text) -> first.attributions(own.stream().map(each -> each.image).toList(), text));
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
   * Which word goes with which region, at the layer of the settings; costs as many backward passes
   * through the text tower's suffix as the embedding is wide, and one through the image tower's for
   * each token.
   *
   * @throws IllegalArgumentException if the sentence has no token of its own
   */
  public Interactions interactions(String sentence) {
    return inParts(
            List.of(sentence), text -> List.of(SecondOrder.of(image, text, 0, settings.layer())))
        .get(0);
  }

  /**
   * @return cosine of image and sentence, [-1, 1]
   * @throws IllegalArgumentException if the sentence has no token of its own
   */
  public double similarity(String sentence) {
    return similarities(List.of(sentence)).get(0);
  }

  /** Embedding of the image, as the model's tower gives it. */
  public float[] embedding() {
    return image.embedding().toFloatArray();
  }

  /** The same for several, in order. */
  public List<Double> similarities(List<String> sentences) {
    return inParts(
        sentences,
        text -> {
          float[] whole = image.embedding().toFloatArray();
          List<Double> all = new ArrayList<>();
          for (int i = 0; i < text.sentences().size(); i++) {
            all.add(Confidence.cosine(whole, text.embeddings(), i));
          }
          return all;
        });
  }

  private <T> List<T> inParts(List<String> sentences, Function<EncodedText, List<T>> run) {
    List<PreparedImage> images = Collections.nCopies(sentences.size(), this);
    return inParts(sentences, images, (same, text) -> run.apply(text));
  }

  private <T> List<T> inParts(
      List<String> sentences,
      List<PreparedImage> images,
      BiFunction<List<PreparedImage>, EncodedText, List<T>> run) {
    List<Tokens> tokens = sentences.stream().map(this::tokens).toList();
    List<T> all = new ArrayList<>();
    for (int from = 0; from < tokens.size(); from += batchSize) {
      try (NDManager step = manager.newSubManager()) {
        int to = Math.min(tokens.size(), from + batchSize);
        EncodedText text =
            new EncodedText(model.text(), step, tokens.subList(from, to), settings.layer());
        all.addAll(run.apply(images.subList(from, to), text));
      }
    }
    return all;
  }

  private List<Attribution> attributions(List<EncodedImage> images, EncodedText text) {
    List<Relevance> relevances = method.of(images, text);
    Confidence confidence = new Confidence(model, images, text, relevances);
    List<Attribution> all = new ArrayList<>();
    for (int i = 0; i < relevances.size(); i++) {
      Relevance relevance = relevances.get(i);
      double similarity = confidence.similarity(i);
      OptionalDouble probability = model.probability(similarity);
      double withMap = confidence.withMap(i);
      double withoutMap = confidence.withoutMap(i);
      double withWords = confidence.withBestWords(i);
      OptionalInt cut = text.sentences().get(i).cut();
      Optional<double[]> published = confidence.ofWordsAlone(i);
      all.add(
          new Attribution(
              method.name(),
              relevance.map(),
              confidence.words(i),
              similarity,
              probability.isPresent() ? probability.getAsDouble() : null,
              Confidence.drop(similarity, withMap),
              Confidence.increase(similarity, withMap),
              Confidence.drop(similarity, withoutMap),
              Confidence.increase(similarity, withoutMap),
              Confidence.drop(similarity, withWords),
              Confidence.increase(similarity, withWords),
              published.map(s -> Confidence.drop(s[0], s[1])).orElse(null),
              published.map(s -> Confidence.increase(s[0], s[1])).orElse(null),
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

  @Override
  public void close() {
    image.close();
  }
}
