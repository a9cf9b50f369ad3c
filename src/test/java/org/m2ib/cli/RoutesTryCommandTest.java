package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.boot.Deployment;
import org.m2ib.config.TestConfig;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.routes.RouteFile;
import picocli.CommandLine;

/** What {@code routes try} says of the samples. */
class RoutesTryCommandTest {
  private static final String CHEST = "samples/chest.dcm";
  private static final String REPORT = "samples/report.hl7";

  @TempDir Path dir;
  private Path routes;
  private final Map<String, String> settings = new HashMap<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void routes() throws IOException {
    settings.put("m2ib.archive", "PACS@pacs:104");
    settings.put("m2ib.models.ct.path", "/models/ct");
    settings.put("m2ib.models.ct.modality", "CR");
    routes =
        Files.writeString(
            dir.resolve("routes.yaml"),
            """
            destinations:
              research: {archive: RESEARCH@10.0.0.5:104}
              hub: {fhir: https://hub.example/fhir}
            routes:
              - name: ct
                when: {modality: CT}
              - name: mobile
                when: {calling-ae-title: MOBILE*, hl7: {MSH-4: SAMPLE}}
                model: default
                method: rise
                objects: [parametric-map]
                destinations: [research, hub]
              - name: lateral
                when: {modality: CR, report-language: de}
                images: {view-positions: LL}
              - name: none
                when: {called-ae-title: TEST}
                ignore: a test
            """);
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return new CommandLine(
            new RoutesTryCommand(
                TestConfig.of(settings),
                () ->
                    new RouteFile.Known(
                        Set.of("default", "ct"), List.of("m2ib", "rise"), tls -> {}, hl7 -> hl7),
                () -> Deployment.selection(TestConfig.of(settings))))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  private JsonNode only(String... arguments) throws IOException {
    assertThat(run(arguments)).as(err.toString()).isZero();
    JsonNode cases = new ObjectMapper().readTree(out.toString());
    assertThat(cases).as(out.toString()).hasSize(1);
    return cases.get(0);
  }

  @Test
  void aStudyAndItsReportMakeOneCase() throws IOException {
    JsonNode tried =
        only(
            "--routes",
            routes.toString(),
            "--json",
            "--calling-ae-title",
            "MOBILE3",
            CHEST,
            REPORT);
    assertThat(tried.at("/report").asText()).isEqualTo(REPORT + " (HL7 v2 message)");
    assertThat(tried.at("/taken/route").asText()).isEqualTo("mobile");
    assertThat(tried.at("/taken/line").asInt()).isEqualTo(7);
    assertThat(tried.at("/taken/checks/0/found").asText()).isEqualTo("MOBILE3");
    assertThat(tried.at("/passed/0/checks/0/found").asText()).isEqualTo("CR");
    assertThat(tried.at("/passed/0/checks/0/holds").asBoolean()).isFalse();
    assertThat(tried.at("/images/0/chosen").asBoolean()).isTrue();
    assertThat(tried.at("/model/name").asText()).isEqualTo("default");
    assertThat(tried.at("/method").asText()).isEqualTo("rise");
    assertThat(tried.at("/destinations").toString())
        .isEqualTo(
            "[{\"destination\":\"research\",\"address\":\"RESEARCH@10.0.0.5:104\",\"objects\":"
                + "[\"parametric-map\"]},{\"destination\":\"hub\",\"address\":"
                + "\"https://hub.example/fhir\",\"objects\":[\"FHIR Bundle\"]}]");
  }

  @Test
  void theSlicesOfASeriesAreThoseOfTheRoute() throws IOException {
    Path study = Files.createDirectories(dir.resolve("ct"));
    for (int n = 1; n <= 5; n++) {
      DicomObject slice =
          DicomFiles.radiograph("1.2.3.4." + n)
              .set(Tags.SOPClassUID, "1.2.840.10008.5.1.4.1.1.2")
              .set(Tags.Modality, "CT")
              .set(Tags.InstanceNumber, n);
      DicomFiles.write(slice, study, n + ".dcm");
    }
    Files.writeString(
        routes,
        """
        routes:
          - name: ct
            images: {sop-classes: 1.2.840.10008.5.1.4.1.1.2, modalities: CT, slices: middle}
        """);
    JsonNode images = only("--routes", routes.toString(), "--json", study.toString()).get("images");
    assertThat(images.findValuesAsText("chosen"))
        .as(images.toString())
        .containsExactly("false", "false", "true", "false", "false");
    assertThat(images.at("/0/reason").asText()).contains("was not selected from its series");
  }

  @Test
  void itSaysWhyNot() {
    assertThat(run("--routes", routes.toString(), CHEST, REPORT)).isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            study of samples/chest.dcm, report samples/report.hl7 (HL7 v2 message)
              not ct (line 5), samples/chest.dcm: modality: CR, not CT
              not mobile (line 7), samples/chest.dcm: calling-ae-title: absent, not MOBILE*; hl7.MSH-4: SAMPLE
              not lateral (line 13), samples/chest.dcm: modality: CR; report-language: none stated, not de
              not none (line 16), samples/chest.dcm: called-ae-title: absent, not TEST
              takes default, no conditions
                + samples/chest.dcm, frame 1
              model ct, by its rule in m2ib.models, method m2ib
              to archive PACS@pacs:104: secondary-capture

            """
                .replace("takes default, no conditions", "takes default: no conditions"));
  }

  @Test
  void aReportWithoutItsStudyIsTriedAlone() {
    assertThat(run("--routes", routes.toString(), REPORT)).isZero();
    assertThat(out.toString())
        .startsWith("no study, report samples/report.hl7")
        .contains("not ct (line 5): modality: no image, not CT");
    assertThat(run("--routes", routes.toString(), CHEST)).isZero();
    assertThat(out.toString())
        .startsWith("study of samples/chest.dcm, no report")
        .contains("hl7.MSH-4: no report, not SAMPLE");
  }

  @Test
  void aTextGoesWithTheOnlyStudy() throws IOException {
    JsonNode tried = only("--routes", routes.toString(), "--json", CHEST, "samples/report.txt");
    assertThat(tried.at("/report").asText()).endsWith("(plain text)");
    assertThat(tried.at("/files")).hasSize(1);
  }

  @Test
  void aReportOfAnotherStudyIsACaseOfItsOwn() throws IOException {
    Path other =
        Files.writeString(
            dir.resolve("other.json"), "{\"studyInstanceUid\": \"1.2.3\", \"text\": \"Clear.\"}");
    assertThat(run("--routes", routes.toString(), "--json", CHEST, other.toString())).isZero();
    assertThat(new ObjectMapper().readTree(out.toString())).hasSize(2);
  }

  @Test
  void aFolderIsReadWithItsSubFolders() throws IOException {
    Path sub = Files.createDirectories(dir.resolve("study/series"));
    Files.copy(Path.of(CHEST), sub.resolve("1"));
    Files.copy(Path.of(REPORT), dir.resolve("study/report.hl7"));
    Files.writeString(sub.resolve("DICOMDIR.bak"), "nothing");
    JsonNode tried = only("--routes", routes.toString(), "--json", dir.resolve("study").toString());
    assertThat(tried.at("/files")).hasSize(1);
    assertThat(tried.at("/report").asText()).contains("report.hl7");
  }

  @Test
  void anIgnoredCaseSaysSo() {
    assertThat(run("--routes", routes.toString(), "--called-ae-title", "TEST", CHEST)).isZero();
    assertThat(out.toString()).contains("takes none (line 16)", "is ignored: a test");
    assertThat(out.toString()).doesNotContain("model", "  to ");
  }

  @Test
  void theConfiguredFileIsTheDefault() throws IOException {
    settings.put("m2ib.routes", routes.toString());
    assertThat(only("--json", CHEST).at("/taken/route").asText()).isEqualTo("default");
  }

  @Test
  void aFileThatCannotBeReadDoesNotHideTheOthers() {
    assertThat(run("--routes", routes.toString(), "missing.dcm", CHEST)).isEqualTo(1);
    assertThat(err.toString()).contains("missing.dcm: no such file");
    assertThat(out.toString()).contains("takes default");
  }

  @Test
  void wrongUsageIsTold() throws IOException {
    assertThat(run(CHEST)).isEqualTo(2);
    assertThat(err.toString()).contains("give --routes FILE, or set m2ib.routes");
    Files.writeString(routes, "routes: [{name: a, model: other}]");
    assertThat(run("--routes", routes.toString(), CHEST)).isEqualTo(2);
    assertThat(err.toString())
        .contains(routes + ":", "  line 1: routes[0].model: there is no model 'other'");
    assertThat(run("--routes", "missing.yaml", CHEST)).isEqualTo(2);
    assertThat(err.toString()).contains("missing.yaml: there is no such file");
  }
}
