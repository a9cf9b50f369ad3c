package org.m2ib.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.boot.ServiceProfile;
import org.m2ib.cases.Arrival;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;

/** Reports that come by FHIR, over HTTP. */
@QuarkusTest
@TestProfile(ServiceProfile.Fhir.class)
class ReportCreateTest {
  private static final FhirContext FHIR = FhirContext.forR4Cached();

  @TestHTTPResource("/fhir/")
  URI base;

  @Inject ArrivalStore arrivals;
  @Inject Blobs blobs;

  private HttpResponse<String> post(String path, String body, String... headers) throws Exception {
    return new Http(base).post(path, Http.JSON, body, headers);
  }

  private static String report(String system, String id, String conclusion) {
    return """
    {"resourceType":"DiagnosticReport","status":"final","code":{"text":"Chest radiograph"},
     "identifier":[{"system":"%s","value":"%s"}],"effectiveDateTime":"2026-03-05",
     "subject":{"identifier":{"system":"urn:mrn","value":"P7"}},
     "imagingStudy":[{"identifier":{"system":"urn:dicom:uid","value":"urn:oid:1.2.3.9"}}],
     "conclusion":"%s"}"""
        .formatted(system, id, conclusion);
  }

  private static Bundle bundle(String json) {
    return FHIR.newJsonParser().parseResource(Bundle.class, json);
  }

  private static OperationOutcome.OperationOutcomeIssueComponent issue(
      HttpResponse<String> answer) {
    return FHIR.newJsonParser()
        .parseResource(OperationOutcome.class, answer.body())
        .getIssueFirstRep();
  }

  /** Takes the oldest arrivals that are not paired, as pairing does, and marks them as paired. */
  private List<Arrival> arrived() {
    List<Arrival> all = new ArrayList<>();
    arrivals
        .nextUnpairedId()
        .map(arrivals::get)
        .ifPresent(
            first -> {
              all.add(first);
              arrivals.paired(first, "");
              all.addAll(arrived());
            });
    return all;
  }

