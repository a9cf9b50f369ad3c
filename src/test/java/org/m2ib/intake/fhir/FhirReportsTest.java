package org.m2ib.intake.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.DataFormatException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.ReceivedReport;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.StudyKey;
import org.m2ib.intake.Kept;
import org.m2ib.intake.ReportDraft;
import org.m2ib.intake.ReportIntake;
import org.m2ib.intake.UnacceptableReportException;

class FhirReportsTest {
  private static final FhirContext FHIR = FhirContext.forR4Cached();
  private static final String ACCESSION =
      """
      {"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203",
       "code":"ACSN"}]},"system":"http://hospital.example/accession","value":"A1"}\
      """;

  @TempDir Path dir;
  private final Kept kept = new Kept();

  private ReportDraft read(String fields) {
    return reports().read(parse("\"status\":\"final\"," + fields));
  }

  private FhirReports reports() {
    return new FhirReports(new ReportIntake(new Blobs(dir), kept));
  }

  private static DiagnosticReport parse(String fields) {
    return FHIR.newJsonParser()
        .parseResource(
            DiagnosticReport.class, "{\"resourceType\":\"DiagnosticReport\"," + fields + "}");
  }

  private static String form(String type, String text) {
    String data = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    return "\"identifier\":[%s],\"presentedForm\":[{\"contentType\":\"%s\",\"data\":\"%s\"}]"
        .formatted(ACCESSION, type, data);
  }

  @Test
  void everyIdentifierFindsItsPlace() {
    ReportDraft report =
        read(
            """
            "contained":[
              {"resourceType":"ImagingStudy","id":"s","status":"available","subject":{},
               "identifier":[{"system":"urn:dicom:uid","value":"urn:oid:1.2.3.4"}]},
              {"resourceType":"Patient","id":"p","identifier":[
               {"value":"OTHER"},
               {"type":{"coding":[{"code":"MR"}]},"system":"http://hospital.example/mrn",
                "value":"P7"}]}],
            "identifier":[%s,{"system":"http://hospital.example/report","value":"R9"}],
            "basedOn":[{"identifier":{"type":{"coding":[{"code":"PLAC"}]},"value":"O5"}}],
            "imagingStudy":[{"reference":"#s"}],
            "subject":{"reference":"#p"},
            "language":"de-CH",
            "conclusion":"Normal."
            """
                .formatted(ACCESSION));
    assertThat(report.study()).isEqualTo(new StudyKey("1.2.3.4", "A1", null, "O5", "P7", null));
    assertThat(report.reportId()).isEqualTo("R9");
    assertThat(report.text()).isEqualTo("IMPRESSION:\nNormal.");
    assertThat(report.language()).isEqualTo("de-CH");
  }

  @Test
  void identifiersOnReferencesAreEnough() {
    ReportDraft report =
        read(
            """
            "basedOn":[{"identifier":{"type":{"coding":[{"code":"ACSN"}]},"value":"A2"}}],
            "imagingStudy":[{"identifier":{"system":"urn:dicom:uid","value":"1.2.3"}}],
            "subject":{"identifier":{"value":"P8"}},"conclusion":"Normal.",
            "encounter":{"identifier":{"value":"V-8"}}
            """);
    assertThat(report.study())
        .isEqualTo(new StudyKey("1.2.3", "A2", null, null, "P8", null, "V-8"));
    assertThat(report.reportId()).isEqualTo("A2");
  }

  @ParameterizedTest
  @CsvSource({
    "registered, PRELIMINARY",
    "partial, PRELIMINARY",
    "preliminary, PRELIMINARY",
    "final, FINAL",
    "amended, AMENDED",
    "corrected, AMENDED",
    "appended, AMENDED",
    "cancelled, CANCELLED",
    "entered-in-error, CANCELLED"
  })
  void statusIsFolded(String code, ReportStatus status) {
    DiagnosticReport report =
        parse(
            "\"status\":\"%s\",\"conclusion\":\"t\",\"identifier\":[%s]"
                .formatted(code, ACCESSION));
    assertThat(reports().read(report).status()).isEqualTo(status);
  }

