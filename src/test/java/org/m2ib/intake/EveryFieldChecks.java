package org.m2ib.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.m2ib.api.ProblemException;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.TestArrivals;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Incoming;
import org.m2ib.dicom.RefusedException;
import org.m2ib.dicom.Tags;
import org.m2ib.intake.dicom.DicomIntake;
import org.m2ib.intake.dicom.ReportObjects;
import org.m2ib.intake.fhir.FhirReports;
import org.m2ib.intake.hl7.Hl7Intake;
import org.m2ib.intake.hl7.TestHl7Settings;
import org.m2ib.intake.rest.ReportsResource;
import org.m2ib.pairing.Pairing;

/**
 * Every field is given every kind of text: it is taken, read back and paired, or refused for good.
 * Never is the sender asked to send it again.
 */
abstract class EveryFieldChecks {
  private static final List<String> HL7 =
      List.of(
          "OBR|1||%s",
          "OBR|1|%s|F1",
          "OBR|1||F1^%s",
          "OBR|1||F1|||||||||||||||%s",
          "ORC|RE|%s|F1\rOBR|1",
          "PID|1||%s\rOBR|1||F1",
          "PID|1||P1^^^%s^MR\rOBR|1||F1",
          "PV1|1|O|||||||||||||||||%s\rOBR|1||F1",
          "OBR|1||F1\rZDS|%s",
          "OBR|1||F1\rIPC|%s",
          "OBR|1||F1|||||||||||||||||||%s",
          "OBR|1||F1" + "|".repeat(22) + "%s",
          "OBR|1||F1\rOBX|1|TX|%s||a",
          "OBR|1||F1\rOBX|1|TX|||%s",
          "OBR|1||F1\rOBX|1|%s|||a",
          "OBR|1||F1\rOBX|1|CE|1&IMP||^%s");

  private static final List<String> REST =
      List.of(
          "studyInstanceUid",
          "accessionNumber",
          "issuerOfAccessionNumber",
          "orderNumber",
          "patientId",
          "issuerOfPatientId",
          "visitNumber",
          "reportId",
          "status",
          "text",
          "language",
          "issued");

  private static final List<BiConsumer<DiagnosticReport, String>> FHIR =
      List.of(
          (report, text) -> report.getIdentifier().set(0, typed("ACSN", text)),
          (report, text) -> report.addIdentifier().setSystem("urn:y").setValue(text),
          (report, text) -> report.addIdentifier().setSystem("urn:dicom:uid").setValue(text),
          (report, text) -> report.addBasedOn().setIdentifier(typed("PLAC", text)),
          (report, text) -> report.getSubject().setIdentifier(typed("MR", text)),
          (report, text) -> report.getEncounter().setIdentifier(typed("VN", text)),
          (report, text) ->
              report
                  .addImagingStudy()
                  .setIdentifier(new Identifier().setSystem("urn:dicom:uid").setValue(text)),
          (report, text) ->
              report
                  .addImagingStudy()
                  .setResource(new ImagingStudy().addIdentifier(typed("x", text))),
          (report, text) -> report.setLanguage(text),
          (report, text) -> report.setConclusion(text),
          (report, text) ->
              report.addPresentedForm().setContentType("text/plain").setData(text.getBytes(UTF_8)),
          (report, text) ->
              report.addPresentedForm().setContentType(text).setData(new byte[] {65}));

  private static final int[] DICOM = {
    Tags.SpecificCharacterSet,
    Tags.StudyInstanceUID,
    Tags.SeriesInstanceUID,
    Tags.AccessionNumber,
    Tags.PatientID,
    Tags.IssuerOfPatientID,
    Tags.AdmissionID,
    Tags.PlacerOrderNumberImagingServiceRequest,
    Tags.NumberOfStudyRelatedInstances,
    Tags.Modality,
    Tags.ViewPosition,
    Tags.BodyPartExamined,
    Tags.StudyDate,
    Tags.StudyTime,
    Tags.StudyDescription,
    Tags.SeriesDescription,
    Tags.PatientName
  };

  private final ObjectMapper json = new ObjectMapper();

  /** The service's way in, over one database. */
  static final class Rig {
    private final ArrivalStore arrivals;
    private final Pairing pairing;
    private final Hl7Intake hl7;
    private final ReportsResource rest;
    private final FhirReports fhir;
    private final DicomIntake dicom;

