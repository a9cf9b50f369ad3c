package org.m2ib.clip;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What whoever made or tested a model chose for its maps: {@code layer}, {@code beta} and {@code
 * steps} of model-card.json. They hold where nobody configures another.
 *
 * @param layer encoder layer whose output is bottlenecked, counted from 0
 * @param beta weight of the capacity against the fit
 * @param steps of the optimiser
 */
public record ChosenSettings(OptionalInt layer, OptionalDouble beta, OptionalInt steps) {
  /** Of a model that says nothing. */
  public static final ChosenSettings NONE =
      new ChosenSettings(OptionalInt.empty(), OptionalDouble.empty(), OptionalInt.empty());

  /** This, and the other where this says nothing. */
  public ChosenSettings or(ChosenSettings other) {
    return new ChosenSettings(
        layer.isPresent() ? layer : other.layer,
        beta.isPresent() ? beta : other.beta,
        steps.isPresent() ? steps : other.steps);
  }
}