  @Test
  void plainTextIsTakenAsItStands() {
    assertThat(read(form("text/plain; charset=UTF-8", "FINDINGS:\r\nClear – 2 > 1.")).text())
        .isEqualTo("FINDINGS:\nClear – 2 > 1.");
  }

  @Test
  void theTimeOfIssueIsKeptSoThatAnOlderVersionNeverWins() {
    String issued = "\"issued\":\"2026-01-02T04:04:05.5+01:00\",";
    assertThat(read(issued + form("text/plain", "A.")).times().issued())
        .isEqualTo("202601020304055000");
    assertThat(read(form("text/plain", "A.")).times().issued()).isNull();
    String updated = "\"meta\":{\"lastUpdated\":\"2026-01-02T03:04:05Z\"},";
    assertThat(read(updated + form("text/plain", "A.")).times().sent())
        .isEqualTo("202601020304050000");
  }

  @Test
  void htmlBecomesTheLinesAReaderSees() {
    assertThat(
            read(form(
                    "text/html",
                    "<html><head><title>x</title><style>p{}</style></head><body>"
                        + "<h2>Findings</h2><p>Lungs&nbsp;are <b>clear</b> &amp; normal.<br/>"
                        + "No effusion.</p><ul><li>one</li><li>two</li></ul>"
                        + "<script>alert(1)</script></body></html>"))
                .text())
        .isEqualTo("Findings\nLungs are clear & normal.\nNo effusion.\none\ntwo");
  }

  @Test
  void aDocumentIsPassedOverForTheConclusion() {
    assertThat(read(form("application/pdf", "%PDF") + ",\"conclusion\":\"Normal.\"").text())
        .isEqualTo("IMPRESSION:\nNormal.");
  }

  @Test
  void containedObservationsAreSectionsInTheOrderOfTheResult() {
    assertThat(
            read("""
            "contained":[
              {"resourceType":"Observation","id":"2","status":"final",
               "code":{"coding":[{"system":"http://loinc.org","code":"19005-8"}]},
               "valueString":"Normal chest."},
              {"resourceType":"Observation","id":"1","status":"final",
               "code":{"text":"Findings"},"valueString":"Clear lungs."},
              {"resourceType":"Observation","id":"3","status":"final",
               "code":{"text":"Dose"},"valueInteger":3}],
            "identifier":[%s],
            "result":[{"reference":"#1"},{"reference":"#2"},{"reference":"#3"},
              {"reference":"Observation/elsewhere"}]
            """
                    .formatted(ACCESSION))
                .text())
        .isEqualTo("FINDINGS:\nClear lungs.\nIMPRESSION:\nNormal chest.");
  }

  @Test
  void theNarrativeIsTheLastResort() {
    assertThat(
            read("""
            "identifier":[%s],"text":{"status":"additional",
            "div":"<div xmlns=\\"http://www.w3.org/1999/xhtml\\"><p>Clear.</p></div>"}
            """
                    .formatted(ACCESSION))
                .text())
        .isEqualTo("Clear.");
  }

  @Test
  void refusalsNameTheElement() {
    refused("\"conclusion\":\"t\"", "DiagnosticReport.identifier");
    refused("\"identifier\":[" + ACCESSION + "]", "DiagnosticReport.presentedForm");
    refused(
        "\"conclusion\":\"t\",\"imagingStudy\":[{\"identifier\":{\"system\":\"urn:dicom:uid\","
            + "\"value\":\"not a uid\"}}]",
        "DiagnosticReport.imagingStudy");
    refused(
        form("text/plain", "x").replaceAll("\"data\":\"[^\"]*\"", "\"data\":\"//8=\""),
        "DiagnosticReport.presentedForm[0]");
    refused(form("text/plain; charset=klingon", "x"), "DiagnosticReport.presentedForm[0]");
    assertThatThrownBy(() -> reports().read(new DiagnosticReport()))
        .isInstanceOfSatisfying(
            UnacceptableReportException.class,
            e -> assertThat(e.place()).isEqualTo("DiagnosticReport.status"));
  }

  private void refused(String fields, String place) {
    assertThatThrownBy(() -> read(fields))
        .isInstanceOfSatisfying(
            UnacceptableReportException.class, e -> assertThat(e.place()).isEqualTo(place));
  }

