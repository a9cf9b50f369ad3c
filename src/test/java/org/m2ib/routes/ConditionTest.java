package org.m2ib.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.intake.hl7.Hl7Fields;

class ConditionTest {
  private static DicomObject header() {
    DicomObject header =
        DicomObject.create()
            .set(Tags.Modality, "DX")
            .set(Tags.StudyDescription, "XR Thorax a.p.")
            .set(Tags.StudyDate, "20240229");
    header.addCode(Tags.ProcedureCodeSequence, "71046", "C4", "Chest 2 views");
    header
        .addItem(Tags.RequestAttributesSequence)
        .addCode(Tags.RequestedProcedureCodeSequence, "RPID145", "RADLEX", "Chest");
    return header;
  }

  private static Condition.Check check(String condition, DicomObject header, ReportFacts report) {
    Routes routes =
        RouteFile.read("routes: [{name: a, when: {" + condition + "}}]", RouteFileTest.KNOWN);
    ImageFacts image = header == null ? null : new ImageFacts(1, "MOBILE1", null, header);
    return routes.routes().get(0).when().get(0).check(image, report);
  }

  private static Condition.Check check(String condition) {
    return check(condition, header(), ReportFacts.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "modality: dx | true",
        "modality: [CR, DX] | true",
        "modality: D | false",
        "study-description: '*thorax*' | true",
        "study-description: thorax | false",
        "procedure-code: 71046 | true",
        "procedure-code: 71046^C4 | true",
        "procedure-code: '*^RADLEX' | true",
        "procedure-code: 71045 | false",
        "calling-ae-title: 'MOBILE?' | true",
        "called-ae-title: '*' | false",
        "body-part-examined: '*' | false",
        "series-description: '*' | false",
        "patient-sex: '*' | false",
        "patient-age: {from: 0D} | false",
        "report-language: '*' | false",
        "hl7: {PV1-3: '*'} | false",
      })
  void whatIsMissingNeverMatches(String condition, boolean holds) {
    assertThat(check(condition).holds()).isEqualTo(holds);
    assertThat(check(condition, null, ReportFacts.NONE).holds()).isFalse();
  }

  @Test
  void aCheckSaysWhatWasFoundAndWhatWasWanted() {
    assertThat(check("modality: [CR, CT]")).hasToString("modality: DX, not CR or CT");
    assertThat(check("modality: DX")).hasToString("modality: DX");
    assertThat(check("body-part-examined: CHEST"))
        .hasToString("body-part-examined: absent, not CHEST");
    assertThat(check("report-language: de")).hasToString("report-language: no report, not de");
    assertThat(check("hl7: {PV1-3: ICU}")).hasToString("hl7.PV1-3: no report, not ICU");
    assertThat(check("patient-age: {from: 18Y}"))
        .hasToString(
            "patient-age: neither PatientAge, nor PatientBirthDate with StudyDate, not from 18Y");
    assertThat(check("modality: DX", null, ReportFacts.NONE))
        .hasToString("modality: no image, not DX");
  }

  @Test
  void aLanguageMatchesWithItsRegion() {
    ReportFacts swiss = new ReportFacts("de-CH", Optional::empty);
    assertThat(check("report-language: de", null, swiss).holds()).isTrue();
    assertThat(check("report-language: DE-ch", null, swiss).holds()).isTrue();
    assertThat(check("report-language: de-AT", null, swiss).holds()).isFalse();
    assertThat(check("report-language: d", null, swiss).holds()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "017Y,,, false",
    "018Y,,, true",
    "064Y,,, true",
    "065Y,,, false",
    "18Y,,, true",
    "240M,,, true",
    "1Y 2M,,, false",
    ",20060228,20240229, true",
    ",20060301,20240229, false",
    ",19590301,20240229, true",
    ",19590228,20240229, false",
    ",19590228,, false",
    ",2006,20240229, false",
    ",20250101,20240229, false",
    "040Y,20060301,20240229, false",
    "018Y,20060228,20240229, true",
  })
  void anAgeIsThatOfTheDayOfTheStudy(String stated, String birth, String study, boolean holds) {
    DicomObject header = DicomObject.create();
    set(header, Tags.PatientAge, stated);
    set(header, Tags.PatientBirthDate, birth);
    set(header, Tags.StudyDate, study);
    assertThat(check("patient-age: {from: 18Y, below: 65Y}", header, ReportFacts.NONE).holds())
        .isEqualTo(holds);
  }

