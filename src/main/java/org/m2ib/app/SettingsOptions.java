package org.m2ib.app;

import org.m2ib.attribution.M2ibSettings;
import org.m2ib.clip.ChosenSettings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The bottleneck's settings on a command line; the defaults are the model card's, or the paper's.
 */
final class SettingsOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--layer",
      paramLabel = "N",
      description =
          "Encoder layer whose output is squeezed, counted from 0 (the model card's, or 9).")
  private Integer layer;

  @Option(
      names = "--beta",
      paramLabel = "X",
      description = "Weight of the capacity against the fit (the model card's, or 0.1).")
  private Double beta;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps of the optimiser (${DEFAULT-VALUE}).")
  private int steps = M2ibSettings.PAPER.steps();

  @Option(
      names = "--samples",
      paramLabel = "N",
      description = "Noise samples for each step (${DEFAULT-VALUE}).")
  private int samples = M2ibSettings.PAPER.samples();

  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      description = "Learning rate of Adam (${DEFAULT-VALUE}).")
  private double learningRate = M2ibSettings.PAPER.learningRate();

  @Option(
      names = "--seed",
      paramLabel = "TEXT",
      description = "Names the noise; the same seed gives the same map (${DEFAULT-VALUE}).")
  private String seed = M2ibSettings.PAPER.seed();

  /**
   * @param chosen by the model's card
   * @throws ParameterException when a value is out of its range; names option, value and range
   */
  M2ibSettings settings(ChosenSettings chosen) {
    M2ibSettings otherwise = M2ibSettings.of(chosen);
    try {
      return new M2ibSettings(
          layer == null ? otherwise.layer() : layer,
          beta == null ? otherwise.beta() : beta,
          steps,
          samples,
          learningRate,
          seed);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          command.commandLine(), e.getMessage().replace("m2ib.attribution.", "--"), e);
    }
  }
}
