package org.m2ib.attribution;

import java.util.ArrayList;
import java.util.List;
import org.m2ib.clip.Token;
import org.m2ib.clip.Tokens;

/** The scores of a sentence's own tokens; start and end token have none. */
final class TokenScores {
  private TokenScores() {}

  /**
   * @param bits of every token, including start and end
   */
  static List<TokenScore> of(Tokens tokens, double[] bits) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < bits.length; i++) {
      if (!tokens.tokens().get(i).special()) {
        min = Math.min(min, bits[i]);
        max = Math.max(max, bits[i]);
      }
    }
    List<TokenScore> scores = new ArrayList<>();
    for (int i = 0; i < bits.length; i++) {
      Token t = tokens.tokens().get(i);
      if (!t.special()) {
        double scaled = max > min ? (bits[i] - min) / (max - min) : 0;
        scores.add(new TokenScore(t.text(), t.start(), t.end(), bits[i], scaled));
      }
    }
    return List.copyOf(scores);
  }

  /** The sentence as read by the published evaluations: only its own tokens. */
  static Tokens own(Tokens tokens) {
    return new Tokens(
        tokens.tokens().stream().filter(token -> !token.special()).toList(), tokens.cut());
  }

  /**
   * The reduced sentence: own tokens scored at or below the median get id 0; others stay, including
   * start and end.
   *
   * @param scores those of {@link #of}
   */
  static Tokens aboveMedian(Tokens tokens, List<TokenScore> scores) {
    double[] sorted = scores.stream().mapToDouble(TokenScore::bits).sorted().toArray();
    int n = sorted.length;
    double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    int[] ids = tokens.ids();
    int own = 0;
    for (int i = 0; i < ids.length; i++) {
      if (!tokens.tokens().get(i).special() && scores.get(own++).bits() <= median) {
        ids[i] = 0;
      }
    }
    return tokens.withIds(ids);
  }
}
