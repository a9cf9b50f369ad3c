package org.m2ib.attribution.methods;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.MethodFactory;
import org.m2ib.clip.ImageEncoder;

/**
 * Occlusion (Zeiler and Fergus, arXiv 1311.2901, section 4.2): the loss of s when one patch is
 * filled with 0, the mean of the training images, or one word is removed.
 */
public final class Occlusion extends PairMethod {
  private static final MethodCard CARD =
      new MethodCard(
          "occlusion",
          "Occlusion",
          "similarity lost with a patch or a word, arXiv 1311.2901",
          false,
          false);

  public static final MethodFactory FACTORY =
      new MethodFactory(CARD, (model, settings, manager) -> new Occlusion());

  public Occlusion() {
    super(CARD.name());
  }

  @Override
  double[][] map(Pair pair) {
    return Values.grid(
        losses(Coalitions.ofPatches(pair)),
        pair.imageEncoder().gridRows(),
        pair.imageEncoder().gridColumns());
  }

  @Override
  double[] tokens(Pair pair) {
    Coalitions words = Coalitions.ofWords(pair);
    return words.ofAllTokens(losses(words));
  }

  /** One pass without each patch, and one with all. */
  @Override
  public double flops(ImageEncoder image) {
    return (image.gridRows() * image.gridColumns() + 1) * image.embedFlops();
  }

  private static double[] losses(Coalitions game) {
    List<BitSet> without = new ArrayList<>();
    for (int i = 0; i < game.players(); i++) {
      BitSet present = game.everyone();
      present.clear(i);
      without.add(present);
    }
    double whole = game.value(game.everyone());
    return Arrays.stream(game.values(without)).map(rest -> whole - rest).toArray();
  }
}
