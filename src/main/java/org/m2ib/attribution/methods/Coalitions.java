package org.m2ib.attribution.methods;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.m2ib.clip.Token;
import org.m2ib.clip.Tokens;

/** Evaluates s for subsets of an image's patches, or of a sentence's own tokens. */
abstract class Coalitions {
  private static final int TOGETHER = 20;
  private final int players;

  private Coalitions(int players) {
    this.players = players;
  }

  int players() {
    return players;
  }

  /** All players. */
  BitSet everyone() {
    BitSet everyone = new BitSet();
    everyone.set(0, players);
    return everyone;
  }

  double value(BitSet present) {
    return values(List.of(present))[0];
  }

  double[] values(List<BitSet> coalitions) {
    double[] values = new double[coalitions.size()];
    for (int from = 0; from < values.length; from += TOGETHER) {
      int to = Math.min(values.length, from + TOGETHER);
      double[] part = valuesOf(coalitions.subList(from, to));
      System.arraycopy(part, 0, values, from, part.length);
    }
    return values;
  }

  abstract double[] valuesOf(List<BitSet> coalitions);

  /** One value for each token of the sentence, including start and end, which have 0. */
  double[] ofAllTokens(double[] own) {
    throw new IllegalStateException("patches are no tokens");
  }

  /** Absent patches are filled with 0. */
  static Coalitions ofPatches(Pair pair) {
    int rows = pair.imageEncoder().gridRows();
    int columns = pair.imageEncoder().gridColumns();
    int size = pair.imageEncoder().imageSize();
    return new Coalitions(rows * columns) {
      @Override
      double[] valuesOf(List<BitSet> coalitions) {
        float[] masks = new float[coalitions.size() * size * size];
        for (int i = 0; i < masks.length; i++) {
          int pixel = i % (size * size);
          int row = pixel / size * rows / size;
          int column = pixel % size * columns / size;
          masks[i] = coalitions.get(i / (size * size)).get(row * columns + column) ? 1 : 0;
        }
        try (NDManager step = pair.manager().newSubManager()) {
          NDArray all = step.create(masks, new Shape(coalitions.size(), 1, size, size));
          return Values.of(
              pair.imageFit(pair.imageEncoder().embed(all.mul(pair.image().pixels()))));
        }
      }
    };
  }

  /** Absent tokens are removed: the sentence is shorter. */
  static Coalitions ofWords(Pair pair) {
    List<Token> tokens = pair.tokens().tokens();
    int[] own = IntStream.range(0, tokens.size()).filter(i -> !tokens.get(i).special()).toArray();
    return new Coalitions(own.length) {
      @Override
      double[] valuesOf(List<BitSet> coalitions) {
        List<Tokens> sentences = new ArrayList<>();
        for (BitSet present : coalitions) {
          List<Token> kept = new ArrayList<>(tokens);
          for (int i = own.length - 1; i >= 0; i--) {
            if (!present.get(i)) {
              kept.remove(own[i]);
            }
          }
          sentences.add(new Tokens(kept, pair.tokens().cut()));
        }
        try (NDManager step = pair.manager().newSubManager()) {
          return Values.of(pair.textFit(pair.textEncoder().embed(step, sentences)));
        }
      }

      @Override
      double[] ofAllTokens(double[] values) {
        double[] all = new double[tokens.size()];
        for (int i = 0; i < own.length; i++) {
          all[own[i]] = values[i];
        }
        return all;
      }
    };
  }
}
