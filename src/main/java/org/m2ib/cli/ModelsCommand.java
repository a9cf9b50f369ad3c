package org.m2ib.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the commands that prepare a model for serving. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    description = "Checks and tunes a model before it is served.",
    subcommands = {ModelsCheckCommand.class, ModelsTuneCommand.class})
public final class ModelsCommand implements Runnable {
  @Spec private CommandSpec command;

  @Override
  public void run() {
    throw new ParameterException(command.commandLine(), "missing command");
  }
}
