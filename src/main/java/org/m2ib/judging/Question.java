package org.m2ib.judging;

import java.util.List;
import java.util.Optional;

/**
 * A question of a scheme.
 *
 * @param code unique in its scheme
 * @param text as it is asked
 * @param negated as it is asked of a sentence that denies something; the same as text if that makes
 *     no difference
 * @param map whether it is about the map, and so asked only when that is shown
 * @param ordinal whether the choices are in an order, so that a near miss is less than a far one
 * @param choices at least two, in the order of their keys
 */
public record Question(
    String code, Words text, Words negated, boolean map, boolean ordinal, List<Choice> choices) {
  public Question {
    choices = List.copyOf(choices);
  }

  public Optional<Choice> choice(String choice) {
    return choices.stream().filter(c -> c.code().equals(choice)).findFirst();
  }
}