  @Test
  void theBodyIsKeptAsItCame() throws Exception {
    byte[] raw = "body as sent".getBytes(StandardCharsets.UTF_8);
    FhirReports.Received received =
        reports()
            .receive(
                parse(
                    "\"status\":\"final\",\"conclusion\":\"t\",\"identifier\":[" + ACCESSION + "]"),
                raw);
    ReceivedReport report = kept.report();
    assertThat(received.reportId()).isEqualTo("A1").isEqualTo(report.reportId());
    assertThat(received.notes()).isEmpty();
    assertThat(report.source()).isEqualTo("fhir");
    assertThat(new Blobs(dir).bytes(report.blob())).isEqualTo(raw);
  }

  @ParameterizedTest
  @CsvSource({"entered-in-error", "cancelled"})
  void aContainedObservationThatIsWithdrawnIsNotRead(String status) {
    String fields =
        """
        "contained":[
          {"resourceType":"Observation","id":"a","status":"%s",
           "code":{"text":"Findings"},"valueString":"Large pneumothorax."},
          {"resourceType":"Observation","id":"b","status":"final",
           "code":{"text":"Impression"},"valueString":"No pneumothorax."}],
        "identifier":[%s],"result":[{"reference":"#a"},{"reference":"#b"}]\
        """
            .formatted(status, ACCESSION);
    assertThat(read(fields).text()).contains("No pneumothorax.").doesNotContain("Large");
    String none = fields.replace(",{\"reference\":\"#b\"}", "");
    assertThatThrownBy(
            () ->
                read(
                    none
                        + ",\"text\":{\"status\":\"generated\",\"div\":\"<div"
                        + " xmlns='http://www.w3.org/1999/xhtml'>Large pneumothorax.</div>\"}"))
        .isInstanceOf(UnacceptableReportException.class);
  }

