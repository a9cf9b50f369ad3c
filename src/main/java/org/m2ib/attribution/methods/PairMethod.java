package org.m2ib.attribution.methods;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.m2ib.attribution.EncodedImage;
import org.m2ib.attribution.EncodedText;
import org.m2ib.attribution.Interruption;
import org.m2ib.attribution.Method;
import org.m2ib.attribution.Relevance;

/** A method that processes sentences one by one. */
abstract class PairMethod implements Method {
  private final String name;

  PairMethod(String name) {
    this.name = name;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public List<Relevance> of(List<EncodedImage> images, EncodedText text) {
    return forEachPair(
        images, text, pair -> new Relevance(map(pair), ownTokens(tokens(pair), pair)));
  }

  @Override
  public List<double[][]> maps(EncodedImage image, EncodedText text) {
    return forEachPair(Collections.nCopies(text.sentences().size(), image), text, this::map);
  }

  private static <T> List<T> forEachPair(
      List<EncodedImage> images, EncodedText text, Function<Pair, T> of) {
    List<T> all = new ArrayList<>();
    for (int i = 0; i < text.sentences().size(); i++) {
      Interruption.check();
      try (NDManager step = text.manager().newSubManager()) {
        all.add(of.apply(new Pair(images.get(i), text, i, step)));
      }
    }
    return all;
  }

  /** A text tower's state may have further rows after the sentence's tokens. */
  private static double[] ownTokens(double[] tokens, Pair pair) {
    return tokens == null ? null : Arrays.copyOf(tokens, pair.tokens().size());
  }

  /** The image side. */
  abstract double[][] map(Pair pair);

  /** The text side, a value for each token; null if the method has none. */
  double[] tokens(Pair pair) {
    return null;
  }

  /** Unused, since sentences run one at a time. */
  @Override
  public double bytesPerSentence() {
    return 1;
  }
}
