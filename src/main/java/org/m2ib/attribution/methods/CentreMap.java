package org.m2ib.attribution.methods;

import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.MethodFactory;
import org.m2ib.clip.ImageEncoder;

/**
 * A baseline: the negative distance from the image's centre, relative to its sides. No text side.
 */
public final class CentreMap extends PairMethod {
  private static final MethodCard CARD =
      new MethodCard(
          "centre", "Centre map", "a baseline that sees neither image nor sentence", false, false);

  public static final MethodFactory FACTORY =
      new MethodFactory(CARD, (model, settings, manager) -> new CentreMap());

  public CentreMap() {
    super(CARD.name());
  }

  @Override
  double[][] map(Pair pair) {
    int rows = pair.imageEncoder().gridRows();
    int columns = pair.imageEncoder().gridColumns();
    double[][] grid = new double[rows][columns];
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++) {
        grid[y][x] = -Math.hypot((y + 0.5) / rows - 0.5, (x + 0.5) / columns - 0.5);
      }
    }
    return grid;
  }

  @Override
  public double flops(ImageEncoder image) {
    return 0;
  }
}
