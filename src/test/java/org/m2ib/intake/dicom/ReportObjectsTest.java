package org.m2ib.intake.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.m2ib.intake.dicom.TestDocument.*;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.cases.ReportStatus;
import org.m2ib.dicom.DicomFiles;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.dicom.Uids;
import org.m2ib.intake.ReportDraft;
import org.m2ib.intake.documents.MadePdf;
import org.m2ib.report.ReadReport;
import org.m2ib.report.ReportSentences;
import org.m2ib.report.Sentence;
import org.m2ib.results.capture.SecondaryCapture;

/** Structured reports, as they come by C-STORE, become reports, or say why they are none. */
class ReportObjectsTest {
  private static final ReportObjects REPORTS =
      new ReportObjects(SecondaryCapture::isOne, ReportObjects.TITLES);
  private static final ReportSentences SENTENCES =
      new ReportSentences(Set.of("findings", "impression", "conclusion"), Map.of());

  private static ReportObjects.Found read(DicomObject object) {
    return REPORTS.read(object, DicomKeys.study(object));
  }

  private static ReportDraft draft(DicomObject object) {
    ReportObjects.Found found = read(object);
    assertThat(found.whyNot()).isNull();
    return found.draft();
  }

  private static String sentences(DicomObject object) {
    ReadReport read = SENTENCES.read(draft(object).text());
    return String.join("|", read.attributed().stream().map(Sentence::text).toList());
  }