  @Test
  void aReportIsTakenInWithItsBodyAsItCameAndCanBeReadAgain() throws Exception {
    arrived();
    String body = report("urn:ris", "R1", "Normal chest – größer.");
    Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    HttpResponse<String> answer = post("DiagnosticReport", body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    List<Arrival> arrived = arrived();
    assertThat(arrived).hasSize(1);
    assertThat(arrived.get(0).report().reportId()).isEqualTo("R1");
    assertThat(arrived.get(0).report().text()).isEqualTo("IMPRESSION:\nNormal chest – größer.");
    assertThat(blobs.bytes(arrived.get(0).report().blob()))
        .isEqualTo(body.getBytes(StandardCharsets.UTF_8));

    assertThat(answer.headers().firstValue("Location").orElseThrow()).endsWith("/_history/1");
    assertThat(answer.headers().firstValue("ETag")).contains("W/\"1\"");
    String location = location(answer);
    assertThat(location).startsWith(base + "DiagnosticReport/");
    DiagnosticReport read =
        FHIR.newJsonParser()
            .parseResource(DiagnosticReport.class, new Http(base).get(location).body());
    assertThat(read.getConclusion()).isEqualTo("Normal chest – größer.");
    assertThat(read.getMeta().getLastUpdated().toInstant()).isBetween(before, Instant.now());
    for (String search :
        List.of(
            "study=1.2.3.9&identifier=urn:ris%7CR1",
            "patient:identifier=urn:mrn%7CP7&date=2026-03&identifier=R1")) {
      Bundle found = bundle(new Http(base).get("DiagnosticReport?" + search).body());
      assertThat(found.getEntry()).as(search).hasSize(1);
      assertThat(found.getEntryFirstRep().getFullUrl()).isEqualTo(location);
    }
  }

  @Test
  void aReportInXmlIsTakenToo() throws Exception {
    arrived();
    String xml =
        FHIR.newXmlParser()
            .encodeResourceToString(
                FHIR.newJsonParser().parseResource(report("urn:ris", "R2", "Clear.")));
    assertThat(new Http(base).post("DiagnosticReport", "application/fhir+xml", xml).statusCode())
        .isEqualTo(201);
    assertThat(blobs.bytes(arrived().get(0).report().blob()))
        .isEqualTo(xml.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void xmlOfAnotherNamespaceIsRefused() throws Exception {
    String xml =
        FHIR.newXmlParser()
            .encodeResourceToString(
                FHIR.newJsonParser().parseResource(report("urn:ris", "R2N", "Clear.")));
    Http http = new Http(base);
    for (String foreign :
        List.of(
            xml.replace("http://hl7.org/fhir\"", "urn:other\""),
            xml.replace("<conclusion", "<conclusion xmlns=\"urn:other\""))) {
      assertThat(foreign).isNotEqualTo(xml);
      HttpResponse<String> answer = http.post("DiagnosticReport", "application/fhir+xml", foreign);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
      assertThat(answer.body()).contains("OperationOutcome", "namespace", "line 1");
    }
    assertThat(http.post("DiagnosticReport", "application/fhir+xml", xml.replace("</", "<")).body())
        .contains("OperationOutcome");
  }

  @Test
  void aSubjectThatIsOnlyAReferenceIsAcceptedWithAWarning() throws Exception {
    DiagnosticReport report =
        FHIR.newJsonParser()
            .parseResource(DiagnosticReport.class, report("urn:ris", "R2S", "Clear."));
    report.setSubject(new Reference("Patient/77"));
    HttpResponse<String> answer =
        new Http(base)
            .post(
                "DiagnosticReport",
                "application/fhir+json",
                FHIR.newJsonParser().encodeResourceToString(report));
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.body()).contains("warning", "subject has no identifier");
  }

  @Test
  void aReportSentAgainReplacesAndTheSameNumberElsewhereDoesNot() throws Exception {
    String first = location(post("DiagnosticReport", report("urn:a", "R3", "One.")));
    String again = location(post("DiagnosticReport", report("urn:a", "R3", "Two.")));
    String other = location(post("DiagnosticReport", report("urn:b", "R3", "Three.")));
    assertThat(again).isEqualTo(first).isNotEqualTo(other);
    assertThat(new Http(base).get(first).body()).contains("Two.");
    assertThat(new Http(base).get(other).body()).contains("Three.");
  }

  /** Without the version. */
  private static String location(HttpResponse<String> answer) {
    return answer.headers().firstValue("Location").orElseThrow().replaceFirst("/_history/.*", "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '§',
      textBlock =
          """
          final;SECRET; 400; element status
          conclusion;inconclusion; 400; element inconclusion
          "final";{"a":"SECRET"}; 400; FHIR R4
          "final";SECRET; 400; line 1
          Normal";SECRET; 400; line 5
          DiagnosticReport;Observation; 400; expected DiagnosticReport, found Observation
          urn:dicom:uid;SECRET; 422; DiagnosticReport.identifier
          1.2.3.9;SECRET; 422; DiagnosticReport.imagingStudy
          conclusion;conclusionCode; 400; conclusionCode
          2026-03-05;2026-03-05T10:00:60Z; 422; DiagnosticReport.effective
          Normal;SECRET\\u0000; 422; U+0000
          """)
  void aReportThatCannotBeTakenIsRefusedWithItsPlaceAndNothingOfItIsKeptOrLogged(
      String from, String to, int status, String place) throws Exception {
    arrived();
    List<String> log = new ArrayList<>();
    Handler handler = handler(log);
    Logger.getLogger("").addHandler(handler);
    HttpResponse<String> answer;
    try {
      answer = post("DiagnosticReport", report("urn:ris", "R4", "Normal").replace(from, to));
    } finally {
      Logger.getLogger("").removeHandler(handler);
    }
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(issue(answer).getDiagnostics()).contains(place).doesNotContain("SECRET");
    if (place.startsWith("DiagnosticReport.")) {
      assertThat(issue(answer).getExpression().get(0)).hasToString(place);
    }
    assertThat(arrived()).isEmpty();
    assertThat(bundle(new Http(base).get("DiagnosticReport?identifier=R4").body()).getTotal())
        .isZero();
    assertThat(log).noneMatch(line -> line.contains("SECRET") || line.contains("P7"));
  }

  private static Handler handler(List<String> log) {
    return new Handler() {
      @Override
      public void publish(LogRecord line) {
        log.add(line.getMessage() + " " + line.getThrown());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  @Test
  void aBodyIsReadInItsCharacterSetOrRefused() throws Exception {
    Http http = new Http(base);
    String type = "application/fhir+json";
    byte[] latin = report("urn:ris", "L1", "Herz größer.").getBytes(StandardCharsets.ISO_8859_1);
    HttpResponse<String> damaged = http.post("DiagnosticReport", type, latin);
    assertThat(damaged.statusCode()).as(damaged.body()).isEqualTo(400);
    assertThat(issue(damaged).getDiagnostics()).contains("send UTF-8");
    HttpResponse<String> named =
        http.post("DiagnosticReport", type + "; charset=iso-8859-1", latin);
    assertThat(named.statusCode()).isEqualTo(201);
    assertThat(named.body()).contains("Herz größer.");
    HttpResponse<String> marked =
        http.post("DiagnosticReport", type, "\ufeff" + report("urn:ris", "L2", "Herz größer."));
    assertThat(marked.statusCode()).as(marked.body()).isEqualTo(201);
    for (String unknown : List.of("nosuch", "", "'utf-8'")) {
      assertThat(http.post("DiagnosticReport", type + "; charset=" + unknown, latin).statusCode())
          .as(unknown)
          .isEqualTo(415);
    }
  }

  @Test
  void anXmlBodyThatDeclaresAnotherEncodingIsRefused() throws Exception {
    DiagnosticReport report =
        FHIR.newJsonParser()
            .parseResource(DiagnosticReport.class, report("urn:ris", "X1", "Herz größer."));
    String xml =
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"
            + FHIR.newXmlParser().encodeResourceToString(report);
    Http http = new Http(base);
    for (byte[] body :
        List.of(xml.getBytes(StandardCharsets.ISO_8859_1), xml.getBytes(StandardCharsets.UTF_8))) {
      HttpResponse<String> answer = http.post("DiagnosticReport", "application/fhir+xml", body);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
      assertThat(answer.body()).contains("send UTF-8");
    }
  }

  @Test
  void bodiesOfOtherKindsAndConditionsAreRefused() throws Exception {
    String body = report("urn:ris", "R5", "Normal.");
    Http http = new Http(base);
    for (String type : List.of("text/plain", "application/pdf", "text/turtle")) {
      assertThat(http.post("DiagnosticReport", type, body).statusCode()).as(type).isEqualTo(415);
    }
    assertThat(post("DiagnosticReport", "").statusCode()).isEqualTo(400);
    assertThat(post("DiagnosticReport", body, "Content-Encoding", "gzip").statusCode())
        .isEqualTo(415);
    assertThat(post("DiagnosticReport", body, "If-None-Exist", "foo=R5").statusCode())
        .isEqualTo(400);
    for (String unselective : List.of("?", "_summary=true", "_count=0")) {
      assertThat(post("DiagnosticReport", body, "If-None-Exist", unselective).statusCode())
          .as(unselective)
          .isEqualTo(412);
    }
    assertThat(post("DiagnosticReport?foo=1", body).statusCode()).isEqualTo(400);
    assertThat(bundle(http.get("DiagnosticReport?identifier=R5").body()).getTotal()).isZero();
  }

  @Test
  void aReportIsCreatedOnlyIfNoneMeetsTheCondition() throws Exception {
    arrived();
    String condition = "identifier=urn:ris%7CC1";
    HttpResponse<String> created =
        post("DiagnosticReport", report("urn:ris", "C1", "One."), "If-None-Exist", condition);
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    HttpResponse<String> ignored =
        post("DiagnosticReport", report("urn:ris", "C1", "Two."), "If-None-Exist", condition);
    assertThat(ignored.statusCode()).as(ignored.body()).isEqualTo(200);
    assertThat(location(ignored)).isEqualTo(location(created));
    assertThat(new Http(base).get(location(created)).body()).contains("One.");
    assertThat(arrived()).hasSize(1);

    String entry = entry(report("urn:ris", "C1", "Three."), "DiagnosticReport");
    String conditional =
        entry.replace("\"method\"", "\"ifNoneExist\":\"" + condition + "\",\"method\"");
    Bundle answer = bundle(post("", entries("transaction", conditional)).body());
    assertThat(answer.getEntryFirstRep().getResponse().getStatus()).isEqualTo("200 OK");
    assertThat(arrived()).isEmpty();

    post("DiagnosticReport", report("urn:ris", "C2", "Other."));
    HttpResponse<String> several =
        post(
            "DiagnosticReport",
            report("urn:ris", "C3", "Third."),
            "If-None-Exist",
            "identifier=urn:ris%7CC1,urn:ris%7CC2");
    assertThat(several.statusCode()).isEqualTo(412);
    assertThat(issue(several).getCode()).isEqualTo(OperationOutcome.IssueType.MULTIPLEMATCHES);
  }

  @Test
  void aConditionThatCannotBeMeantIsRefused() throws Exception {
    arrived();
    String body = report("urn:ris", "K1", "One.");
    assertThat(post("DiagnosticReport", body, "If-None-Exist", "Observation?code=a").statusCode())
        .isEqualTo(400);
    assertThat(post("DiagnosticReport", body, "If-Match", "W/\"1\"").statusCode()).isEqualTo(412);
    String entry = entry(body, "DiagnosticReport");
    HttpResponse<String> batch =
        post(
            "",
            entries(
                "batch",
                entry.replace("\"method\"", "\"ifNoneMatch\":\"*\",\"method\""),
                entry.replace("\"method\"", "\"ifMatch\":\"1\",\"method\""),
                entry.replace("\"method\"", "\"ifNoneExist\":\"Observation?code=a\",\"method\""),
                get("DiagnosticReport", ",\"ifNoneExist\":\"identifier=K1\"")));
    assertThat(bundle(batch.body()).getEntry().stream().map(e -> e.getResponse().getStatus()))
        .containsExactly("422", "422", "400", "422");
    assertThat(arrived()).isEmpty();
    for (String condition :
        List.of(
            "identifier=urn:a?b%7CK1",
            "?identifier=urn:a%7CK1",
            "DiagnosticReport?identifier=a%7CK1",
            base + "DiagnosticReport?identifier=urn:ris%7CK1")) {
      assertThat(post("DiagnosticReport", body, "If-None-Exist", condition).statusCode())
          .as(condition)
          .isIn(200, 201);
    }
  }

  @Test
  void aTransactionThatStoresOneReportTwiceIsRefused() throws Exception {
    arrived();
    String one = entry(report("urn:ris", "D1", "One."), "DiagnosticReport");
    HttpResponse<String> refused =
        post("", entries("transaction", one, one.replace("One.", "Two.")));
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
    assertThat(issue(refused).getExpression())
        .anyMatch(e -> e.getValue().equals("Bundle.entry[1]"));
    assertThat(arrived()).isEmpty();
  }

  private static String entries(String type, String... entries) {
    return "{\"resourceType\":\"Bundle\",\"type\":\"%s\",\"entry\":[%s]}"
        .formatted(type, String.join(",", entries));
  }

  private static String entry(String resource, String url) {
    return "{\"resource\":%s,\"request\":{\"method\":\"POST\",\"url\":\"%s\"}}"
        .formatted(resource, url);
  }

  @Test
  void aTransactionOfReportsIsTakenWholeOrNotAtAll() throws Exception {
    arrived();
    String first = entry(report("urn:ris", "R6", "One."), "DiagnosticReport");
    String second = entry(report("urn:ris", "R7", "Two."), "DiagnosticReport");
    String none = entry(report("urn:ris", "R8", ""), "DiagnosticReport").replace("\"\"", "\" \"");
    String patient = entry("{\"resourceType\":\"Patient\",\"active\":true}", "Patient");
    for (String bad : List.of(none, patient)) {
      HttpResponse<String> refused = post("", entries("transaction", first, bad));
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
      assertThat(issue(refused).getExpression())
          .anyMatch(e -> e.getValue().equals("Bundle.entry[1]"));
      assertThat(arrived()).isEmpty();
    }
    String body = entries("transaction", first, second);
    HttpResponse<String> taken = post("", body);
    assertThat(taken.statusCode()).as(taken.body()).isEqualTo(200);
    List<Arrival> arrived = arrived();
    assertThat(arrived.stream().map(a -> a.report().reportId())).containsExactly("R6", "R7");
    assertThat(blobs.bytes(arrived.get(1).report().blob()))
        .isEqualTo(body.getBytes(StandardCharsets.UTF_8));
    Bundle answer = bundle(taken.body());
    assertThat(answer.getType()).isEqualTo(Bundle.BundleType.TRANSACTIONRESPONSE);
    assertThat(new Http(base).get(answer.getEntry().get(1).getResponse().getLocation()).body())
        .contains("Two.");
  }

  @Test
  void aBatchTakesWhatItCanAndSaysOfEachWhatBecameOfIt() throws Exception {
    arrived();
    HttpResponse<String> answer =
        post(
            "",
            entries(
                "batch",
                entry("{\"resourceType\":\"Patient\",\"active\":true}", "Patient"),
                entry(report("urn:ris", "R9", "Nine."), "DiagnosticReport")));
    assertThat(answer.statusCode()).isEqualTo(200);
    Bundle each = bundle(answer.body());
    assertThat(each.getEntry().get(0).getResponse().getStatus()).isEqualTo("422");
    assertThat(each.getEntry().get(1).getResponse().getStatus()).isEqualTo("201 Created");
    assertThat(arrived()).hasSize(1);
    assertThat(post("", entries("collection")).statusCode()).isEqualTo(422);
  }

  @Test
  void anEntryThatIsNotFhirIsRefusedAloneInABatchAndNamedInATransaction() throws Exception {
    arrived();
    String unknown =
        entry(report("urn:ris", "U1", "One."), "DiagnosticReport")
            .replace("\"status\"", "\"nosuch\":1,\"status\"");
    String wanted =
        report("urn:ris", "U2", "Two.")
            .replace(
                "\"conclusion\"",
                "\"result\":[{\"reference\":\"urn:uuid:6f6b7f0a-8f3a-4b55-9d5c-0c3f6a1b2c3d\"}],\"conclusion\"");
    String observation =
        "{\"fullUrl\":\"urn:uuid:6f6b7f0a-8f3a-4b55-9d5c-0c3f6a1b2c3d\",\"resource\":{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"text\":\"Findings\"},\"valueString\":\"Large heart.\"}}";
    String[] entries = {
      unknown,
      entry(wanted, "DiagnosticReport"),
      "5",
      "null",
      "{}",
      entry("{\"resourceType\":\"Nosuch\"}", "Nosuch"),
      get("DiagnosticReport?identifier=U2", "").replace("GET", "FROB"),
      observation,
      get("DiagnosticReport?identifier=U2", "")
    };
    HttpResponse<String> answer = post("", entries("batch", entries));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    Bundle each = bundle(answer.body());
    assertThat(each.getEntry().stream().map(e -> e.getResponse().getStatus()))
        .containsExactly("400", "201 Created", "400", "422", "422", "400", "400", "422", "200 OK");
    assertThat(each.getEntry())
        .allMatch(
            e ->
                !e.getResponse().getStatus().startsWith("4")
                    || e.getResponse().getOutcome() instanceof OperationOutcome);
    assertThat(
            ((OperationOutcome) each.getEntryFirstRep().getResponse().getOutcome())
                .getIssueFirstRep()
                .getDiagnostics())
        .contains("element nosuch");
    assertThat(arrived().get(0).report().text()).contains("Two.", "Large heart.");

    HttpResponse<String> refused =
        post("", entries("transaction", get("DiagnosticReport", ""), unknown));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(issue(refused).getExpression())
        .anyMatch(e -> e.getValue().equals("Bundle.entry[1]"));
    for (String whole :
        List.of(
            entries("batch", unknown).replace("\"type\"", "\"nosuch\":1,\"type\""),
            entries("batch", unknown).replace("]}", "]"),
            entries("batch", unknown).replace("Bundle", "List"),
            "[]",
            "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":{}}")) {
      assertThat(post("", whole).statusCode()).as(whole).isEqualTo(400);
    }
    assertThat(
            post("", entries("batch", Collections.nCopies(101, unknown).toArray(String[]::new)))
                .statusCode())
        .isEqualTo(422);
    assertThat(arrived()).isEmpty();
  }

  @Test
  void anEntryOfABatchInXmlThatIsNotFhirIsRefusedAlone() throws Exception {
    arrived();
    String bundle =
        FHIR.newXmlParser()
            .encodeResourceToString(
                bundle(
                    entries(
                        "batch",
                        entry(report("urn:ris", "V1", "One."), "DiagnosticReport"),
                        entry(report("urn:ris", "V2", "Größer."), "DiagnosticReport"),
                        entry(report("urn:ris", "V3", "Three."), "DiagnosticReport"))));
    String unreadable =
        bundle
            .replace("<conclusion value=\"One.\"", "<nosuch value=\"One.\"")
            .replace(
                "<conclusion value=\"Three.\"", "<conclusion xmlns=\"urn:other\" value=\"Three.\"");
    Http http = new Http(base);
    HttpResponse<String> answer = http.post("", "application/fhir+xml", unreadable);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(
            FHIR.newXmlParser().parseResource(Bundle.class, answer.body()).getEntry().stream()
                .map(e -> e.getResponse().getStatus()))
        .containsExactly("400", "201 Created", "400");
    assertThat(answer.body()).contains("element nosuch", "namespace");
    assertThat(arrived().get(0).report().text()).contains("Größer.");
    for (String whole :
        List.of(
            unreadable.replace("\"batch\"", "\"transaction\""),
            unreadable.replace("</entry>", ""),
            unreadable.replace("Bundle", "List"),
            unreadable.replace("<type ", "<nosuch value=\"1\"/><type "),
            "<!DOCTYPE Bundle>" + unreadable)) {
      HttpResponse<String> refused = http.post("", "application/fhir+xml", whole);
      assertThat(refused.statusCode()).as(whole).isEqualTo(400);
      assertThat(refused.body()).contains("<OperationOutcome").doesNotContain("Three.");
    }
    assertThat(arrived()).isEmpty();
  }

  private static String get(String url, String more) {
    return "{\"request\":{\"method\":\"GET\",\"url\":\"%s\"%s}}".formatted(url, more);
  }

  @Test
  void aBundleMayReadAndSearchAndATransactionFindsWhatItBrings() throws Exception {
    String location = location(post("DiagnosticReport", report("urn:ris", "B1", "One.")));
    String id = location.substring(location.indexOf("DiagnosticReport/"));
    String search = get("DiagnosticReport?identifier=urn:ris%7CB1,urn:ris%7CB2&_sort=_id", "");
    String same = ",\"ifNoneMatch\":\"W/\\\"1\\\"\"";
    String later = ",\"ifModifiedSince\":\"2999-01-01T00:00:00Z\"";
    String brought = entry(report("urn:ris", "B2", "Two."), "DiagnosticReport");
    HttpResponse<String> answer =
        post(
            "",
            entries(
                "transaction",
                search,
                get(id, ""),
                get(id + "/_history/1", ""),
                get(id, same),
                get(id, later),
                brought));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    Bundle each = bundle(answer.body());
    assertThat(each.getEntry().stream().map(e -> e.getResponse().getStatus()))
        .containsExactly(
            "200 OK", "200 OK", "200 OK", "304 Not Modified", "304 Not Modified", "201 Created");
    assertThat(((Bundle) each.getEntry().get(0).getResource()).getTotal()).isEqualTo(2);
    assertThat(each.getEntry().get(1).getFullUrl()).isEqualTo(location);
    assertThat(each.getEntry().get(1).getResponse().getEtag()).isEqualTo("W/\"1\"");
    assertThat(((DiagnosticReport) each.getEntry().get(2).getResource()).getConclusion())
        .isEqualTo("One.");
    assertThat(each.getEntry().get(3).hasResource()).isFalse();

    HttpResponse<String> batch =
        post(
            "",
            entries(
                "batch",
                get("Observation/none", ""),
                get("Patient?name=x", ""),
                get("Observation?foo=1", ""),
                get("Observation?_summary=true", ""),
                get("DiagnosticReport?identifier=B1&_summary=count", ""),
                get("Observation/a/_history", ""),
                search.replace("GET", "DELETE")));
    assertThat(bundle(batch.body()).getEntry().stream().map(e -> e.getResponse().getStatus()))
        .containsExactly("404", "422", "400", "400", "200 OK", "422", "422");
    assertThat(bundle(batch.body()).getEntryFirstRep().getResponse().getOutcome())
        .isInstanceOf(OperationOutcome.class);
    HttpResponse<String> failed =
        post(
            "",
            entries(
                "transaction",
                entry(report("urn:ris", "B3", "Three."), "DiagnosticReport"),
                get("Observation/none", "")));
    assertThat(failed.statusCode()).isEqualTo(404);
    assertThat(issue(failed).getExpression()).anyMatch(e -> e.getValue().equals("Bundle.entry[1]"));
    assertThat(bundle(new Http(base).get("DiagnosticReport?identifier=B3").body()).getTotal())
        .isZero();
  }

  @Test
  void aReferenceThatIsASearchIsResolvedInATransactionAndOtherwiseRefused() throws Exception {
    String location = location(post("DiagnosticReport", report("urn:ris", "Q0", "Other.")));
    String id = location.substring(location.indexOf("DiagnosticReport/"));
    String report =
        report("urn:ris", "Q1", "One.")
            .replace(
                "\"conclusion\"",
                "\"basedOn\":[{\"reference\":\"DiagnosticReport?identifier=urn:ris%7CQ0\"}],"
                    + "\"conclusion\"");
    for (HttpResponse<String> refused :
        List.of(
            post("DiagnosticReport", report),
            post(
                "",
                entries("transaction", entry(report.replace("Q0", "none"), "DiagnosticReport"))),
            post(
                "",
                entries(
                    "transaction",
                    entry(report.replace("DiagnosticReport?", "Patient?"), "DiagnosticReport"))))) {
      assertThat(refused.statusCode()).as(refused.body()).isIn(412, 422);
      assertThat(refused.body()).contains("DiagnosticReport.basedOn");
    }
    HttpResponse<String> taken =
        post("", entries("transaction", entry(report, "DiagnosticReport")));
    assertThat(taken.statusCode()).as(taken.body()).isEqualTo(200);
    assertThat(new Http(base).get("DiagnosticReport?identifier=urn:ris%7CQ1").body())
        .contains("\"reference\":\"" + id + "\"");
  }

  @Test
  void theSenderChoosesWhatTheAnswerContains() throws Exception {
    String body = report("urn:ris", "P1", "One.");
    String location = "";
    for (String prefer : List.of("minimal", "representation", "OperationOutcome")) {
      HttpResponse<String> answer = post("DiagnosticReport", body, "Prefer", "return=" + prefer);
      assertThat(answer.statusCode()).isEqualTo(201);
      assertThat(answer.body())
          .as(prefer)
          .contains(
              switch (prefer) {
                case "minimal" -> "";
                case "representation" -> "\"resourceType\":\"DiagnosticReport\"";
                default -> "\"severity\":\"information\"";
              });
      assertThat(answer.body().isEmpty()).isEqualTo(prefer.equals("minimal"));
      location = location(answer);
    }
    assertThat(new Http(base).get(location).body()).contains("One.");
  }

  @Test
  void theSenderIsToldWhatWasLeftOutUnlessItAsksForTheResource() throws Exception {
    arrived();
    String body =
        report("urn:ris", "R10", "Large\\u0001 heart.").replace("Chest r", "Chest\\u0002 r");
    HttpResponse<String> told = post("DiagnosticReport", body);
    assertThat(told.statusCode()).as(told.body()).isEqualTo(201);
    assertThat(location(told)).startsWith(base + "DiagnosticReport/");
    OperationOutcome outcome =
        FHIR.newJsonParser().parseResource(OperationOutcome.class, told.body());
    assertThat(outcome.getIssue())
        .allMatch(i -> i.getSeverity() == OperationOutcome.IssueSeverity.WARNING)
        .extracting(OperationOutcome.OperationOutcomeIssueComponent::getDiagnostics)
        .containsExactly(
            "1 control character was removed from the text",
            "control characters, which FHIR strings do not allow, were removed from the resource as it"
                + " is served: 2");
    assertThat(arrived().get(0).report().notes()).contains("1 control character");
    assertThat(post("DiagnosticReport", body, "Prefer", "return=representation").body())
        .contains("\"resourceType\":\"DiagnosticReport\"");
    Bundle answer =
        bundle(post("", entries("transaction", entry(body, "DiagnosticReport"))).body());
    assertThat(answer.getEntryFirstRep().getResponse().getOutcome())
        .isInstanceOf(OperationOutcome.class);
    assertThat(new Http(base).get(location(told)).body()).contains("Large heart.");
    assertThat(post("DiagnosticReport", report("urn:ris", "R11", "Clear.")).body())
        .contains("\"resourceType\":\"DiagnosticReport\"");
  }

  @Test
  void anObservationThatABatchBringsIsReadUnlessItIsWithdrawn() throws Exception {
    for (String reference :
        List.of("urn:uuid:6f6b7f0a-8f3a-4b55-9d5c-0c3f6a1b2c3d", "Observation/7")) {
      for (String status : List.of("final", "entered-in-error")) {
        arrived();
        String report =
            report("urn:ris", "R12", "End.")
                .replace(
                    "\"conclusion\"",
                    "\"result\":[{\"reference\":\"" + reference + "\"}],\"conclusion\"");
        String observation =
            "{\"fullUrl\":\"%s\",\"resource\":{\"resourceType\":\"Observation\",\"id\":\"7\",\"status\":\"%s\",\"code\":{\"text\":\"Findings\"},\"valueString\":\"Large heart.\"},\"request\":{\"method\":\"POST\",\"url\":\"Observation\"}}"
                .formatted(reference.startsWith("urn") ? reference : base + reference, status);
        HttpResponse<String> answer =
            post("", entries("batch", observation, entry(report, "DiagnosticReport")));
        assertThat(bundle(answer.body()).getEntry().get(1).getResponse().getStatus())
            .as(answer.body())
            .isEqualTo("201 Created");
        String text = arrived().get(0).report().text();
        if (status.equals("final")) {
          assertThat(text).as(reference).contains("Large heart.");
        } else {
          assertThat(text).as(reference).isEqualTo("IMPRESSION:\nEnd.");
        }
      }
    }
  }
}
