package org.m2ib.cli.options;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.NoiseKind;
import org.m2ib.clip.ChosenSettings;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The bottleneck's settings on a command line; the defaults are the model card's, or the paper's.
 */
public final class SettingsOptions {
  private static final List<String> NAMES =
      List.of(
          "--layer",
          "--beta",
          "--steps",
          "--samples",
          "--learning-rate",
          "--tolerance",
          "--seed",
          "--noise");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Mixin private ChosenOptions own;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps of the optimiser (the model card's, or 10).")
  private Integer steps;

  @Option(
      names = "--samples",
      paramLabel = "N",
      description = "Noise samples per step (${DEFAULT-VALUE}).")
  private int samples = M2ibSettings.PAPER.samples();

  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      description = "Learning rate of Adam (${DEFAULT-VALUE}).")
  private double learningRate = M2ibSettings.PAPER.learningRate();

  @Option(
      names = "--tolerance",
      paramLabel = "X",
      description = "Stop early when a step changes the loss by less (${DEFAULT-VALUE}: never).")
  private double tolerance = M2ibSettings.PAPER.tolerance();

  @Option(
      names = "--seed",
      paramLabel = "TEXT",
      description = "Seed of the noise; the same seed gives the same map (${DEFAULT-VALUE}).")
  private String seed = M2ibSettings.PAPER.seed();

  @Option(
      names = "--noise",
      paramLabel = "KIND",
      description = {
        "How samples and steps share noise: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE})."
      })
  private NoiseKind noise = M2ibSettings.PAPER.noise();

  /**
   * @param chosen settings from the model card
   * @throws ParameterException if a value is out of range; names option, value and range
   */
  public M2ibSettings settings(ChosenSettings chosen) {
    ChosenSettings said =
        new ChosenSettings(
            OptionalInt.empty(),
            OptionalDouble.empty(),
            steps == null ? OptionalInt.empty() : OptionalInt.of(steps));
    return ChosenOptions.checked(
        command,
        () ->
            M2ibSettings.of(
                own.or(said.or(chosen)), samples, learningRate, tolerance, seed, noise));
  }

  /** Those given on the command line, as arguments that repeat them. */
  public String asArguments() {
    return command.commandLine().getParseResult().matchedOptions().stream()
        .filter(option -> NAMES.contains(option.longestName()))
        .map(option -> " " + option.longestName() + " " + option.getValue())
        .collect(Collectors.joining());
  }
}
