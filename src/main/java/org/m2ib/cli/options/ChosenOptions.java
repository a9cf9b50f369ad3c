package org.m2ib.cli.options;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.clip.ChosenSettings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Layer and beta on a command line; the defaults are the model card's, or the paper's. */
public final class ChosenOptions {
  @Option(
      names = "--layer",
      paramLabel = "N",
      description = "Encoder layer of the bottleneck, counted from 0 (the model card's, or 9).")
  private Integer layer;

  @Option(
      names = "--beta",
      paramLabel = "X",
      description =
          "Weight of the information passed relative to the fit (the model card's, or 0.1).")
  private Double beta;

  /**
   * @param model settings from the model card
   */
  public ChosenSettings or(ChosenSettings model) {
    return new ChosenSettings(
            layer == null ? OptionalInt.empty() : OptionalInt.of(layer),
            beta == null ? OptionalDouble.empty() : OptionalDouble.of(beta),
            OptionalInt.empty())
        .or(model);
  }

  /**
   * @throws ParameterException if a value is out of range; names option, value and range
   */
  public static M2ibSettings checked(CommandSpec command, Supplier<M2ibSettings> settings) {
    try {
      return settings.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          command.commandLine(), e.getMessage().replace("m2ib.attribution.", "--"), e);
    }
  }
}
