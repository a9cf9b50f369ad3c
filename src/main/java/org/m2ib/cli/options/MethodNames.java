package org.m2ib.cli.options;

import java.util.ArrayList;
import java.util.List;
import org.m2ib.attribution.methods.Methods;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Method names on a command line; as a list, all available ones, for the help. */
public final class MethodNames extends ArrayList<String> {
  MethodNames() {
    super(Methods.NAMES);
  }

  /**
   * @param option that names them
   * @throws ParameterException for an unknown method; names it and the available ones
   */
  public static List<String> checked(CommandSpec command, String option, List<String> names) {
    try {
      names.forEach(Methods::card);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), option + ": " + e.getMessage(), e);
    }
    return names;
  }
}
