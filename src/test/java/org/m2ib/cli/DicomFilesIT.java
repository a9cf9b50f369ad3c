package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.dicom.DicomException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreOutcome;
import org.m2ib.dicom.StoreScu;
import org.m2ib.dicom.Tags;
import org.m2ib.peers.Peers;
import org.m2ib.peers.ServiceProcess;

/**
 * Every file of src/test/resources/dicom goes through the packaged service once, with a report;
 * docs/dicom-files.md says what became of it. After a change, run this test once with {@code
 * -Dm2ib.write-docs=true}.
 */
class DicomFilesIT {
  private static final Path FILES = Path.of("src/test/resources/dicom");
  private static final Path MANUAL = Path.of("docs/dicom-files.md");
  private static final Set<String> ENDS = Set.of("DELIVERED", "FAILED", "SKIPPED", "MISMATCHED");
  private static final String EVERYTHING_IS_ATTRIBUTED =
      "1.2.840.10008.5.1.4.1.1.1,1.2.840.10008.5.1.4.1.1.1.1,1.2.840.10008.5.1.4.1.1.2,"
          + "1.2.840.10008.5.1.4.1.1.4,1.2.840.10008.5.1.4.1.1.6.1,1.2.840.10008.5.1.4.1.1.7,"
          + "1.2.840.10008.5.1.4.1.1.3.1,1.2.840.10008.5.1.4.1.1.12.1,1.2.840.10008.5.1.4.1.1.20";

  @TempDir Path folder;

  @Test
  void everyFileEndsVisiblyAndTheServiceGoesOn() throws Exception {
    StringBuilder table =
        new StringBuilder(
            """
            # DICOM files tried

            Made by `DicomFilesIT`: each file is sent to the service by C-STORE, with a report. For this test the SOP classes and
            modalities that are attributed are widened; by default only radiographs are.

            | file | transfer syntax | C-STORE | case | reason |
            |---|---|---|---|---|
            """);
    Map<String, String> settings =
        Map.of(
            "m2ib.images.sop-classes",
            EVERYTHING_IS_ATTRIBUTED,
            "m2ib.dicom.refuse-undecoded",
            "false",
            "m2ib.images.modalities",
            "CR,DX,RG,SC,OT,CT,MR,US,XA,NM,DR");
    try (ServiceProcess service = new ServiceProcess(folder, settings).start()) {
      for (Path file : files()) {
        table.append(row(service, file));
      }
      assertThat(service.get("/q/health/group/intake").statusCode()).isEqualTo(200);
    }
    String manual = table.toString();
    if (Boolean.getBoolean("m2ib.write-docs")) {
      Files.writeString(MANUAL, manual);
    }
    assertThat(Files.readString(MANUAL)).isEqualTo(manual);
  }

  private static String row(ServiceProcess service, Path file)
      throws IOException, InterruptedException {
    DicomObject header;
    try {
      header = DicomObject.readHeader(file);
    } catch (DicomException e) {
      return line(file, "", "not sent: " + e.getMessage(), "", "");
    }
    String study = header.string(Tags.StudyInstanceUID, "");
    String before = study.isEmpty() ? "" : changed(service, study);
    RemoteAe us = new RemoteAe("M2IB", "127.0.0.1", service.dicomPort());
    StoreOutcome outcome =
        new StoreScu(StoreScu.Settings.of("TEST")).store(us, List.of(file)).get(0);
    String stored =
        outcome.status() < 0
            ? "not sent: " + outcome.comment()
            : "%04X %s".formatted(outcome.status(), outcome.comment()).strip();
    if (!outcome.stored()) {
      return line(file, header.transferSyntaxUid(), stored, "", "");
    }
    String report = "{\"studyInstanceUid\": \"%s\", \"text\": \"FINDINGS: Clear lungs.\"}";
    assertThat(service.post("/api/reports", report.formatted(study)).statusCode()).isEqualTo(202);
    JsonNode ended = await(service, study, before);
    return line(
        file,
        header.transferSyntaxUid(),
        stored,
        ended.get("state").asText(),
        ended.get("reason").asText());
  }

  /** The end of a study's case; some files share a study, which then goes round again. */
  private static JsonNode await(ServiceProcess service, String study, String before)
      throws IOException, InterruptedException {
    Peers.await(
        "the end of study " + study,
        Duration.ofSeconds(60),
        () ->
            !changed(service, study).equals(before)
                && ENDS.contains(service.cases(study).get(0).get("state").asText()));
    return service.cases(study).get(0);
  }

  private static String changed(ServiceProcess service, String study)
      throws IOException, InterruptedException {
    JsonNode cases = service.cases(study);
    return cases.isEmpty() ? "" : cases.get(0).get("updatedAt").asText();
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(FILES)) {
      return files.filter(f -> f.toString().endsWith(".dcm")).sorted().toList();
    }
  }

  private static String line(Path file, String syntax, String stored, String state, String reason) {
    return "| `%s` | %s | %s | %s | %s |%n"
        .formatted(file.getFileName(), syntax, stored, state, reason.replace("|", "/"));
  }
}
