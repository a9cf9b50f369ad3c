package org.m2ib.clip;

import java.util.List;
import java.util.OptionalInt;

/**
 * A sentence as a text encoder takes it: start token where the model has one, its own tokens, end
 * token, and padding where the model was trained with it.
 *
 * @param tokens at most the model's context
 * @param cut where a sentence that was longer than the context was cut: UTF-16 offset behind the
 *     last word that is wholly among the tokens; empty where all of it is
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
