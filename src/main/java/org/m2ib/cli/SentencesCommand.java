package org.m2ib.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.m2ib.cli.options.Failures;
import org.m2ib.config.Defaults;
import org.m2ib.config.M2ibConfig;
import org.m2ib.intake.file.ReportFile;
import org.m2ib.report.HeadingSettings;
import org.m2ib.report.ReadReport;
import org.m2ib.report.ReportSentences;
import org.m2ib.report.Sentence;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows how the service would read reports, before anything is switched on. */
@Command(
    name = "sentences",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Reads reports and shows their sections and sentences, which are attributed, and why the"
          + " others are not.",
      "A file is plain text, an HL7 v2 message, a FHIR DiagnosticReport (JSON), the JSON of"
          + " /api/reports or a DICOM structured report; the format is detected."
    },
    footer = {
      "With --json one report gives an object {\"language\": \"de\", \"sentences\": [{\"text\", \"start\", \"end\","
          + " \"section\", \"attributed\", \"reason\"}], \"notes\": []}; several give an array of"
          + " such objects, each with its \"file\". Offsets are UTF-16 units in the text that"
          + " --text prints.",
      "m2ib.report.sections and m2ib.report.headings apply.",
      "Exit code: 0 success, 1 a file could not be read, 2 wrong usage."
    })
public final class SentencesCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Report file.")
  private List<Path> files;

  @Option(names = "--json", description = "Print only JSON.")
  private boolean json;

  @Option(names = "--text", description = "Print only the report's text, as it is read.")
  private boolean text;

  @Override
  public Integer call() throws IOException {
    ReportSentences sentences = configured();
    PrintWriter out = command.commandLine().getOut();
    List<Map<String, Object>> all = new ArrayList<>();
    int failed = 0;
    for (Path file : files) {
      try {
        for (ReportFile report : ReportFile.read(file)) {
          if (text) {
            out.print(report.text());
            continue;
          }
          ReadReport read = sentences.read(report.text(), report.language());
          if (json) {
            all.add(json(file, report, read));
          } else {
            print(out, file, report, read);
          }
        }
      } catch (IOException | RuntimeException e) {
        failed++;
        command.commandLine().getErr().println("m2ib: " + file + ": " + message(e));
      }
    }
    if (json && !text) {
      print(out, all);
    }
    out.flush();
    return failed == 0 ? 0 : command.exitCodeOnExecutionException();
  }

  private void print(PrintWriter out, List<Map<String, Object>> all) throws IOException {
    boolean one = files.size() == 1 && all.size() == 1;
    all.forEach(report -> report.remove(one ? "file" : ""));
    if (files.size() > 1 || !all.isEmpty()) {
      out.println(new ObjectMapper().writeValueAsString(one ? all.get(0) : all));
    }
  }

  private static ReportSentences configured() {
    Config config = ConfigProvider.getConfig();
    return new ReportSentences(
        config
            .getOptionalValues("m2ib.report.sections", String.class)
            .map(Set::copyOf)
            .orElse(Set.of(Defaults.of(M2ibConfig.Report.class, "sections").split(","))),
        HeadingSettings.parse(
            config.getOptionalValues("m2ib.report.headings", String.class).orElse(List.of())));
  }

  private static List<String> notes(ReportFile report, ReadReport read) {
    List<String> notes = new ArrayList<>(report.notes());
    notes.add(read.share());
    notes.addAll(read.quoting());
    return notes;
  }

  private static Map<String, Object> json(Path file, ReportFile report, ReadReport read) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("file", file.toString());
    json.put("language", read.language().code());
    json.put("sentences", read.parts().stream().map(SentencesCommand::json).toList());
    json.put("notes", notes(report, read));
    return json;
  }

  private static Map<String, Object> json(ReadReport.Part part) {
    Sentence sentence = part.sentence();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("text", sentence.text());
    json.put("start", sentence.start());
    json.put("end", sentence.end());
    json.put("section", sentence.section());
    json.put("attributed", part.attributed());
    json.put("reason", part.reason());
    return json;
  }

  private static void print(PrintWriter out, Path file, ReportFile report, ReadReport read) {
    out.printf("%s: %s%n", file, report.format());
    out.printf("  language: %s%n", language(report, read));
    String section = null;
    for (ReadReport.Part part : read.parts()) {
      Sentence sentence = part.sentence();
      if (!sentence.section().equals(section)) {
        section = sentence.section();
        out.printf("  %s%n", section.isEmpty() ? "(under no heading)" : section);
      }
      out.printf(
          "    %s %5d..%-5d %s%s%n",
          part.attributed() ? "+" : "-",
          sentence.start(),
          sentence.end(),
          sentence.text().replaceAll("\\s+", " "),
          part.reason().isEmpty() ? "" : "  [" + part.reason() + "]");
    }
    notes(report, read).forEach(note -> out.printf("  note: %s%n", note));
    out.println();
  }

  private static String language(ReportFile report, ReadReport read) {
    String stated = report.language() == null ? "not stated" : "stated: " + report.language();
    return "%s (%s)".formatted(read.language().displayName(), stated);
  }

  private static String message(Exception e) {
    return e instanceof NoSuchFileException ? "no such file" : Failures.message(e);
  }
}
