package org.m2ib.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.m2ib.boot.Doctor;
import org.m2ib.boot.Finding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code m2ib doctor}: tries everything that the configuration names. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Tries each archive, the FHIR server, certificates, database, disk, ports, decoders and models.",
      "Changes and sends nothing. Exits with 1 if any has failed; a warning is no failure.",
      "A running service answers the same at GET /api/doctor."
    })
public final class DoctorCommand implements Callable<Integer> {
  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Spec CommandSpec spec;

  private final Instance<Doctor> doctor;

  @Inject
  DoctorCommand(Instance<Doctor> doctor) {
    this.doctor = doctor;
  }

  @Override
  public Integer call() throws IOException {
    Finding.Examination report = doctor.get().examine(false);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
      out.println(mapper.writeValueAsString(report));
    } else {
      for (Finding finding : report.checks()) {
        out.printf("%-8s%s: %s%n", finding.status(), finding.name(), finding.found());
        if (!finding.advice().isEmpty()) {
          out.printf("        %s%n", finding.advice());
        }
      }
    }
    return report.status() == Finding.Condition.FAILED ? 1 : 0;
  }
}
