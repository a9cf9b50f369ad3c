package org.m2ib.clip;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The attribution settings that a model's author or tester chose: {@code layer}, {@code beta} and
 * {@code steps} of model-card.json. The configuration overrides them.
 *
 * @param layer encoder layer whose output is bottlenecked, counted from 0
 * @param beta weight of the capacity term against the fit
 * @param steps steps of the optimiser
 */
public record ChosenSettings(OptionalInt layer, OptionalDouble beta, OptionalInt steps) {
  /** The settings of a card without any. */
  public static final ChosenSettings NONE =
      new ChosenSettings(OptionalInt.empty(), OptionalDouble.empty(), OptionalInt.empty());

  /** Fills missing settings from another instance. */
  public ChosenSettings or(ChosenSettings other) {
    return new ChosenSettings(
        layer.isPresent() ? layer : other.layer,
        beta.isPresent() ? beta : other.beta,
        steps.isPresent() ? steps : other.steps);
  }
}
