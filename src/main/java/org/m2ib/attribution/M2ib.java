package org.m2ib.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.m2ib.clip.ClipModel;
import org.m2ib.clip.Token;
import org.m2ib.clip.Tokens;
import org.m2ib.imaging.ModelInput;

/**
 * M2IB (arXiv 2312.17174): a {@link Bottleneck} in the image tower with the sentence as target
 * gives the map, one in the text tower with the image as target gives the token scores.
 *
 * <p>Both stand behind the same layer, see {@link M2ibSettings#clampedTo}. Noise streams: {@code
 * seed/vision} and {@code seed/text}.
 *
 * <p>Threads may share it. Close it to free its cached noise; the model stays open.
 */
public final class M2ib implements Attributor, AutoCloseable {
  private static final double NATS_PER_BIT = Math.log(2);

  private final ClipModel model;
  private final M2ibSettings settings;
  private final NDManager manager;
  private final Noise imageNoise;
  private final Noise textNoise;

  /**
   * @param settings whose layer is clamped to the model's
   */
  public M2ib(ClipModel model, M2ibSettings settings) {
    this.model = model;
    this.settings = settings.clampedTo(model.image(), model.text());
    this.manager = model.newSubManager();
    this.imageNoise = new Noise(manager, settings.seed() + "/vision");
    this.textNoise = new Noise(manager, settings.seed() + "/text");
  }

  /** The settings as they are used, with the layer clamped. */
  public M2ibSettings settings() {
    return settings;
  }

  @Override
  public PreparedImage prepare(ModelInput input) {
    NDManager image = manager.newSubManager();
    try (NDManager step = image.newSubManager()) {
      NDArray pixels = model.pixels(step, input);
      NDArray hidden = model.image().front(pixels, settings.layer()); // (1, T, D)
      NDArray embedding = model.image().back(hidden, settings.layer()); // (1, E)
      NDArray kept = pixels.duplicate();
      for (NDArray array : List.of(kept, hidden, embedding)) {
        array.attach(image);
      }
      return new Prepared(image, kept, hidden, embedding);
    } catch (RuntimeException e) {
      image.close();
      throw e;
    }
  }

  @Override
  public void close() {
    imageNoise.close();
    textNoise.close();
    manager.close();
  }

  private final class Prepared implements PreparedImage {
    private final NDManager manager;
    private final NDArray pixels;
    private final NDArray hidden;
    private final NDArray embedding;

    Prepared(NDManager manager, NDArray pixels, NDArray hidden, NDArray embedding) {
      this.manager = manager;
      this.pixels = pixels;
      this.hidden = hidden;
      this.embedding = embedding;
    }

    @Override
    public Attribution attribute(String sentence) {
      Tokens tokens = tokens(sentence);
      try (NDManager step = manager.newSubManager()) {
        int layer = settings.layer();
        NDArray textHidden = model.text().front(step, tokens, layer); // (1, N, D)
        NDArray text = model.text().back(textHidden, tokens, layer); // (1, E)
        Bottleneck.Run image = imageSide(text);
        Bottleneck.Run words =
            new Bottleneck(settings, textNoise)
                .run(textHidden, h -> model.text().back(h, tokens, layer), embedding);
        double[][] bits = grid(image.capacity());
        List<TokenScore> scores = TokenScores.of(tokens, bits(words.capacity()));
        double similarity = cosine(embedding, text);
        NDArray map = map(step, bits); // (1, 1, S, S)
        double kept = cosine(model.image().embed(map.mul(pixels)), text);
        double removed = cosine(model.image().embed(map.neg().add(1).mul(pixels)), text);
        double reduced =
            cosine(embedding, model.text().embed(step, TokenScores.aboveMedian(tokens, scores)));
        return new Attribution(
            bits,
            scores,
            similarity,
            drop(similarity, kept),
            increase(similarity, kept),
            drop(similarity, removed),
            increase(similarity, removed),
            drop(similarity, reduced),
            increase(similarity, reduced),
            image.loss(),
            words.loss(),
            Arrays.stream(bits).flatMapToDouble(Arrays::stream).average().orElse(0),
            Arrays.stream(bits(words.capacity())).average().orElse(0),
            tokens.truncated(),
            settings);
      }
    }

    @Override
    public double[][] map(String sentence) {
      Tokens tokens = tokens(sentence);
      try (NDManager step = manager.newSubManager()) {
        return grid(imageSide(model.text().embed(step, tokens)).capacity());
      }
    }

    @Override
    public double similarity(String sentence) {
      Tokens tokens = tokens(sentence);
      try (NDManager step = manager.newSubManager()) {
        return cosine(embedding, model.text().embed(step, tokens));
      }
    }

    private Tokens tokens(String sentence) {
      Tokens tokens = model.tokenizer().encode(sentence);
      if (tokens.tokens().stream().allMatch(Token::special)) {
        throw new IllegalArgumentException("a sentence without a token of its own");
      }
      return tokens;
    }

    private Bottleneck.Run imageSide(NDArray text) {
      return new Bottleneck(settings, imageNoise)
          .run(hidden, h -> model.image().back(h, settings.layer()), text);
    }

    /** The scaled map in the size of the input, (1, 1, S, S). */
    private NDArray map(NDManager step, double[][] bits) {
      int size = model.image().imageSize();
      return step.create(Upsampling.toInput(bits, size, size), new Shape(1, 1, size, size));
    }

    private double[][] grid(double[] capacity) {
      double[] bits = bits(capacity);
      int columns = model.image().gridColumns();
      double[][] grid = new double[model.image().gridRows()][];
      for (int y = 0; y < grid.length; y++) {
        int from = model.image().prefixTokens() + y * columns;
        grid[y] = Arrays.copyOfRange(bits, from, from + columns);
      }
      return grid;
    }

    @Override
    public void close() {
      manager.close();
    }
  }

  /** Capacity is at least 0; rounding may leave it a little below. */
  private static double[] bits(double[] nats) {
    return Arrays.stream(nats).map(c -> Math.max(0, c / NATS_PER_BIT)).toArray();
  }

  private static double cosine(NDArray image, NDArray text) {
    float[] a = image.toFloatArray();
    float[] b = text.toFloatArray();
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return ab / Math.max(Math.sqrt(aa * bb), Double.MIN_NORMAL);
  }

  private static double drop(double similarity, double changed) {
    return 100 * Math.max(0, similarity - changed);
  }

  private static double increase(double similarity, double changed) {
    return changed > similarity ? 100 : 0;
  }
}
