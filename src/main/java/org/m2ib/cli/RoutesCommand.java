package org.m2ib.cli;

import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.m2ib.base.yaml.InvalidFileException;
import org.m2ib.base.yaml.YamlNode;
import org.m2ib.routes.RouteFile;
import org.m2ib.routes.Routes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Groups the commands for a file of routes. */
@Command(
    name = "routes",
    mixinStandardHelpOptions = true,
    description = "Checks a file of routes, and shows what would happen to studies and reports.",
    subcommands = {RoutesTryCommand.class, RoutesCommand.CheckCommand.class})
public final class RoutesCommand implements Runnable {
  @Spec private CommandSpec command;

  @Override
  public void run() {
    throw new ParameterException(command.commandLine(), "missing command");
  }

  /**
   * Reads a file of routes.
   *
   * @throws ParameterException if it cannot be read or is wrong
   */
  static Routes read(Path file, RouteFile.Known known, CommandSpec command) {
    try {
      return RouteFile.read(YamlNode.textOf(file), known);
    } catch (InvalidFileException e) {
      throw new ParameterException(
          command.commandLine(), file + ":\n" + e.getMessage().indent(2).stripTrailing(), e);
    } catch (IOException e) {
      throw new ParameterException(command.commandLine(), file + ": " + e.getMessage(), e);
    }
  }

  /** {@code m2ib routes check}. */
  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = {
        "Reads a file of routes and says everything that is wrong with it.",
        "Models, TLS configurations and the like are those of the configuration."
      },
      footer = "Exit code: 0 it can be used, 2 it cannot.")
  static final class CheckCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "File of routes.")
    private Path file;

    @Spec private CommandSpec command;

    private final Instance<RouteFile.Known> known;

    @Inject
    CheckCommand(Instance<RouteFile.Known> known) {
      this.known = known;
    }

    @Override
    public Integer call() {
      Routes routes = read(file, known.get(), command);
      command
          .commandLine()
          .getOut()
          .printf(
              "%s: %d routes, %d destinations, SHA-256 %s%n",
              file, routes.routes().size(), routes.destinations().size(), routes.hash());
      return 0;
    }
  }
}
