package org.m2ib.cli.options;

import java.util.ArrayList;
import java.util.List;
import org.m2ib.attribution.methods.Methods;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Names of methods on a command line: as a list, those there are, for the help. */
public final class MethodNames extends ArrayList<String> {
  MethodNames() {
    super(Methods.NAMES);
  }

  /**
   * @param option that names them
   * @throws ParameterException when one is no method; names it and those there are
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