  private static void set(DicomObject header, int tag, String value) {
    if (value != null) {
      header.set(tag, value);
    }
  }

  @Test
  void anAgeThatIsTooCoarseIsToldAsSuch() {
    DicomObject header = DicomObject.create().set(Tags.PatientAge, "001Y");
    assertThat(check("patient-age: {below: 18M}", header, ReportFacts.NONE))
        .hasToString("patient-age: PatientAge 1Y (undecided), not below 18M");
    assertThat(check("patient-age: {below: 24M}", header, ReportFacts.NONE).holds()).isTrue();
  }

  private static final String TWO_REPORTS =
      String.join(
          "\r",
          "MSH|^~\\&|RIS|HOSPITAL|M2IB|X|20240101||ORU^R01|1|P|2.5",
          "PID|1||7",
          "PV1|1|I|ICU^12^B~ER&X|",
          "PV2|1||because",
          "ORC|RE|O1|F1",
          "OBR|1|O1|F1|CHEST^Chest||||||||||||||A1",
          "OBX|1|TX|||No effusion.||||||F",
          "ORC|RE|O2|F2",
          "OBR|2|O2|F2|HAND^Hand||||||||||||||A2",
          "OBX|1|TX|||No fracture.||||||F",
          "");

  private static Hl7Fields fields(String report) {
    return Hl7Fields.of(TWO_REPORTS.getBytes(StandardCharsets.UTF_8), report).orElseThrow();
  }

  @Test
  void fieldsAreThoseOfTheReportsOwnOrders() {
    assertThat(fields("F1").values("OBR-4")).containsExactly("CHEST");
    assertThat(fields("F2").values("OBR-4.2")).containsExactly("Hand");
    assertThat(fields("F2").values("OBR-18")).containsExactly("A2");
    assertThat(fields("F3").values("OBR-4")).isEmpty();
    assertThat(fields("F2").values("OBX-5")).containsExactly("No fracture.");
  }

  @Test
  void fieldsOfThePatientAreThoseOfEveryReport() {
    for (String report : List.of("F1", "F2")) {
      assertThat(fields(report).values("MSH-4")).containsExactly("HOSPITAL");
      assertThat(fields(report).values("PV1-3")).containsExactly("ICU", "ER");
      assertThat(fields(report).values("PV1-3.2")).containsExactly("12");
      assertThat(fields(report).values("PV1-3.1.2")).containsExactly("X");
      assertThat(fields(report).values("PV2-3")).containsExactly("because");
      assertThat(fields(report).values("PV1-44")).isEmpty();
      assertThat(fields(report).values("ZZZ-1")).isEmpty();
    }
  }

  @Test
  void aFieldOfTheReportIsCompared() {
    ReportFacts report = new ReportFacts(null, () -> Optional.of(fields("F1")));
    assertThat(check("hl7: {PV1-3.1: [ER]}", null, report).holds()).isTrue();
    assertThat(check("hl7: {OBR-4.1: HAND}", null, report))
        .hasToString("hl7.OBR-4.1: CHEST, not HAND");
    assertThat(check("hl7: {PV1-44: '*'}", null, report).found()).isEqualTo("absent");
    assertThat(check("hl7: {PV1-3: ICU}", null, new ReportFacts("de", Optional::empty)).found())
        .isEqualTo("the report did not come by HL7 v2");
  }
}
