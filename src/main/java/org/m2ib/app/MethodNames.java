package org.m2ib.app;

import java.util.List;
import org.m2ib.attribution.Methods;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Names of methods on a command line. */
final class MethodNames {
  private MethodNames() {}

  /**
   * @throws ParameterException when one is no method; names it and those there are
   */
  static List<String> checked(CommandSpec command, List<String> names) {
    try {
      names.forEach(Methods::card);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), "--methods: " + e.getMessage(), e);
    }
    return names;
  }
}
