package org.m2ib.cli;

import io.quarkus.picocli.runtime.annotations.TopCommand;
import org.m2ib.base.Notice;
import org.m2ib.boot.Version;
import org.m2ib.cli.demo.DemoCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The top-level command: lists the commands. */
@TopCommand
@Command(
    name = "m2ib",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Audits CLIP-style medical models: which pixels and which words carry an image-text match.",
      Notice.NOT_A_DEVICE
    },
    subcommands = {
      ServeCommand.class,
      DemoCommand.class,
      AttributeCommand.class,
      RedeliverCommand.class,
      ArrivalsCommand.class,
      DoctorCommand.class,
      TrainCommand.class,
      BenchmarkCommand.class,
      ModelsCommand.class,
      RoutesCommand.class,
      PhantomCommand.class,
      EvaluateCommand.class,
      CheckDecodersCommand.class,
      SentencesCommand.class,
      M2ibCommand.VerifyCommand.class
    })
public final class M2ibCommand implements Runnable {
  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "missing command");
  }

  /** The launcher runs the tests itself; this entry is for the list of commands. */
  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = "Runs all tests with Maven (in a checkout, through the launcher).")
  static final class VerifyCommand implements Runnable {
    @Override
    public void run() {
      throw new IllegalStateException("run ./m2ib verify in a source checkout");
    }
  }
}
