package org.m2ib.clip;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The settings that a model's authors or testers chose for its maps: {@code layer}, {@code beta}
 * and {@code steps} of model-card.json. They apply unless the configuration sets others.
 *
 * @param layer encoder layer of the bottleneck, counted from 0
 * @param beta weight of the information passed relative to the fit
 * @param steps of the optimiser
 */
public record ChosenSettings(OptionalInt layer, OptionalDouble beta, OptionalInt steps) {
  /** For a model without any. */
  public static final ChosenSettings NONE =
      new ChosenSettings(OptionalInt.empty(), OptionalDouble.empty(), OptionalInt.empty());

  /** These settings, completed from the other. */
  public ChosenSettings or(ChosenSettings other) {
    return new ChosenSettings(
        layer.isPresent() ? layer : other.layer,
        beta.isPresent() ? beta : other.beta,
        steps.isPresent() ? steps : other.steps);
  }
}
