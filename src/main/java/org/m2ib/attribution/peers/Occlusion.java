package org.m2ib.attribution.peers;

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
    int n = game.players();
    List<BitSet> without =
        java.util.stream.IntStream.range(0, n)
            .mapToObj(
                i -> {
                  BitSet present = new BitSet();
                  present.set(0, n);
                  present.clear(i);
                  return present;
                })
            .toList();
    double whole = game.value(all(n));
    double[] losses = game.values(without);
    for (int i = 0; i < n; i++) {
      losses[i] = whole - losses[i];
    }
    return losses;
  }

  private static BitSet all(int n) {
    BitSet all = new BitSet();
    all.set(0, n);
    return all;
  }
}
