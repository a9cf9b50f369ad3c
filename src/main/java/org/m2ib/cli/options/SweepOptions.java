package org.m2ib.cli.options;

import java.util.EnumMap;
import java.util.Map;
import org.m2ib.lab.experiments.SweepKind;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a sweep varies, each with its number of pictures. */
public final class SweepOptions {
  private static final String SOME = "60";

  /** The options, as an error message names them. */
  public static final String NAMES = "--sweep, --savings, --precisions and --noises";

  private final Map<SweepKind, Integer> chosen = new EnumMap<>(SweepKind.class);

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--sweep",
      paramLabel = "N",
      arity = "0..1",
      fallbackValue = SOME,
      description = {
        "Instead, vary layer, beta and M2IB's other settings one at a time, and compare with other "
            + "methods, on N further phantoms (60), or N pictures of --data."
      })
  private void sweep(int n) {
    choose(SweepKind.SWEEP, n);
  }

  @Option(
      names = "--savings",
      paramLabel = "N",
      arity = "0..1",
      fallbackValue = SOME,
      description = {
        "Instead, measure how early stopping, fewer steps and fewer samples change the maps, on N "
            + "further phantoms (60), or N pictures of --data."
      })
  private void savings(int n) {
    choose(SweepKind.SAVINGS, n);
  }

  @Option(
      names = "--precisions",
      paramLabel = "N",
      arity = "0..1",
      fallbackValue = SOME,
      description = {
        "Instead, measure how bfloat16 changes the maps, beside other noise, on N further phantoms "
            + "(60), or N pictures of --data."
      })
  private void precisions(int n) {
    choose(SweepKind.PRECISIONS, n);
  }

  @Option(
      names = "--noises",
      paramLabel = "N",
      arity = "0..1",
      fallbackValue = SOME,
      description = {
        "Instead, measure how far maps with different noise agree, for each kind of noise and "
            + "several numbers of samples, on N further phantoms (60), or N pictures of --data."
      })
  private void noises(int n) {
    choose(SweepKind.NOISES, n);
  }

  private void choose(SweepKind kind, int n) {
    if (n < 1) {
      throw new ParameterException(command.commandLine(), NAMES + " must be at least 1");
    }
    chosen.put(kind, n);
  }

  /** Empty if no sweep is asked for. */
  public Map<SweepKind, Integer> chosen() {
    return chosen;
  }
}
