package org.m2ib.attribution.peers;

import org.m2ib.attribution.Relevance;
import org.m2ib.clip.CounterStream;

/**
 * A floor: a uniform number for each patch and token, the same for every image and sentence.
 * Streams: {@code seed/vision}, {@code seed/text}.
 */
public final class RandomMap extends PairMethod {
  private final String seed;

  public RandomMap(String seed) {
    super("random");
    this.seed = seed;
  }

  @Override
  Relevance of(Pair pair) {
    int rows = pair.imageEncoder().gridRows();
    int columns = pair.imageEncoder().gridColumns();
    return new Relevance(
        Values.grid(draw("/vision", rows * columns), rows, columns),
        draw("/text", pair.tokens().size()));
  }

  private double[] draw(String side, int n) {
    CounterStream uniform = new CounterStream(seed + side);
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = uniform.at(i);
    }
    return values;
  }
}
