package org.m2ib.clip;

import java.util.List;
import java.util.OptionalInt;

/**
 * A tokenised sentence as a text encoder takes it: start token if the model has one, the sentence's
 * tokens, end token, and padding if the model was trained with it.
 *
 * @param tokens at most the model's context
 * @param cut for a sentence longer than the context, the UTF-16 offset after the last word that is
 *     completely included; empty if nothing was truncated
 */
public record Tokens(List<Token> tokens, OptionalInt cut) {
  public Tokens {
    tokens = List.copyOf(tokens);
  }

  public int size() {
    return tokens.size();
  }

  public int[] ids() {
    return tokens.stream().mapToInt(Token::id).toArray();
  }

  /** Returns a copy with other ids. */
  public Tokens withIds(int[] ids) {
    if (ids.length != size()) {
      throw new IllegalArgumentException(ids.length + " ids for " + size() + " tokens");
    }
    Token[] changed = new Token[ids.length];
    for (int i = 0; i < ids.length; i++) {
      Token t = tokens.get(i);
      changed[i] = new Token(ids[i], t.text(), t.start(), t.end(), t.special());
    }
    return new Tokens(List.of(changed), cut);
  }
}
