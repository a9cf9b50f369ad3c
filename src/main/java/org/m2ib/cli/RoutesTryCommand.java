package org.m2ib.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.m2ib.cli.TriedCases.TriedCase;
import org.m2ib.cli.TriedCases.TriedReport;
import org.m2ib.cli.options.Failures;
import org.m2ib.config.M2ibConfig;
import org.m2ib.imaging.ImageSelection;
import org.m2ib.intake.hl7.Hl7Fields;
import org.m2ib.operations.RouteTrial;
import org.m2ib.routes.CaseFacts;
import org.m2ib.routes.ImageFacts;
import org.m2ib.routes.ReportFacts;
import org.m2ib.routes.RouteFile;
import org.m2ib.routes.Routes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code m2ib routes try}: what would happen to files, and why. */
@Command(
    name = "try",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Shows which route studies and reports would take, why not an earlier one, and what would be"
          + " attributed and sent where. Sends and stores nothing.",
      "A file is a DICOM object or a report in any form that the service reads, or a folder of them."
          + " A study and a report that share an identifier make one case; a report without one goes"
          + " with the only study."
    },
    footer = "Exit code: 0 success, 1 a file could not be read, 2 wrong usage or file of routes.")
public final class RoutesTryCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "FILE", description = "File or folder.")
  private List<Path> paths;

  @Option(
      names = "--routes",
      paramLabel = "FILE",
      description = "File of routes to try. Default: that of m2ib.routes.")
  private Path file;

  @Option(
      names = "--calling-ae-title",
      paramLabel = "AET",
      description = "AE title that would send the images; a file does not say.")
  private String callingAeTitle;

  @Option(
      names = "--called-ae-title",
      paramLabel = "AET",
      description = "AE title of the service that they would be sent to.")
  private String calledAeTitle;

  @Option(names = "--json", description = "Print JSON: an array of cases.")
  private boolean json;

  @Spec private CommandSpec command;

  private final M2ibConfig config;
  private final Supplier<RouteFile.Known> known;
  private final Supplier<ImageSelection> selection;

  @Inject
  RoutesTryCommand(
      M2ibConfig config, Instance<RouteFile.Known> known, Instance<ImageSelection> selection) {
    this(config, known::get, selection::get);
  }

  RoutesTryCommand(
      M2ibConfig config, Supplier<RouteFile.Known> known, Supplier<ImageSelection> selection) {
    this.config = config;
    this.known = known;
    this.selection = selection;
  }

  @Override
  public Integer call() throws IOException {
    Path chosen = file == null ? config.routes().orElse(null) : file;
    if (chosen == null) {
      throw new ParameterException(
          command.commandLine(), "no routes: give --routes FILE, or set m2ib.routes");
    }
    Routes routes = RoutesCommand.read(chosen, known.get(), command);
    ImageSelection configured = selection.get();
    TriedCases cases = new TriedCases(configured.own());
    int failed = 0;
    for (Path path : paths) {
      for (Path each : TriedCases.files(path)) {
        failed += add(cases, each) ? 0 : 1;
      }
    }
    RouteTrial trial = new RouteTrial(config, configured);
    List<RouteTrial.Outcome> outcomes = new ArrayList<>();
    for (TriedCase tried : cases.all()) {
      outcomes.add(trial.of(tried(tried), routes.decide(facts(cases, tried))));
    }
    PrintWriter out = command.commandLine().getOut();
    if (json) {
      ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
      out.println(mapper.writeValueAsString(outcomes));
    } else {
      outcomes.forEach(outcome -> out.println(outcome.text()));
    }
    out.flush();
    return failed == 0 ? 0 : command.exitCodeOnExecutionException();
  }

  private boolean add(TriedCases cases, Path path) {
    try {
      cases.add(path);
      return true;
    } catch (IOException | RuntimeException e) {
      String why = e instanceof NoSuchFileException ? "no such file" : Failures.message(e);
      command.commandLine().getErr().println("m2ib: " + path + ": " + why);
      return false;
    }
  }

  private CaseFacts facts(TriedCases cases, TriedCase tried) {
    CaseFacts facts = new CaseFacts(report(tried.report()));
    for (int i = 0; i < tried.images().size(); i++) {
      if (cases.counts(tried.images().get(i).header())) {
        facts.add(
            new ImageFacts(i + 1, callingAeTitle, calledAeTitle, tried.images().get(i).header()));
      }
    }
    return facts;
  }

  private RouteTrial.Tried tried(TriedCase tried) {
    TriedReport report = tried.report();
    return new RouteTrial.Tried(
        tried.images().stream()
            .map(
                image ->
                    new RouteTrial.TriedImage(
                        image.file().toString(), callingAeTitle, image.header()))
            .toList(),
        report == null ? null : report.file() + " (" + report.read().format() + ")",
        report == null ? null : report.read().language());
  }

  private static ReportFacts report(TriedReport report) {
    return report == null
        ? ReportFacts.NONE
        : new ReportFacts(report.read().language(), () -> message(report));
  }

  private static Optional<Hl7Fields> message(TriedReport report) {
    try {
      return report.read().format().startsWith("HL7")
          ? Hl7Fields.of(Files.readAllBytes(report.file()), report.read().reportId())
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
