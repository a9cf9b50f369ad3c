package org.m2ib.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.m2ib.api.ApiAnswers.assertProblem;
import static org.m2ib.api.ApiAnswers.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.campaigns.CampaignStore;
import org.m2ib.campaigns.SignInNames;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.cases.TestArrivals;
import org.m2ib.cases.TestDatabase;
import org.m2ib.fhir.store.ResourceStore;
import org.m2ib.judging.JudgementStore;
import org.m2ib.judging.JudgingPolicy;
import org.m2ib.judging.OwnReports;
import org.m2ib.judging.Schemes;
import org.m2ib.pages.Texts;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SampleResults;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.fhir.FhirBundle;
import org.m2ib.results.fhir.FhirJudgements;

class CampaignsResourceTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2024-05-06T07:08:09.250Z"), ZoneOffset.UTC);
  private static final MediaType JSON = MediaType.APPLICATION_JSON_TYPE;
  private static final FhirBundle.Settings FHIR = FhirBundle.Settings.of("1.0", ZoneId.of("UTC"));

  /** All but ghost are users. */
  private static final SignInNames USERS = names -> names.stream().filter("ghost"::equals).toList();

  private final Database database = TestDatabase.h2();
  private final CaseStore cases = new CaseStore(database, CLOCK);
  private final ArrivalStore arrivals = TestArrivals.store(database, CLOCK);
  private final ResultStore results = new ResultStore(database);
  private final JudgementStore judgements = new JudgementStore(database, CLOCK);
  private final CampaignStore campaigns = new CampaignStore(database);
  private final JudgingPolicy policy =
      new JudgingPolicy(Schemes.usual(), 1, false, new OwnReports(Map.of("eve", List.of("EVE"))));
  private final CampaignsResource resource =
      new CampaignsResource(campaigns, judgements, results, policy, USERS, FHIR, CLOCK);
  private final JudgementsResource judging = judging(judgements);

  private JudgementsResource judging(JudgementStore store) {
    return new JudgementsResource(
        database,
        cases,
        results,
        store,
        campaigns,
        arrivals,
        new ResourceStore(database, CLOCK),
        new FhirJudgements(FHIR, policy.schemes()),
        policy,
        null);
  }

  /** Ten cases of one sentence. */
  @BeforeEach
  void write() {
    for (int i = 0; i < 10; i++) {
      UUID id = cases.create(SampleResults.STUDY, CaseState.DELIVERED, null).id();
      SentenceResult result = SampleResults.of(i, "Finding " + i + ".");
      results.save(
          new StoredResult(
              result.key().id(),
              id,
              0,
              "i",
              ResultJson.write(result),
              i / 10.0,
              i % 2 == 0,
              "c",
              "p",
              false));
    }
  }

  private JsonNode start(String body) {
    return json(
        resource.start(CampaignBody.read(JSON, body.getBytes(StandardCharsets.UTF_8)), "boss"));
  }

  private List<JsonNode> items(JsonNode campaign, String person) {
    List<JsonNode> items = new ArrayList<>();
    json(resource.items(campaign.get("id").asText(), person)).get("items").forEach(items::add);
    return items;
  }

  private Response judge(JsonNode campaign, JsonNode item, String person, String body) {
    return judge(judging, campaign, item, person, body);
  }

  private static Response judge(
      JudgementsResource judging, JsonNode campaign, JsonNode item, String person, String body) {
    String sent =
        body.replaceFirst("\\{", "{\"campaign\":\"" + campaign.get("id").asText() + "\",");
    return judging.judge(
        item.get("caseId").asText(),
        "0",
        item.get("sentence").asText(),
        person,
        JudgementBody.read(JSON, sent.getBytes(StandardCharsets.UTF_8)));
  }

  private static final String YES = "{\"answers\":{\"finding\":\"yes\",\"region\":\"yes\"}}";
  private static final String NO = "{\"answers\":{\"finding\":\"no\"}}";
  private static final Texts ENGLISH = Texts.of("en", List.of());
  private static final String TWO =
      "{\"question\":\"How often?\",\"size\":6,\"readers\":[\"ada\",\"bob\"],\"doubleShare\":1}";

  private Response report(JsonNode campaign, String type, String person, boolean leads) {
    return resource.report(
        campaign.get("id").asText(), List.of(MediaType.valueOf(type)), person, leads, ENGLISH);
  }

  @Test
  void aCampaignIsJudgedByItsReadersInTheirOwnOrderAndReportsWithIntervals() throws Exception {
    JsonNode campaign = start(TWO);
    assertThat(campaign.get("items").asInt()).isEqualTo(6);
    assertThat(items(campaign, "ada")).hasSize(6);
    assertThat(items(campaign, "eve")).isEmpty();
    assertThat(items(campaign, "ada").stream().map(i -> i.get("sentence")))
        .containsExactlyInAnyOrderElementsOf(
            items(campaign, "bob").stream().map(i -> i.get("sentence")).toList());

    int n = 0;
    for (JsonNode item : items(campaign, "ada")) {
      json(judge(campaign, item, "ada", n++ < 4 ? YES : NO));
    }
    assertThat(items(campaign, "ada")).allMatch(i -> i.get("judged").asBoolean());
    List<JsonNode> agreed = items(campaign, "ada").subList(0, 4);
    for (JsonNode item : items(campaign, "bob")) {
      boolean same = agreed.stream().anyMatch(a -> a.get("sentence").equals(item.get("sentence")));
      json(
          judge(campaign, item, "bob", same ? YES : "{\"answers\":{\"finding\":\"cannot-tell\"}}"));
    }

    JsonNode report = json(report(campaign, "application/json", "boss", true)).get("report");
    assertThat(report.get("judged").asInt()).isEqualTo(6);
    assertThat(report.get("differing").asInt()).isEqualTo(2);
    JsonNode finding = report.get("questions").get(0);
    assertThat(finding.at("/agreeing/count").asInt()).isEqualTo(4);
    assertThat(finding.at("/agreeing/of").asInt()).isEqualTo(4); // the two are not decided
    assertThat(finding.at("/agreement/percent/value").asDouble()).isEqualTo(4 / 6.0);
    assertThat(finding.at("/agreement/gwet/low").isNumber()).isTrue();
    assertThat(finding.at("/beforeMap").isNull()).isTrue();

    JsonNode open = items(campaign, "ada").get(5);
    json(judge(campaign, open, "dan", NO.replace("{\"answers", "{\"arbitration\":true,\"answers")));
    report = json(report(campaign, "application/json", "boss", true)).get("report");
    assertThat(report.get("decided").asInt()).isEqualTo(1);
    assertThat(report.at("/questions/0/agreeing/of").asInt()).isEqualTo(5);
    assertThat(report.at("/questions/0/choices/no").asInt()).isEqualTo(1);
  }

  @Test
  void theReportIsTableFileAndMeasureReportAndTheSameEachTime() throws Exception {
    JsonNode campaign = start(TWO);
    for (JsonNode item : items(campaign, "ada")) {
      json(judge(campaign, item, "ada", YES));
    }
    for (JsonNode item : items(campaign, "bob")) {
      json(judge(campaign, item, "bob", YES));
    }
    String csv = (String) report(campaign, "text/csv", "boss", true).getEntity();
    assertThat(csv.lines()).hasSize(1 + 6 * 2 * 2);
    assertThat(csv.lines().findFirst().orElseThrow())
        .isEqualTo(
            "item,stratum,case,result,reader,stage,arbitration,question,answer,time,complete");
    byte[] pdf = (byte[]) report(campaign, "application/pdf", "boss", true).getEntity();
    try (var document = Loader.loadPDF(pdf)) {
      assertThat(new PDFTextStripper().getText(document))
          .contains("How often?", "Not for diagnostic use", "6 of 6 sentences", "Gwet’s AC1: 1.000")
          .contains("Cohen’s kappa: not defined: all answers are the same");
    }
    String measure = (String) report(campaign, "application/fhir+json", "boss", true).getEntity();
    assertThat(measure)
        .contains("\"resourceType\":\"MeasureReport\"", "StructureDefinition/interval")
        .contains("CodeSystem/judging-standard", "gwet-ac1");
    assertThat((byte[]) report(campaign, "application/pdf", "boss", true).getEntity())
        .isEqualTo(pdf);
    assertProblem(() -> report(campaign, "image/png", "boss", true), 406, "Accept");
  }

  @Test
  void aReaderUnderWhoseNameNobodyCanSignInIsTold() {
    JsonNode campaign = start(TWO.replace("\"bob\"", "\"ghost\""));
    assertThat(campaign.get("unknownReaders"))
        .extracting(JsonNode::asText)
        .containsExactly("ghost");
    assertThat(start(TWO).get("unknownReaders")).isEmpty();
  }

  @Test
  void aGermanReaderGetsAGermanFileWithTheNumbersOfTheOtherForms() throws Exception {
    JsonNode campaign = start(TWO);
    int n = 0;
    for (JsonNode item : items(campaign, "ada")) {
      json(judge(campaign, item, "ada", YES));
      json(judge(campaign, item, "bob", n++ < 4 ? YES : NO));
    }
    String id = campaign.get("id").asText();
    Response answer =
        resource.report(
            id,
            List.of(MediaType.valueOf("application/pdf")),
            "boss",
            true,
            Texts.of("de", List.of()));
    assertThat(answer.getHeaderString("Vary")).contains("Accept-Language", "Cookie");
    try (var document = Loader.loadPDF((byte[]) answer.getEntity())) {
      assertThat(document.getDocumentCatalog().getLanguage()).isEqualTo("de");
      String text = new PDFTextStripper().getText(document);
      assertThat(text)
          .contains("Prüfung eines Modells. Nicht für die Diagnostik.", "Ist der Befund vorhanden?")
          .contains(
              "Stichprobe: alle: 6, ein Satz",
              "6 von 6 Sätzen",
              "bei 2 verschieden",
              "Zustimmend: 4 von 4: 1,000")
          .contains("Ja: 4", "Nicht beurteilbar: 0", "Beobachtete Übereinstimmung: 0,667 (")
          .contains("Cohens Kappa: 0,000 (", "nicht definiert: alle Antworten sind gleich");
      assertThat(text)
          .doesNotContainPattern(
              "(?i)\\b(the|not|sentences|readers?|agreement|judged|with|made|yes|none|of)\\b");
    }
    JsonNode report = json(report(campaign, "application/json", "boss", true)).get("report");
    JsonNode measure =
        new ObjectMapper()
            .readTree((String) report(campaign, "application/fhir+json", "boss", true).getEntity());
    JsonNode finding = measure.at("/group/0");
    assertThat(finding.at("/population/1/count").asInt()).isEqualTo(4); // denominator
    assertThat(finding.at("/population/2/count").asInt()).isEqualTo(4);
    assertThat(measure.at("/group/1/measureScore/value").asDouble())
        .isEqualTo(report.at("/questions/0/agreement/percent/value").asDouble());
    String csv = (String) report(campaign, "text/csv", "boss", true).getEntity();
    assertThat(csv.lines().filter(line -> line.contains(",finding,yes,"))).hasSize(6 + 4);
    assertThat(csv.lines().filter(line -> line.contains(",finding,no,"))).hasSize(2);
  }

  @Test
  void whileItIsOpenNobodyWhoStillJudgesOrDoesNotLeadSeesTheReport() {
    JsonNode campaign = start(TWO);
    assertProblem(() -> report(campaign, "text/csv", "eve", false), 403, "While the campaign");
    assertProblem(() -> report(campaign, "text/csv", "ada", true), 403, "While the campaign");
    JsonNode item = items(campaign, "ada").get(0);
    json(judge(campaign, item, "ada", YES));
    assertThat((String) report(campaign, "text/csv", "boss", true).getEntity())
        .doesNotContain("ada"); // bob has not judged it yet

    resource.close(campaign.get("id").asText());

    assertThat((String) report(campaign, "text/csv", "eve", false).getEntity()).contains("ada");
    assertProblem(() -> judge(campaign, item, "bob", NO), 409, "it has ended");
    String made =
        json(judging.all(item.get("caseId").asText(), "ada"))
            .at("/sentences/0/judgements/0/id")
            .asText();
    assertProblem(
        () -> judging.undo(item.get("caseId").asText(), made, "ada"), 409, "what was said in it");
  }

  @Test
  void aSentenceIsJudgedInACampaignOnlyByThoseWhoWereGivenIt() {
    JsonNode campaign = start(TWO);
    JsonNode item = items(campaign, "ada").get(0);
    assertProblem(() -> judge(campaign, item, "eve", YES), 403, "not yours to judge");
    assertProblem(
        () ->
            judge(campaign, item, "ada", "{\"scheme\":\"radpeer\",\"answers\":{\"score\":\"1\"}}"),
        400,
        "the campaign's is standard");
  }

  @Test
  void whoHasStillToJudgeASentenceSeesNobodyElsesJudgementOfIt() {
    JsonNode before = start("{\"question\":\"a\",\"size\":10,\"readers\":[\"eve\"]}");
    JsonNode seen = items(before, "eve").get(0);
    json(judge(before, seen, "eve", NO));
    String id = seen.get("caseId").asText();
    assertThat(json(judging.all(id, "ada")).get("sentences")).hasSize(1);

    JsonNode campaign = start("{\"question\":\"b\",\"size\":10,\"readers\":[\"ada\"]}");

    assertThat(json(judging.all(id, "ada")).get("sentences")).isEmpty();
    assertThat(json(judging.all(id, "bob")).get("sentences")).hasSize(1);
    json(judge(campaign, seen, "ada", YES));
    assertThat(json(judging.all(id, "ada")).at("/sentences/0/judgements")).hasSize(2);
  }

  @Test
  void aBlindCampaignAsksBeforeTheMapAndAfterItAndTellsWhatChanged() {
    JsonNode campaign =
        start("{\"question\":\"a\",\"size\":2,\"readers\":[\"ada\"],\"blind\":true}");
    String before = NO.replace("{\"answers", "{\"stage\":\"before-map\",\"answers");
    for (JsonNode item : items(campaign, "ada")) {
      assertProblem(() -> judge(campaign, item, "ada", YES), 409, "before the map is shown first");
      json(judge(campaign, item, "ada", before));
      assertThat(items(campaign, "ada")).anyMatch(i -> !i.get("judged").asBoolean());
      json(judge(campaign, item, "ada", item.get("place").asInt() == 1 ? YES : NO));
    }
    JsonNode finding =
        json(report(campaign, "application/json", "boss", true)).at("/report/questions/0");
    assertThat(finding.at("/changed/count").asInt()).isEqualTo(1);
    assertThat(finding.at("/changed/of").asInt()).isEqualTo(2);
    assertThat(finding.at("/beforeMap/gwet/reason").asText()).isEqualTo("nothing was rated");
  }

  @Test
  void aSampleIsDrawnByStrataAndStaysAsItWas() {
    JsonNode campaign =
        start(
            """
            {"question": "a", "readers": ["ada"], "strata": [
              {"name": "alarms", "size": 3, "filter": {"alarm": true}},
              {"name": "low", "size": 2, "filter": {"similarityTo": 0.35, "alarm": false}}]}
            """);
    List<JsonNode> items = items(campaign, "ada");
    assertThat(items).hasSize(5);
    UUID gone = UUID.fromString(items.get(0).get("sentence").asText());
    results.save(results.find(gone).orElseThrow().withdraw());
    assertThat(items(campaign, "ada")).hasSize(5);
    assertThat(items(campaign, "ada").get(0).get("withdrawn").asBoolean()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {} | 400 | question: must have
          {"question":"a","size":3} | 400 | readers: at least one
          {"question":"a","readers":["ada"]} | 400 | strata: at least one
          {"readers":["ada"],"size":3} | 400 | question: must have
          {"question":"a","readers":["ada"],"size":3,"doubleShare":0.5} | 400 | needs two readers
          {"question":"a","readers":["ada"],"size":3,"scheme":"SECRET"} | 400 | scheme: must be one of
          {"question":"a","readers":["ada"],"size":3,"deadline":"2020-01-01T00:00:00Z"} | 400 | deadline: is past
          {"question":"a","readers":["ada"],"size":3,"SECRET":1} | 400 | unknown field
          {"question":"a","readers":["ada"],"size":"SECRET"} | 400 | size: a value of
          {"question":"a","readers":[null],"size":3} | 400 | readers: at least one
          {"question":"a","readers":[" "],"size":3} | 400 | readers: at least one
          {"question":"a","readers":["ada"],"strata":[{"name":"x","size":1},{"name":" x","size":1}]} | 400 | strata: each needs a name of its own
          {"question":"a","readers":["ada"],"strata":[{"name":"a\\u0000","size":1}]} | 400 | strata: each needs a name of its own
          {"question":"a","readers":["ada"],"size":3,"filter":{"model":"none"}} | 409 | no sentence
          [] | 400 | body
          SECRET | 400 | must be a JSON object
          """)
  void aCampaignThatCannotBeIsRefusedByNameAndNotKept(String body, int status, String detail) {
    assertProblem(() -> start(body), status, detail);
    assertThat(json(resource.all("boss")).get("campaigns")).isEmpty();
  }

  @Test
  void aSentenceThatIsWithdrawnMidwayIsNotAskedForAndTheReportSaysSo() {
    JsonNode campaign = start(TWO);
    List<JsonNode> own = items(campaign, "ada");
    for (JsonNode item : own.subList(0, 5)) {
      json(judge(campaign, item, "ada", YES));
    }
    assertProblem(() -> report(campaign, "text/csv", "ada", true), 403, "While the campaign");
    UUID gone = UUID.fromString(own.get(5).get("sentence").asText());
    results.save(results.find(gone).orElseThrow().withdraw());

    JsonNode report = json(report(campaign, "application/json", "ada", true)).get("report");
    assertThat(report.get("withdrawn").asInt()).isEqualTo(1);
    assertThat(report.at("/readers/0/assigned").asInt()).isEqualTo(5);
    assertThat(report.at("/readers/0/judged").asInt()).isEqualTo(5);
    assertThat(report.get("items").asInt()).isEqualTo(6);
  }

  @Test
  void aSentenceThatIsWithdrawnOnceItIsJudgedStaysInTheReport() {
    JsonNode campaign = start(TWO);
    JsonNode item = items(campaign, "ada").get(0);
    json(judge(campaign, item, "ada", YES));
    json(judge(campaign, item, "bob", YES));
    UUID gone = UUID.fromString(item.get("sentence").asText());
    results.save(results.find(gone).orElseThrow().withdraw());

    JsonNode report = json(report(campaign, "application/json", "boss", true)).get("report");
    assertThat(report.get("judged").asInt()).isEqualTo(1);
    assertThat(report.get("withdrawn").asInt()).isZero();
    assertThat(report.at("/readers/0/assigned").asInt()).isEqualTo(6);
  }

  private static final Clock LATER =
      Clock.fixed(Instant.parse("2024-05-07T00:00:00Z"), ZoneOffset.UTC);

  @Test
  void afterTheDeadlineNoReaderIsHeardAndAnArbiterDecidesUntilTheCampaignIsClosed()
      throws Exception {
    JsonNode campaign =
        start(TWO.replace("\"size\"", "\"deadline\":\"2024-05-06T12:00:00Z\",\"size\""));
    for (JsonNode item : items(campaign, "ada")) {
      json(judge(campaign, item, "ada", YES));
    }
    List<JsonNode> own = items(campaign, "bob");
    json(judge(campaign, own.get(0), "bob", NO));
    json(judge(campaign, own.get(1), "bob", NO));
    JudgementStore later = new JudgementStore(database, LATER);
    JudgementsResource late = judging(later);
    CampaignsResource lateReports =
        new CampaignsResource(campaigns, later, results, policy, USERS, FHIR, LATER);
    ArbitrationsResource undecided = new ArbitrationsResource(later, results, campaigns);
    String id = campaign.get("id").asText();

    assertProblem(() -> judge(late, campaign, own.get(2), "bob", NO), 409, "it has ended");
    assertThat(measure(lateReports, id)).contains("\"status\":\"pending\"");
    assertThat(json(undecided.get("dan")).get("sentences")).hasSize(2);
    String decision = NO.replace("{\"answers", "{\"arbitration\":true,\"answers");
    json(judge(late, campaign, own.get(0), "dan", decision));
    json(judge(late, campaign, own.get(1), "dan", decision));
    assertThat(measure(lateReports, id))
        .contains("\"status\":\"complete\"", "\"end\":\"2024-05-06T12:00:00");
    String made =
        json(late.all(own.get(1).get("caseId").asText(), "dan"))
            .at("/sentences/0/judgements/0/id")
            .asText();
    late.undo(own.get(1).get("caseId").asText(), made, "dan");

    lateReports.close(id);

    assertThat(json(undecided.get("dan")).get("sentences")).isEmpty();
    assertProblem(() -> judge(late, campaign, own.get(1), "dan", decision), 409, "it has ended");
  }

  private static String measure(CampaignsResource from, String id) {
    return (String)
        from.report(id, List.of(MediaType.valueOf("application/fhir+json")), "eve", false, ENGLISH)
            .getEntity();
  }

  @Test
  void whoSawTheMapOutsideOfABlindCampaignCanStillFinishIt() {
    JsonNode campaign =
        start("{\"question\":\"a\",\"size\":1,\"readers\":[\"ada\"],\"blind\":true}");
    JsonNode item = items(campaign, "ada").get(0);
    json(
        judging.judge(
            item.get("caseId").asText(),
            "0",
            item.get("sentence").asText(),
            "ada",
            JudgementBody.read(JSON, YES.getBytes(StandardCharsets.UTF_8))));
    String before = NO.replace("{\"answers", "{\"stage\":\"before-map\",\"answers");
    assertProblem(() -> judge(campaign, item, "ada", before), 409, "nobody can be blind");

    json(judge(campaign, item, "ada", YES));

    assertThat(items(campaign, "ada")).allMatch(i -> i.get("judged").asBoolean());
    JsonNode finding =
        json(report(campaign, "application/json", "boss", true)).at("/report/questions/0");
    assertThat(finding.at("/changed/of").asInt()).isZero();
  }

  @Test
  void anUnknownCampaignIsNotFound() {
    assertProblem(() -> resource.get("12"), 404, "not a UUID");
    assertProblem(() -> resource.get(UUID.randomUUID().toString()), 404, "no such campaign");
  }
}