  private static DicomObject simple() {
    DicomObject sr = sr("1.2.3.9.1");
    DicomObject history = container(sr, "121060", "History");
    text(history, "121060", "History", "Cough.\n\nSmoker for 20 years.");
    DicomObject findings = container(sr, "121070", "Findings");
    text(findings, "121071", "Finding", "Small left pleural effusion.");
    text(findings, "121071", "Finding", "No pneumothorax.");
    DicomObject impression = container(sr, "121072", "Impressions");
    text(impression, "121073", "Impression", "Effusion.");
    return sr;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        Uids.BASIC_TEXT_SR,
        Uids.ENHANCED_SR,
        Uids.COMPREHENSIVE_SR,
        Uids.COMPREHENSIVE_3D_SR
      })
  void aStructuredReportIsAReport(String sopClass) {
    DicomObject sr = simple().set(Tags.SOPClassUID, sopClass);
    ReportDraft report = draft(sr);
    assertThat(report.text())
        .isEqualTo(
            """
            HISTORY:
            Cough.
            Smoker for 20 years.
            FINDINGS:
            Small left pleural effusion.
            No pneumothorax.
            IMPRESSION:
            Effusion.\
            """);
    assertThat(report.study().studyInstanceUid()).isEqualTo("1.2.3");
    assertThat(report.study().accessionNumber()).isEqualTo("A1");
    assertThat(report.study().patientId()).isEqualTo("P1");
    assertThat(report.reportId()).isEqualTo("1.2.3.9.1");
    assertThat(report.status()).isEqualTo(ReportStatus.FINAL);
    assertThat(report.times().issued()).isEqualTo("20260102030405");
    assertThat(report.notes()).isEmpty();
    assertThat(sentences(sr)).isEqualTo("Small left pleural effusion.|No pneumothorax.|Effusion.");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "COMPLETE, VERIFIED,   -,           FINAL",
        "COMPLETE, UNVERIFIED, -,           PRELIMINARY",
        "COMPLETE, UNVERIFIED, FINAL,       FINAL",
        "COMPLETE, VERIFIED,   PRELIMINARY, PRELIMINARY",
        "PARTIAL,  VERIFIED,   -,           PRELIMINARY",
        "PARTIAL,  UNVERIFIED, FINAL,       PRELIMINARY",
        "-,        -,          -,           PRELIMINARY"
      })
  void itsFlagsAreItsStatus(String completion, String verified, String said, ReportStatus status) {
    DicomObject sr =
        simple()
            .set(Tags.CompletionFlag, completion)
            .set(Tags.VerificationFlag, verified)
            .set(Tags.PreliminaryFlag, said);
    assertThat(draft(sr).status()).isEqualTo(status);
  }

  @Test
  void aFinalReportThatReplacesAnotherAmendsIt() {
    ReportObjects.Found found = read(replacing(simple(), "1.2.3.9.0"));
    assertThat(found.draft().status()).isEqualTo(ReportStatus.AMENDED);
    assertThat(found.document().predecessors()).containsExactly("1.2.3.9.0");
  }

  @Test
  void itWasIssuedWhenItWasLastVerified() {
    DicomObject sr = simple();
    for (String time : new String[] {"20260103120000.123456+0100", "20260102", "x"}) {
      sr.addItem(Tags.VerifyingObserverSequence).set(Tags.VerificationDateTime, time);
    }
    assertThat(draft(sr).times().issued()).isEqualTo("202601031100001234");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "en, US, en-US",
        "eng, -, en",
        "ger, AT, de-AT",
        "de-CH, -, de-CH",
        "fr, fr, fr-FR",
        "zh-Hant-TW, -, zh-Hant-TW",
        "ja, 392, ja",
        "x1, US, -"
      })
  void itsLanguageIsThatOfItsContent(String code, String country, String tag) {
    DicomObject sr = simple();
    DicomObject language =
        item(sr, "HAS CONCEPT MOD", "CODE", "121049", "Language of Content Item and Descendants")
            .addCode(Tags.ConceptCodeSequence, code, "RFC5646", "a language");
    if (country != null) {
      item(language, "HAS CONCEPT MOD", "CODE", "121046", "Country of Language")
          .addCode(Tags.ConceptCodeSequence, country, "ISO3166_1", "a country");
    }
    assertThat(draft(sr).language()).isEqualTo(tag);
    assertThat(draft(sr).text()).doesNotContain("language", "country");
  }

  @Test
  void codesAndNumbersAreReadWithNameUnitAndModifiers() {
    DicomObject sr = sr("1.1").set(Tags.SOPClassUID, Uids.COMPREHENSIVE_SR);
    DicomObject findings = container(sr, "121070", "Findings");
    DicomObject effusion = coded(findings, "121071", "Finding", "Pleural effusion");
    modifier(effusion, "272741003", "Laterality", "Left");
    modifier(coded(findings, "121071", "Finding", "Pneumothorax"), "121052", "Presence", "Absent");
    number(findings, "Nodule diameter", "12.5", "mm", "millimeter");
    number(findings, "Cardiothoracic ratio", "0.55", "1", "no units");
    number(findings, "Density", "-30", "[hnsf'U]", "Hounsfield unit");
    text(findings, "L1", "Lungs", "Clear.");
    coded(findings, "H1", "Heart size", "Normal");
    item(findings, "HAS OBS CONTEXT", "PNAME", "121008", "Person Observer Name")
        .set(Tags.PersonName, "Doe^Jane");
    assertThat(draft(sr).text())
        .isEqualTo(
            """
            FINDINGS:
            Pleural effusion, Left
            Pneumothorax, Absent
            Nodule diameter: 12.5 mm
            Cardiothoracic ratio: 0.55
            Density: -30 Hounsfield unit
            Lungs: Clear.
            Heart size: Normal\
            """);
  }

  @Test
  void whatIsUnderAPreviousFindingIsNoFinding() {
    DicomObject sr = sr("1.1");
    DicomObject before = container(sr, "121068", "Previous Findings");
    DicomObject findings = container(before, "121070", "Findings");
    text(findings, "121071", "Finding", "Old rib fracture.\n\nOld effusion.");
    coded(findings, "X", "Impression", "Old mass");
    text(sr, "121106", "Comment", "Clear now.");
    assertThat(sentences(sr)).isEqualTo("Clear now.");
  }

  @Test
  void aSectionOfTheDepartmentsOwnEndsTheOneBefore() {
    DicomObject sr = sr("1.1");
    text(container(sr, "121109", "Indications for Procedure"), "T", "Text", "Cough.");
    text(container(sr, "B1", "Befund"), "121106", "Comment", "Erguss links.");
    text(container(sr, "B2", "Beurteilung"), "121106", "Comment", "Erguss.");
    assertThat(sentences(sr)).isEqualTo("Erguss links.|Erguss.");
  }

  @Test
  void aContinuousContainerIsOneText() {
    DicomObject sr = sr("1.1");
    DicomObject findings = container(sr, "121070", "Findings");
    findings.set(Tags.ContinuityOfContent, "CONTINUOUS");
    text(findings, "T", "Text", "There is an effusion of");
    number(findings, "Depth", "3", "cm", "centimeter");
    text(findings, "T", "Text", "on the left.");
    assertThat(sentences(sr)).isEqualTo("There is an effusion of 3 cm on the left.");
  }

  @Test
  void aReportInAStudyOfItsOwnBelongsToThatOfItsImages() {
    DicomObject sr = simple().remove(Tags.AccessionNumber);
    sr.addItem(Tags.CurrentRequestedProcedureEvidenceSequence).set(Tags.StudyInstanceUID, "1.9.9");
    sr.addItem(Tags.ReferencedRequestSequence).set(Tags.AccessionNumber, "A7");
    assertThat(draft(sr).study().studyInstanceUid()).isEqualTo("1.9.9");
    assertThat(draft(sr).study().accessionNumber()).isEqualTo("A7");
    assertThat(draft(sr).notes()).hasSize(1);
    sr.addItem(Tags.CurrentRequestedProcedureEvidenceSequence).set(Tags.StudyInstanceUID, "1.9.8");
    assertThat(draft(sr).study().studyInstanceUid()).isEqualTo("1.2.3");
  }

  @Test
  void aResultOfThisServiceIsNoReport() {
    DicomObject sr = simple();
    sr.addItem(Tags.CodingSchemeIdentificationSequence).set(Tags.CodingSchemeDesignator, "99M2IB");
    assertThat(read(sr).whyNot()).isEqualTo("it is itself an attribution");
  }

  @ParameterizedTest
  @CsvSource({
    "113701, radiation dose",
    "126000, measurement",
    "112000, CAD",
    "111036, CAD",
    "125000, measurement"
  })
  void aDoseReportACadResultOrAMeasurementIsNoReport(String title, String why) {
    DicomObject sr = simple().remove(Tags.ConceptNameCodeSequence);
    sr.addCode(Tags.ConceptNameCodeSequence, title, "DCM", "Title");
    assertThat(read(sr).draft()).isNull();
    assertThat(read(sr).whyNot()).contains(why).endsWith("not a report");
    DicomObject dose = simple().set(Tags.SOPClassUID, "1.2.840.10008.5.1.4.1.1.88.67");
    assertThat(read(dose).whyNot()).contains("dose report");
  }

  @Test
  void numbersAloneAreNoReport() {
    DicomObject sr = sr("1.1").set(Tags.SOPClassUID, Uids.COMPREHENSIVE_SR);
    number(container(sr, "G", "Measurements"), "Diameter", "3", "mm", "millimeter");
    assertThat(read(sr).whyNot()).contains("measurements and codes without a text");
  }

  @Test
  void whatOnlyADeviceSaidIsNoReportUntilItIsVerified() {
    DicomObject sr = simple().set(Tags.VerificationFlag, "UNVERIFIED");
    item(sr, "HAS OBS CONTEXT", "CODE", "121005", "Observer Type")
        .addCode(Tags.ConceptCodeSequence, "121007", "DCM", "Device");
    assertThat(read(sr).whyNot()).contains("device");
    assertThat(draft(sr.set(Tags.VerificationFlag, "VERIFIED")).text()).contains("effusion");
  }

  @Test
  void aReportWithoutTextSaysSo() {
    DicomObject sr = sr("1.1");
    container(sr, "121070", "Findings");
    assertThat(draft(sr).text()).isEmpty();
    assertThat(draft(sr).notes()).singleElement().asString().contains("no text");
  }

  @Test
  void anImageIsNone() {
    assertThat(read(DicomFiles.radiograph("1.1")))
        .isEqualTo(new ReportObjects.Found(null, null, null));
  }

  @Test
  void deepAndLongContentIsBounded() {
    DicomObject sr = sr("1.1");
    DicomObject parent = container(sr, "121070", "Findings");
    for (int i = 0; i < 80; i++) {
      parent = container(parent, "121070", "Findings");
      text(parent, "121071", "Finding", "Level " + i + ".");
    }
    assertThat(draft(sr).text()).contains("Level 40.").doesNotContain("Level 60.");
    assertThat(draft(sr).notes()).singleElement().asString().contains("levels deep");
    DicomObject wide = sr("1.2");
    DicomObject findings = container(wide, "121070", "Findings");
    for (int i = 0; i < 40; i++) {
      text(findings, "121071", "Finding", "x".repeat(600_000));
    }
    assertThat(draft(wide).text()).hasSizeLessThan(StructuredReport.LONGEST + 1_000);
    assertThat(draft(wide).notes()).singleElement().asString().contains("1,000,000");
  }

  @Test
  void japaneseInIso2022IsRead() throws IOException {
    DicomObject sr = sr("1.1").set(Tags.SpecificCharacterSet, "", "ISO 2022 IR 87");
    Charset iso2022 = Charset.forName("ISO-2022-JP");
    DicomObject section = container(sr, "S1", "x");
    section.remove(Tags.ConceptNameCodeSequence);
    section
        .addItem(Tags.ConceptNameCodeSequence)
        .set(Tags.CodeValue, "S1")
        .set(Tags.CodingSchemeDesignator, "99X")
        .set(Tags.CodeMeaning, "所見".getBytes(iso2022));
    text(section, "T", "Comment", "x").set(Tags.TextValue, "左胸水を認める。".getBytes(iso2022));
    DicomObject received = DicomObject.read(new ByteArrayInputStream(DicomFiles.bytes(sr)));
    assertThat(draft(received).text()).isEqualTo("所見:\n左胸水を認める。");
  }

  @Test
  void anEncapsulatedPdfIsAReport() {
    byte[] made = MadePdf.of(List.of("FINDINGS: Small left effusion."));
    for (int length : new int[] {made.length, made.length + 1}) { // with a byte of padding
      DicomObject pdf = pdf("1.2.3.9.2", Arrays.copyOf(made, length));
      pdf.set(Tags.EncapsulatedDocumentLength, made.length);
      ReportDraft report = draft(pdf);
      assertThat(report.text()).isEqualTo("FINDINGS: Small left effusion.");
      assertThat(report.reportId()).isEqualTo("1.2.3.9.2");
      assertThat(report.status()).isEqualTo(ReportStatus.FINAL);
      assertThat(report.times().issued()).isEqualTo("20260102030405");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Radiology REPORT, true",
    "Röntgenbefund, true",
    "胸部X線レポート, true",
    "Compte Rendu radiologique, true",
    "'', true",
    "Consent form, false",
    "Dose report, false"
  })
  void theTitleOfAPdfSaysWhetherItIsAReport(String title, boolean report) {
    DicomObject pdf = pdf("1.2", MadePdf.of(List.of("Clear."))).set(Tags.DocumentTitle, title);
    assertThat(read(pdf).draft() != null).isEqualTo(report);
    if (!report) {
      assertThat(read(pdf).whyNot()).contains("m2ib.report.document-titles");
      pdf.addCode(Tags.ConceptNameCodeSequence, "11528-7", "LN", "Radiology Report");
    }
  }

  @Test
  void aPdfThatCannotBeReadIsAReportThatSaysWhy() {
    ReportDraft scan = draft(pdf("1.2", MadePdf.withoutText()));
    assertThat(scan.text()).isEmpty();
    assertThat(scan.notes()).singleElement().asString().contains("no text layer");
    assertThat(draft(pdf("1.2", new byte[0])).notes()).singleElement().asString().contains("empty");
  }

  @Test
  void anEncapsulatedCdaDocumentIsAReport() {
    String xml =
        """
        <ClinicalDocument xmlns="urn:hl7-org:v3"><setId root="1.2.3" extension="R7"/>
        <languageCode code="de-AT"/><effectiveTime value="20260101"/>
        <component><structuredBody><component><section><code code="18782-3"/>
        <text>Erguss links.</text></section></component></structuredBody></component></ClinicalDocument>
        """;
    ReportDraft report = draft(cda("1.2", xml.getBytes(StandardCharsets.UTF_8)));
    assertThat(report.text()).isEqualTo("FINDINGS:\nErguss links.");
    assertThat(report.reportId()).isEqualTo("1.2.3^R7");
    assertThat(report.language()).isEqualTo("de-AT");
    assertThat(report.times().issued()).isEqualTo("20260101");
  }

  /** EncapsulatedDocumentLength came with a supplement of 2018; a padding byte is not XML. */
  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16", "UTF-16LE"})
  void theByteThatMakesALengthEvenIsNoPartOfADocument(String charset) throws IOException {
    for (String text : List.of("Effusion.", "Effusions.")) {
      String xml =
          """
          <?xml version="1.0" encoding="%s"?><ClinicalDocument xmlns="urn:hl7-org:v3"><component>
          <structuredBody><component><section><code code="18782-3"/><text>%s</text></section>
          </component></structuredBody></component></ClinicalDocument>"""
              .formatted(charset, text);
      byte[] document = xml.getBytes(charset);
      DicomObject sent = cda("1.2", document);
      sent.remove(Tags.EncapsulatedDocumentLength);
      DicomObject received = DicomObject.read(new ByteArrayInputStream(DicomFiles.bytes(sent)));
      assertThat(received.bytes(Tags.EncapsulatedDocument).length % 2).isZero();
      assertThat(draft(received).text()).as("%d bytes", document.length).contains(text);
    }
  }

  @Test
  void whoVerifiedOrWroteItIsKept() {
    DicomObject sr = simple();
    sr.addItem(Tags.VerifyingObserverSequence)
        .set(Tags.VerifyingObserverName, "LOVELACE^ADA")
        .addCode(Tags.VerifyingObserverIdentificationCodeSequence, "1234", "99TEST", "Ada");
    sr.addItem(Tags.AuthorObserverSequence).set(Tags.PersonName, "HOPPER^GRACE");
    assertThat(draft(sr).authors()).containsExactly("LOVELACE^ADA", "1234", "HOPPER^GRACE");
    assertThat(draft(simple()).authors()).isEmpty();
  }
}
