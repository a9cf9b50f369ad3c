package org.m2ib.cli.options;

import org.m2ib.engine.InferenceEngine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where a command's model runs. */
public final class DeviceOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--device",
      paramLabel = "cpu|gpu[N]|auto",
      description = "Where the model runs (${DEFAULT-VALUE}).")
  private String device = "cpu";

  /** As a command that can be given again says it: nothing for the default. */
  public String asArguments() {
    return device.equals("cpu") ? "" : " --device " + device;
  }

  /**
   * @throws ParameterException when there is none such; says what there is
   */
  public String checked() {
    try {
      InferenceEngine.device(device);
      return device;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          command.commandLine(), e.getMessage().replace("m2ib.engine.device = ", "--device "), e);
    }
  }
}
