package org.m2ib.clip;

import java.util.List;

/**
 * A sentence as a text encoder takes it: start token, its own tokens, end token; no padding.
 *
 * @param tokens at most the model's context
 * @param truncated whether the sentence was longer than the context and lost its end
 */
public record Tokens(List<Token> tokens, boolean truncated) {
  public Tokens {
    tokens = List.copyOf(tokens);
  }

  public int size() {
    return tokens.size();
  }

  public int[] ids() {
    return tokens.stream().mapToInt(Token::id).toArray();
  }

  /** The same sentence with the id of some tokens set to another. */
  public Tokens withIds(int[] ids) {
    if (ids.length != size()) {
      throw new IllegalArgumentException(ids.length + " ids for " + size() + " tokens");
    }
    Token[] changed = new Token[ids.length];
    for (int i = 0; i < ids.length; i++) {
      Token t = tokens.get(i);
      changed[i] = new Token(ids[i], t.text(), t.start(), t.end(), t.special());
    }
    return new Tokens(List.of(changed), truncated);
  }
}
