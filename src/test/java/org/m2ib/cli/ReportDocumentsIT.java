package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.intake.dicom.TestDocument;
import org.m2ib.intake.documents.MadePdf;
import org.m2ib.peers.Peers;
import org.m2ib.peers.ServiceProcess;

/** The packaged service, and the report documents that dcmtk writes and sends. */
class ReportDocumentsIT {
  private static final Path CHEST = Path.of("samples/chest.dcm");
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @TempDir Path folder;

  @Test
  void aReportThatDcmtkSendsAsAnObjectIsAttributedOrSaysWhyNot() throws Exception {
    for (String program : List.of("storescu", "dsr2xml", "xml2dsr", "pdf2dcm", "cda2dcm")) {
      Peers.need(program, "dcmtk");
    }
    try (ServiceProcess service = new ServiceProcess(folder.resolve("data"), Map.of()).start()) {
      send(service, CHEST, structured("1.2.826.0.1.3680043.8.498.1"), dose(), pdf(), scan(), cda());

      String sr = awaitCase(service, "Structured left pleural effusion.");
      assertThat(sr).contains("DELIVERED").contains("radiation dose report, not a report");
      assertThat(awaitCase(service, "Printed left pleural effusion.")).contains("DELIVERED");
      assertThat(awaitCase(service, "Narrated left pleural effusion.")).contains("DELIVERED");
      assertThat(awaitCase(service, "")).contains("SKIPPED", "no text layer");
      assertThat(service.log()).doesNotContain("pleural effusion");
    }
  }

  /** State and reason of the case whose report contains a text; of an empty one, without any. */
  private static String awaitCase(ServiceProcess service, String text) {
    List<String> found = new ArrayList<>();
    Peers.await(
        "a case with its outcome",
        PATIENCE,
        () -> {
          for (JsonNode one : service.cases(study())) {
            JsonNode whole = service.json("/api/cases/" + one.get("id").asText());
            String report = whole.at("/report/text").asText("");
            String state = whole.get("state").asText();
            boolean ended = state.equals("DELIVERED") || state.equals("SKIPPED");
            if (ended && (text.isEmpty() ? report.isEmpty() : report.contains(text))) {
              found.add(state + " " + whole.get("reason").asText());
            }
          }
          return !found.isEmpty();
        });
    return found.get(0);
  }

  private static String study() throws Exception {
    return DicomObject.read(CHEST, header -> false).string(Tags.StudyInstanceUID);
  }

  /** Written by this project, converted to XML and back by dcmtk. */
  private Path structured(String sopInstanceUid) throws Exception {
    DicomObject sr = document(TestDocument.sr(sopInstanceUid));
    sr.set(Tags.VerificationFlag, "UNVERIFIED").set(Tags.PreliminaryFlag, "FINAL");
    TestDocument.text(
        TestDocument.container(sr, "121070", "Findings"),
        "121071",
        "Finding",
        "Structured left pleural effusion.");
    Path made = DicomFiles.write(sr, folder, "made.dcm");
    Path xml = folder.resolve("sr.xml");
    run("dsr2xml", made.toString(), xml.toString());
    Path converted = folder.resolve("sr.dcm");
    run("xml2dsr", xml.toString(), converted.toString());
    return converted;
  }

  private Path dose() throws Exception {
    DicomObject sr = document(TestDocument.sr("1.2.826.0.1.3680043.8.498.2"));
    sr.set(Tags.SOPClassUID, "1.2.840.10008.5.1.4.1.1.88.67");
    TestDocument.number(sr, "Dose area product", "3", "dGy.cm2", "dGy.cm2");
    return DicomFiles.write(sr, folder, "dose.dcm");
  }

  private static DicomObject document(DicomObject document) throws Exception {
    DicomObject chest = DicomObject.read(CHEST, header -> false);
    document.set(Tags.SeriesInstanceUID, "1.2.826.0.1.3680043.8.498.9");
    document.set(Tags.Manufacturer, "").set(Tags.SeriesNumber, "1").set(Tags.InstanceNumber, "1");
    return document.copy(
        chest,
        Tags.StudyInstanceUID,
        Tags.PatientID,
        Tags.PatientName,
        Tags.AccessionNumber,
        Tags.StudyDate,
        Tags.StudyTime);
  }

  private Path pdf() throws Exception {
    return encapsulated(
        "pdf2dcm", "report.pdf", MadePdf.of(List.of("FINDINGS: Printed left pleural effusion.")));
  }

  private Path scan() throws Exception {
    return encapsulated("pdf2dcm", "scan.pdf", MadePdf.withoutText());
  }

  private Path cda() throws Exception {
    String xml =
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <ClinicalDocument xmlns="urn:hl7-org:v3"><id root="1.2.3" extension="7"/>
        <title>Chest report</title><component><structuredBody><component><section>
        <code code="18782-3" codeSystem="2.16.840.1.113883.6.1"/>
        <text>Narrated left pleural effusion.</text>
        </section></component></structuredBody></component></ClinicalDocument>
        """;
    return encapsulated("cda2dcm", "report.xml", xml.getBytes("UTF-8"), "+ov");
  }

  private Path encapsulated(String program, String name, byte[] document, String... more)
      throws Exception {
    Path file = Files.write(folder.resolve(name), document);
    Path made = folder.resolve(name + ".dcm");
    List<String> command = new ArrayList<>(List.of(program, "--study-from", CHEST.toString()));
    command.addAll(List.of(more));
    command.addAll(List.of(file.toString(), made.toString()));
    run(command.toArray(String[]::new));
    return made;
  }

  private static void send(ServiceProcess service, Path... files) throws Exception {
    for (Path file : files) {
      run(
          "storescu",
          "-R",
          "-xw",
          "-aec",
          "M2IB",
          "127.0.0.1",
          service.dicomPort() + "",
          file + "");
    }
  }

  private static void run(String... command) throws Exception {
    Peers.Run run = Peers.run(command);
    assertThat(run.exit()).as(run.output()).isZero();
  }
}
