package org.m2ib.cli.options;

import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.PrecisionChoice;
import org.m2ib.clip.loading.ClipModel;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The precision of the bottleneck's loop on a command line. */
public final class PrecisionOption {
  private static final String FLOAT32 = "float32";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--precision",
      paramLabel = "float32|bfloat16|auto",
      description =
          "Precision of the bottleneck's matrix products: float32, bfloat16, or auto for the"
              + " faster one as measured first (${DEFAULT-VALUE}).")
  private String precision = FLOAT32;

  /** The option as needed to repeat the command: nothing for the default. */
  public String asArguments() {
    return precision.equals(FLOAT32) ? "" : " --precision " + precision;
  }

  /**
   * The settings in the chosen precision.
   *
   * @throws ParameterException for another value
   */
  public M2ibSettings in(ClipModel model, M2ibSettings settings) {
    try {
      PrecisionChoice choice = PrecisionChoice.of(precision, model, settings);
      if (choice.gain() != null) {
        command.commandLine().getErr().println("m2ib: precision " + choice);
      }
      return settings.with(choice.used());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          command.commandLine(),
          e.getMessage().replace("m2ib.engine.precision = ", "--precision "),
          e);
    }
  }
}
