package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.cli.options.Failures;
import picocli.CommandLine;

class SentencesCommandTest {
  private static final Path TRIED = Path.of("src/test/resources/report/tried");
  private static final Path MANUAL = Path.of("docs/reports-tried.md");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  @Test
  void oneReportIsOneJsonObjectWithExactOffsets() throws IOException {
    String text =
        "Indication: Cough.\r\n\r\nHeart normal 𝒜.\r\n\r\nElectronically signed by Dr. A\r\n";
    Path file = file("report.txt", text);
    assertThat(run("--json", file.toString())).isZero();
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.fieldNames()).toIterable().containsExactly("sentences", "notes");
    assertThat(json.get("sentences"))
        .allSatisfy(
            s -> {
              assertThat(s.fieldNames())
                  .toIterable()
                  .containsExactly("text", "start", "end", "section", "attributed", "reason");
              assertThat(text.substring(s.get("start").asInt(), s.get("end").asInt()))
                  .isEqualTo(s.get("text").asText());
              assertThat(s.get("attributed").asBoolean() || !s.get("reason").asText().isEmpty())
                  .isTrue();
            })
        .extracting(s -> s.get("section").asText() + ":" + s.get("attributed"))
        .containsExactly("indication:false", ":true", ":false");
    assertThat(json.get("notes").get(0).asText()).contains("% of the report's text is attributed");
  }

  @Test
  void severalReportsAreAnArrayWithTheirFiles() throws IOException {
    Path a = file("a.txt", "FINDINGS: Clear.");
    Path b = file("b.txt", "IMPRESSION: Normal.");
    assertThat(run("--json", a.toString(), b.toString())).isZero();
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json)
        .extracting(report -> report.get("file").asText())
        .containsExactly(a.toString(), b.toString());
  }

  @Test
  void forAReaderThereAreSectionsSentencesReasonsAndNotes() throws IOException {
    assertThat(run(file("a.txt", "HISTORY: Cough.\nFINDINGS: Clear.").toString())).isZero();
    assertThat(out.toString())
        .contains("plain text", "  history", "    - ", "Cough.  [in section history", "    + ")
        .contains("note: 50 % of the report's text is attributed (6 of 12 characters)");
  }

  @Test
  void theTextThatOffsetsAreOfCanBePrinted() throws IOException {
    Path file = file("api.json", "{\"accessionNumber\": \"A\", \"text\": \"Clear.\\r\\nNormal.\"}");
    assertThat(run("--text", file.toString())).isZero();
    assertThat(out.toString()).isEqualTo("Clear.\nNormal.");
  }

  @ParameterizedTest
  @CsvSource({
    "absent.txt,,no such file",
    "a.pdf,%PDF-1.7,PDF and RTF are not supported",
    "empty.txt,' ',no text",
    "a.json,{\"resourceType\": \"Patient\"},not a FHIR DiagnosticReport",
    "b.json,{\"text\": 1,neither a FHIR DiagnosticReport",
    "a.hl7,MSH|^~\\&|A|B|C|D|2021||ADT^A01|1|P|2.5,only ORU^R01"
  })
  void whatCannotBeReadIsToldAndTheOthersAreRead(String name, String content, String message)
      throws IOException {
    Path bad = content == null ? folder.resolve(name) : file(name, content);
    Path good = file("good.txt", "FINDINGS: Clear.");
    assertThat(run("--json", bad.toString(), good.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("m2ib: " + bad + ": ").contains(message);
    assertThat(new ObjectMapper().readTree(out.toString()).get(0).get("sentences")).hasSize(1);
  }

  @Test
  void wrongUsageIsTwo() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("Exit code: 0 all read");
  }

  /** docs/reports-tried.md; {@code -Dm2ib.write-docs=true} writes it. */
  @Test
  void everyReportThatWasTriedHasItsOutcome() throws IOException {
    StringBuilder table =
        new StringBuilder(
            """
            # Reports tried

            Made by `SentencesCommandTest` with `m2ib sentences`: what is attributed of each report, and what the rest is left out as, in
            characters. `made` are forms of reports that were made for this project.

            | file | what it is | attributed | outcome |
            |---|---|---|---|
            """);
    List<Path> files = new ArrayList<>();
    for (Path root : List.of(TRIED, Path.of("src/test/resources/dicom"))) {
      try (Stream<Path> all = Files.walk(root)) {
        all.filter(Files::isRegularFile)
            .filter(f -> root.equals(TRIED) || f.toString().matches(".*(reportsi|test-SR).dcm"))
            .sorted()
            .forEach(files::add);
      }
    }
    for (Path file : files) {
      table.append(row(file));
    }
    if (Boolean.getBoolean("m2ib.write-docs")) {
      Files.writeString(MANUAL, table);
    }
    // messages are read by intake, which has tests of its own
    assertThat(texts(Files.readString(MANUAL))).isEqualTo(texts(table.toString()));
  }

  private static String texts(String manual) {
    return manual
        .lines()
        .filter(l -> !l.matches(".*\\.(hl7|json)`.*"))
        .collect(Collectors.joining("\n"));
  }

  private String row(Path file) throws IOException {
    String name = file.getParent().getFileName() + "/" + file.getFileName();
    StringBuilder rows = new StringBuilder();
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    if (run("--json", file.toString()) != 0) {
      String said = err.toString().strip().replaceFirst("^m2ib: [^ ]+: ", "");
      return "| `%s` | | | refused: %s |\n".formatted(name, said);
    }
    JsonNode json = new ObjectMapper().readTree(out.toString());
    for (JsonNode report : json.isArray() ? json : List.of(json)) {
      long attributed =
          StreamSupport.stream(report.get("sentences").spliterator(), false)
              .filter(s -> s.get("attributed").asBoolean())
              .count();
      String share =
          StreamSupport.stream(report.get("notes").spliterator(), false)
              .map(JsonNode::asText)
              .filter(note -> note.contains("% of") || note.contains("taken for"))
              .collect(Collectors.joining("; "));
      rows.append(
          "| `%s` | %s | %d of %d sentences | %s |\n"
              .formatted(name, kind(file), attributed, report.get("sentences").size(), share));
    }
    return rows.toString();
  }

  private static String kind(Path file) {
    String name = file.toString();
    return name.endsWith(".hl7")
        ? "HL7 v2"
        : name.endsWith(".json") ? "FHIR or JSON" : name.endsWith(".dcm") ? "DICOM SR" : "text";
  }

  private Path file(String name, String content) throws IOException {
    return Files.write(folder.resolve(name), content.getBytes(StandardCharsets.UTF_8));
  }

  private int run(String... arguments) {
    return new CommandLine(new SentencesCommand())
        .setExecutionExceptionHandler(new Failures())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