    Rig(Database database, Path folder) {
      Clock clock = Clock.systemUTC();
      arrivals = TestArrivals.store(database, clock);
      Pairing.Settings settings =
          new Pairing.Settings(Duration.ZERO, Duration.ofDays(1), Duration.ofDays(1));
      pairing = new Pairing(settings, database, arrivals, new CaseStore(database, clock), clock);
      ReportIntake intake = new ReportIntake(new Blobs(folder), arrivals);
      hl7 = new Hl7Intake(TestHl7Settings.of(), intake);
      rest = new ReportsResource(intake);
      fhir = new FhirReports(intake);
      dicom =
          new DicomIntake(
              new Blobs(folder), arrivals, new ReportObjects(object -> false, List.of("report")));
    }
  }

  /** One for all tries. */
  public abstract Rig rig();

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> any = Arbitraries.strings().ofMaxLength(40);
    Arbitrary<String> control =
        Arbitraries.strings()
            .withChars(
                "a1.\0\u0001\u0007\u000B\f\u001B\u001C\u007F\u0085\u2028\uFFFE\uFEFF^~&|\\\r\n")
            .ofMaxLength(12);
    Arbitrary<String> halves =
        Arbitraries.of("\uD800", "a\uDC00b", "\\X00\\", "\\X000d\\", "\\XFF\\");
    Arbitrary<String> lengthy =
        Arbitraries.of("9", "1.", "x", "é", "肺", "\uD83E\uDEC1")
            .flatMap(s -> Arbitraries.of(16, 17, 64, 65, 255, 256, 3000, 20000).map(s::repeat));
    return Arbitraries.oneOf(any, control, halves, lengthy);
  }

  @Property(tries = 60)
  void anHl7FieldIsTakenOrRefusedForGood(@ForAll("texts") String text) {
    for (String segments : HL7) {
      String message =
          "MSH|^~\\&|R|H|M|Q|20260102||ORU^R01|MSG1|P|2.5.1\r"
              + segments.replace("%s", text)
              + "\rOBX|9|TX|||Clear.\r";
      String answer = new String(rig().hl7.answer(message.getBytes(UTF_8)), UTF_8);
      assertThat(answer).containsPattern("\rMSA\\|A[AR]\\|MSG1");
    }
    assertAllPaired();
  }

  @Property(tries = 60)
  void aFieldOfJsonIsTakenOrRefusedForGood(@ForAll("texts") String text) throws IOException {
    for (String field : REST) {
      ObjectNode body = json.createObjectNode().put("accessionNumber", "A1").put("text", "Clear.");
      body.put(field, "@@");
      StringBuilder units = new StringBuilder();
      text.chars().forEach(c -> units.append("\\u%04x".formatted(c)));
      String raw = json.writeValueAsString(body).replace("@@", units);
      try {
        assertThat(rig().rest.post(raw.getBytes(UTF_8)).getStatus()).isEqualTo(202);
      } catch (ProblemException e) {
        assertThat(e.status()).isEqualTo(400);
      }
    }
    assertAllPaired();
  }

  @Property(tries = 30)
  void aFhirElementIsTakenOrRefusedForGood(@ForAll("texts") String text) {
    for (BiConsumer<DiagnosticReport, String> element : FHIR) {
      DiagnosticReport report = new DiagnosticReport();
      report.setStatus(DiagnosticReport.DiagnosticReportStatus.FINAL).setConclusion("Clear.");
      report.addIdentifier(typed("ACSN", "A1"));
      element.accept(report, text);
      try {
        assertThat(rig().fhir.receive(report, text.getBytes(UTF_8)).reportId()).isNotBlank();
      } catch (UnacceptableReportException e) {
        assertThat(e.place()).startsWith("DiagnosticReport.");
      }
    }
    assertAllPaired();
  }

  private static Identifier typed(String code, String value) {
    Identifier identifier = new Identifier().setSystem("urn:x").setValue(value);
    identifier.getType().addCoding().setCode(code);
    return identifier;
  }

  @Property(tries = 20)
  void aDicomAttributeIsTakenOrRefusedForGood(@ForAll("texts") String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    for (int tag : DICOM) {
      DicomObject object = DicomFiles.made("1.2.3.4.5");
      object.set(tag, bytes.length > 65_534 ? Arrays.copyOf(bytes, 65_534) : bytes);
      try {
        rig().dicom.store(Incoming.of(object));
      } catch (RefusedException e) {
        assertThat(e.status()).as(e.getMessage()).isEqualTo(RefusedException.CANNOT_UNDERSTAND);
        assertThat(e.getMessage()).contains(Tags.text(tag));
      }
    }
    assertAllPaired();
  }

  private void assertAllPaired() {
    rig().pairing.run();
    assertThat(rig().arrivals.nextUnpairedId()).isEmpty();
  }
}
