package org.m2ib.app;

import org.m2ib.attribution.M2ibSettings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The bottleneck's settings on a command line; the defaults are the paper's. */
final class SettingsOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--layer",
      paramLabel = "N",
      description = "Encoder layer whose output is squeezed, counted from 0 (${DEFAULT-VALUE}).")
  private int layer = M2ibSettings.PAPER.layer();

  @Option(
      names = "--beta",
      paramLabel = "X",
      description = "Weight of the capacity against the fit (${DEFAULT-VALUE}).")
  private double beta = M2ibSettings.PAPER.beta();

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
   * @throws ParameterException when a value is out of its range; names option, value and range
   */
  M2ibSettings settings() {
    try {
      return new M2ibSettings(layer, beta, steps, samples, learningRate, seed);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          command.commandLine(), e.getMessage().replace("m2ib.attribution.", "--"), e);
    }
  }
}
