package org.m2ib.cli;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.m2ib.cli.demo.DemoSettings;
import org.m2ib.cli.options.Failures;
import org.m2ib.security.RequestTargets;
import picocli.CommandLine;

/** The program: {@code m2ib COMMAND}. Only {@code serve} and {@code demo} open listeners. */
@QuarkusMain
public class Main {
  private Main() {}

  public static void main(String... args) {
    // what is written into objects, messages and tables is English, whatever the machine's language
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    if (isDemo(args)) {
      DemoSettings.apply(args);
    } else if (!List.of(args).equals(List.of("serve"))) { // it has no options but --help
      closed();
    }
    System.setProperty(RequestTargets.OWN_CHECK, "true");
    Quarkus.run(Commands.class, Main::exit, args);
  }

  private static boolean isDemo(String... args) {
    return args.length > 0
        && args[0].equals("demo")
        && Arrays.stream(args).noneMatch(Set.of("-h", "--help", "-V", "--version")::contains);
  }

  private static void closed() {
    System.setProperty("quarkus.http.host-enabled", "false");
    System.setProperty("quarkus.log.level", "WARN");
    System.setProperty("quarkus.log.console.json.enabled", "false");
  }

  private static void exit(int code, Throwable failure) {
    if (failure != null) { // an invalid configuration fails before logging is set up
      Throwable cause = failure;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      System.err.println("m2ib: " + Failures.message(cause));
    }
    System.exit(code);
  }

  /** Runs the command line inside the started application. */
  public static class Commands implements QuarkusApplication {
    @Inject CommandLine.IFactory factory;

    @Override
    public int run(String... args) {
      return new CommandLine(M2ibCommand.class, factory)
          .setExecutionExceptionHandler(new Failures())
          .execute(args);
    }
  }
}
