package org.m2ib.attribution.methods;

import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.MethodFactory;
import org.m2ib.clip.ImageEncoder;
import org.m2ib.engine.CounterRng;

/**
 * A baseline: a uniform number for each patch and token, the same for every image and sentence.
 * Streams: {@code seed/vision}, {@code seed/text}.
 */
public final class RandomMap extends PairMethod {
  private static final MethodCard CARD =
      new MethodCard(
          "random", "Random map", "a baseline that sees neither image nor sentence", false, true);

  public static final MethodFactory FACTORY =
      new MethodFactory(CARD, (model, settings, manager) -> new RandomMap(settings.seed()));

  private final String seed;

  public RandomMap(String seed) {
    super(CARD.name());
    this.seed = seed;
  }

  @Override
  double[][] map(Pair pair) {
    int rows = pair.imageEncoder().gridRows();
    int columns = pair.imageEncoder().gridColumns();
    return Values.grid(draw("/vision", rows * columns), rows, columns);
  }

  @Override
  double[] tokens(Pair pair) {
    return draw("/text", pair.tokens().size());
  }

  @Override
  public double flops(ImageEncoder image) {
    return 0;
  }

  private double[] draw(String side, int n) {
    CounterRng uniform = new CounterRng(seed + side);
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = uniform.at(i);
    }
    return values;
  }
}
