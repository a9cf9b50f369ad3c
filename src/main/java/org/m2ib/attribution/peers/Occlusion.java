package org.m2ib.attribution.peers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.m2ib.attribution.Relevance;

/**
 * Occlusion (Zeiler and Fergus, arXiv 1311.2901, section 4.2): what s loses when one patch is
 * filled with 0, the mean of the training pictures, or one word is left out.
 */
public final class Occlusion extends PairMethod {

  public Occlusion() {
    super("occlusion");
  }

  @Override
  Relevance of(Pair pair) {
    Coalitions patches = Coalitions.ofPatches(pair);
    Coalitions words = Coalitions.ofWords(pair);
    return new Relevance(
        Values.grid(
            losses(patches), pair.imageEncoder().gridRows(), pair.imageEncoder().gridColumns()),
        words.ofAllTokens(losses(words)));
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
