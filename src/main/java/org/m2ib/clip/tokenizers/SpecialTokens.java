package org.m2ib.clip.tokenizers;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.m2ib.clip.ModelException;

/** Declares tokens of a vocabulary as special in a tokenizer.json. */
final class SpecialTokens {
  private final String file;
  private final Map<String, Integer> ids;
  private final ArrayNode added;

  /**
   * @param file file of the vocabulary, for messages
   */
  SpecialTokens(String file, Map<String, Integer> ids, ObjectNode json) {
    this.file = file;
    this.ids = ids;
    this.added = json.withArray("added_tokens");
  }

  /**
   * @return the token's id
   * @throws ModelException if the vocabulary does not have it
   */
  int add(String token) {
    return add(token, false);
  }

  /** As {@link #add(String)}, but the token absorbs adjacent blanks. */
  int addWithBlanks(String token) {
    return add(token, true);
  }

  private int add(String token, boolean blanks) {
    Integer id = ids.get(token);
    if (id == null) {
      throw new ModelException(
          file, "has no token '" + token + "'. Is it from this kind of model?");
    }
    added
        .addObject()
        .put("id", id)
        .put("content", token)
        .put("single_word", false)
        .put("lstrip", blanks)
        .put("rstrip", blanks)
        .put("normalized", false)
        .put("special", true);
    return id;
  }
}