  private static String forms(String... typesAndTexts) {
    StringBuilder forms = new StringBuilder();
    for (int i = 0; i < typesAndTexts.length; i += 2) {
      byte[] bytes = typesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8);
      forms
          .append(i == 0 ? "" : ",")
          .append("{\"contentType\":\"" + typesAndTexts[i] + "\",\"data\":\"")
          .append(Base64.getEncoder().encodeToString(bytes))
          .append("\"}");
    }
    return "\"identifier\":[" + ACCESSION + "],\"presentedForm\":[" + forms + "]";
  }

  @Test
  void theSameReportInSeveralFormatsIsReadOnce() {
    String plain = "FINDINGS: The heart is mildly enlarged.";
    String html = "<p><b>FINDINGS:</b> The heart is&nbsp;mildly enlarged.</p>";
    assertThat(read(forms("text/html", html, "text/plain", plain)).text().strip()).isEqualTo(plain);
    assertThat(read(forms("text/plain", plain, "text/html", html)).text().strip()).isEqualTo(plain);
    assertThat(read(forms("text/plain", plain, "text/plain", plain + "\n")).text().strip())
        .isEqualTo(plain);
    assertThat(read(forms("text/plain", "See the page.", "text/html", html)).text())
        .contains("mildly enlarged");
    assertThat(read(forms("text/plain", plain, "text/plain", "Addendum: none.")).text())
        .contains(plain)
        .contains("Addendum: none.");
  }

  @Test
  void preformattedTextKeepsItsLines() {
    assertThat(
            read(form("text/html", "<pre>FINDINGS:\r\n1. Heart large\r\n2. No effusion</pre>"))
                .text()
                .strip())
        .isEqualTo("FINDINGS:\n1. Heart large\n2. No effusion");
    assertThat(
            read(form(
                    "text/html",
                    "<div style='white-space: pre-wrap'><b>A:</b>\n1. One\n2. Two</div>"))
                .text()
                .strip())
        .isEqualTo("A:\n1. One\n2. Two");
  }

  @ParameterizedTest
  @CsvSource({
    "A1,DiagnosticReport.identifier",
    "O1,DiagnosticReport.basedOn",
    "P1,DiagnosticReport.subject"
  })
  void anIdentifierThatNothingHoldsIsRefusedByItsField(String which, String place) {
    String good =
        """
        "identifier":[%s],"basedOn":[{"identifier":{"value":"O1"}}],
        "subject":{"identifier":{"value":"P1"}},"conclusion":"Clear."
        """
            .formatted(ACCESSION);
    assertThat(read(good).text()).contains("Clear.");
    for (String bad : new String[] {"9".repeat(3000), "a\\u000bb", "a\\u0000b"}) {
      assertThatThrownBy(() -> read(good.replace("\"" + which + "\"", "\"" + bad + "\"")))
          .isInstanceOfSatisfying(
              UnacceptableReportException.class, e -> assertThat(e.place()).isEqualTo(place));
    }
  }

  private static String data(String fields, byte[] bytes) {
    return "\"identifier\":[%s],\"presentedForm\":[{%s,\"data\":\"%s\"}]"
        .formatted(ACCESSION, fields, Base64.getEncoder().encodeToString(bytes));
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain; charset=iso-8859-1, ISO-8859-1",
    "text/plain;charset='windows-1252', windows-1252",
    "text/plain; charset=\"UTF-16\", UTF-16",
    "text/plain, UTF-16",
    "text/html; charset=utf-16le, UTF-16LE"
  })
  void aFormIsReadInTheCharacterSetItIsIn(String type, String charset) throws Exception {
    String text = "Größe unverändert.";
    String escaped = type.replace("\"", "\\\"");
    assertThat(read(data("\"contentType\":\"" + escaped + "\"", text.getBytes(charset))).text())
        .isEqualTo(text);
  }

  @Test
  void htmlSaysItsOwnCharacterSet() throws Exception {
    String html = "<html><head><meta charset='iso-8859-1'></head><body>Größe gleich.</body></html>";
    assertThat(read(data("\"contentType\":\"text/html\"", html.getBytes("ISO-8859-1"))).text())
        .isEqualTo("Größe gleich.");
  }

  @Test
  void whatIsStruckOutOrHiddenInHtmlIsNotSaid() {
    assertThat(
            read(form(
                    "text/html",
                    "<div hidden>a</div><p>No <del>large</del> <s>right</s> effusion.</p>"
                        + "<p style='text-decoration: line-through'>Fracture.</p>"
                        + "<span style='display:none'>b</span><table><tr><th>Heart</th>"
                        + "<td>nor&shy;mal</td></tr></table>"))
                .text())
        .isEqualTo("No effusion.\nHeart normal");
  }

  @Test
  void aDamagedOrShortenedFormIsRefusedByItsElement() throws Exception {
    byte[] text = "Large left effusion.".getBytes(StandardCharsets.UTF_8);
    String type = "\"contentType\":\"text/plain\"";
    String sha1 =
        Base64.getEncoder()
            .encodeToString(java.security.MessageDigest.getInstance("SHA-1").digest(text));
    for (String right :
        new String[] {
          ",\"size\":20", ",\"size\":28", ",\"hash\":\"" + sha1 + "\"", ",\"hash\":\"YWI=\""
        }) {
      assertThat(read(data(type + right, text)).text()).as(right).isEqualTo("Large left effusion.");
    }
    assertRefused(data(type + ",\"size\":21", text), "presentedForm[0].size");
    String other = sha1.substring(1, 2) + sha1.substring(0, 1) + sha1.substring(2);
    assertRefused(data(type + ",\"hash\":\"" + other + "\"", text), "presentedForm[0].hash");
    String good = data(type, text);
    assertThat(read(good.replace("TGFyZ2", "TGFy\\nZ2")).text()).isEqualTo("Large left effusion.");
    assertThatThrownBy(() -> read(good.replace("TGFyZ2", "TGF?Z2")))
        .isInstanceOf(DataFormatException.class);
  }

  private void assertRefused(String fields, String place) {
    assertThatThrownBy(() -> read(fields))
        .isInstanceOfSatisfying(
            UnacceptableReportException.class, e -> assertThat(e.place()).endsWith(place));
  }

  @Test
  void rtfIsReadAndFormatsThatAreNotAreToldWhereNothingElseIsTheWholeReport() {
    assertThat(read(form("application/rtf", "{\\rtf1\\ansi FINDINGS: Clear.\\par}")).text())
        .isEqualTo("FINDINGS: Clear.");
    ReportDraft draft = read(form("application/pdf", "%PDF-1.4") + ",\"conclusion\":\"Normal.\"");
    assertThat(draft.notes())
        .containsExactly(
            "presentedForm[0] was not read: PDF: it is damaged or incomplete: send it again");
    assertThat(read(forms("application/pdf", "%PDF-1.4", "text/plain", "Clear.")).notes())
        .isEmpty();
    String link =
        "\"identifier\":["
            + ACCESSION
            + "],\"presentedForm\":[{\"contentType\":\"text/plain\",\"url\":\"http://x/y\"}]";
    assertThat(read(link + ",\"conclusion\":\"Normal.\"").notes())
        .containsExactly(
            "presentedForm[0] was not read: it has no data, and links are not followed");
    assertThatThrownBy(() -> read(link)).hasMessageContaining("presentedForm[0] was not read");
    assertThatThrownBy(() -> read(form("text/plain", "%PDF-1.7 not text")))
        .isInstanceOf(UnacceptableReportException.class);
  }

  @Test
  void copiesThatDifferInHeadsAndFormatsAreReadOnce() {
    String body =
        "FINDINGS: The heart is mildly enlarged. The lungs are clear. No pleural effusion."
            + " IMPRESSION: Mild cardiomegaly.";
    String rtf = "{\\rtf1\\ansi GENERAL HOSPITAL\\par " + body + "\\par Page 1}";
    String html = "<h1>St. Elsewhere</h1><p>" + body.replace(". ", ".<br>") + "</p>";
    for (String forms :
        new String[] {
          forms("application/rtf", rtf, "text/html", html),
          forms("text/html", html, "application/pdf", "%PDF", "application/rtf", rtf),
          forms("text/plain", "COPY\n" + body, "text/plain", body.replace(" ", "\n ") + "\n-2-")
        }) {
      String text = read(forms).text();
      assertThat(text.split("mildly")).as(text).hasSize(2);
    }
    String left = "Left hand: no fracture, no dislocation, normal joints and soft tissue.";
    String right = left.replace("Left", "Right");
    assertThat(read(forms("text/plain", left, "text/plain", right)).text())
        .contains(left)
        .contains(right);
  }

  @Test
  void theConclusionIsReadWhereTheFormDoesNotSayIt() {
    String form = forms("text/plain", "FINDINGS: Heart large. IMPRESSION: 1. Heart is\nlarge.");
    assertThat(read(form + ",\"conclusion\":\"1. Heart is large.\"").text())
        .doesNotContain("\n1. Heart");
    assertThat(read(form + ",\"conclusion\":\"Heart is large. Left effusion.\"").text())
        .endsWith("IMPRESSION:\nLeft effusion.");
    assertThat(
            read("\"identifier\":["
                    + ACCESSION
                    + "],\"conclusion\":\"<p>Heart large.</p><p>No effusion.</p>\"")
                .text())
        .isEqualTo("IMPRESSION:\nHeart large.\nNo effusion.");
  }

  @Test
  void aPanelsMembersComponentsAndCodedValuesAreReadAndAWithdrawnPanelsAreNot() {
    String fields =
        """
        "contained":[
          {"resourceType":"Observation","id":"p","status":"%s","code":{"text":"panel"},
           "hasMember":[{"reference":"#a"},{"reference":"#b"},{"reference":"#p"}]},
          {"resourceType":"Observation","id":"a","status":"amended","code":{"text":"Findings"},
           "valueCodeableConcept":{"coding":[{"code":"1","display":"Large heart."}]}},
          {"resourceType":"Observation","id":"b","status":"preliminary","code":{"text":"x"},
           "component":[{"code":{"text":"Impression"},"valueString":"Cardiomegaly."}]},
          {"resourceType":"Observation","id":"c","status":"cancelled","code":{"text":"Findings"},
           "valueString":"Fracture."}],
        "identifier":[%s],"result":[{"reference":"#p"},{"reference":"#c"}],"conclusion":"End."
        """;
    assertThat(read(fields.formatted("final", ACCESSION)).text())
        .isEqualTo("FINDINGS:\nLarge heart.\nIMPRESSION:\nCardiomegaly.\nEnd.");
    assertThat(read(fields.formatted("entered-in-error", ACCESSION)).text())
        .isEqualTo("IMPRESSION:\nEnd.");
  }

  @Test
  void theFormInTheReportsLanguageIsReadWhateverItsCountry() {
    String forms =
        "\"language\":\"de\","
            + forms("text/plain", "Heart large.", "text/plain", "Herz groß.")
                .replaceFirst("\\{\"contentType\"", "{\"language\":\"en-US\",\"contentType\"")
                .replace(",{\"contentType\"", ",{\"language\":\"de-AT\",\"contentType\"");
    assertThat(read(forms).text()).isEqualTo("Herz groß.");
  }

  @Test
  void theSenderIsToldOfCharactersThatWereTakenOut() {
    assertThat(
            read("\"identifier\":[" + ACCESSION + "],\"conclusion\":\"a\\u0001b\\u0002\"").notes())
        .containsExactly("2 control characters were removed from the text");
  }

  @Test
  void theSenderIsToldOfASubjectThatIsOnlyAReference() {
    String report = "\"identifier\":[" + ACCESSION + "],\"conclusion\":\"Normal.\"";
    assertThat(read(report + ",\"subject\":{\"reference\":\"Patient/7\"}").notes())
        .singleElement()
        .asString()
        .startsWith("subject has no identifier");
    assertThat(read(report + ",\"subject\":{\"identifier\":{\"value\":\"7\"}}").notes()).isEmpty();
    assertThat(read(report).notes()).isEmpty();
  }

  @Test
  void theSenderIsToldThatOnlyTheFirstOfSeveralStudiesIsUsed() {
    String other = ACCESSION.replace("A1", "A2");
    ReportDraft report =
        read(
            """
            "identifier":[%s,%s],"conclusion":"Normal.","imagingStudy":[
             {"identifier":{"system":"urn:dicom:uid","value":"1.2.1"}},
             {"identifier":{"system":"urn:dicom:uid","value":"urn:oid:1.2.2"}}]"""
                .formatted(ACCESSION, other));
    assertThat(report.study().accessionNumber()).isEqualTo("A1");
    assertThat(report.notes())
        .containsExactly(
            "the report names 2 studies, and is matched by the first alone: send one report for"
                + " each study",
            "the report names 2 accession numbers, and is matched by the first alone: send one"
                + " report for each study");
    assertThat(
            read("\"identifier\":[%s,%s],\"conclusion\":\"Normal.\""
                    .formatted(ACCESSION, ACCESSION))
                .notes())
        .isEmpty();
  }

  @Test
  void theSenderIsToldOfResultsThatWereNotSent() {
    String report =
        ",\"result\":[{\"reference\":\"Observation/1\"},{\"reference\":\"Observation/2\"}]";
    assertThat(
            read("\"identifier\":[" + ACCESSION + "],\"conclusion\":\"Normal.\"" + report).notes())
        .singleElement()
        .asString()
        .startsWith("2 result Observations were not read");
    assertThat(read(form("text/plain", "Normal.") + report).notes()).isEmpty();
  }

  @Test
  void whoInterpretedTheResultsIsKept() {
    ReportDraft report =
        read(
            """
            "contained":[{"resourceType":"Practitioner","id":"a","identifier":[{"value":"1234"}],
              "name":[{"family":"LOVELACE","given":["ADA"]}]}],
            "resultsInterpreter":[{"reference":"#a"},{"reference":"Practitioner/77"}],
            "performer":[{"identifier":{"value":"78"},"display":"Emmy Noether"}],
            """
                + form("text/plain", "Clear."));
    assertThat(report.authors())
        .containsExactlyInAnyOrder("1234", "78", "LOVELACE^ADA", "Practitioner/77", "Emmy Noether");
    assertThat(read(form("text/plain", "Clear.")).authors()).isEmpty();
  }
}
