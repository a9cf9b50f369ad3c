package org.m2ib.cli.options;

import org.m2ib.engine.InferenceEngine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The device that runs a command's model. */
public final class DeviceOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--device",
      paramLabel = "cpu|gpu[N]|auto",
      description = "Device that runs the model: cpu, gpu, gpuN or auto (${DEFAULT-VALUE}).")
  private String device = "cpu";

  /** The option as needed to repeat the command: nothing for the default. */
  public String asArguments() {
    return device.equals("cpu") ? "" : " --device " + device;
  }

  /**
   * @throws ParameterException if there is no such device; names the devices found
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
