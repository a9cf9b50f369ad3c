package org.m2ib.clip;

import java.util.List;
import java.util.OptionalInt;

/**
 * A sentence as input of a text encoder: start token if the model has one, its own tokens, end
 * token, and padding if the model was trained with it.
 *
 * @param tokens at most the model's context
 * @param cut where a sentence longer than the context was cut: UTF-16 offset after the last word
 *     entirely among the tokens; empty if nothing was cut
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
    return new Tokens(List.of(changed), cut);
  }
}
