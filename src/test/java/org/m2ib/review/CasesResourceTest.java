package org.m2ib.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.m2ib.api.ApiAnswers.assertProblem;
import static org.m2ib.api.ApiAnswers.json;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.attribution.Attribution;
import org.m2ib.campaigns.CampaignStore;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.ReceivedInstance;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.cases.StudyKey;
import org.m2ib.cases.TestArrivals;
import org.m2ib.cases.TestDatabase;
import org.m2ib.judging.JudgementStore;
import org.m2ib.judging.JudgingPolicy;
import org.m2ib.judging.TestJudgements;
import org.m2ib.results.MadeResults;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SampleResults;
import org.m2ib.results.SentenceResult;

class CasesResourceTest {
  private static final Instant NOW = Instant.parse("2024-05-06T07:08:09Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final List<MediaType> ANYTHING = List.of(MediaType.WILDCARD_TYPE);

  @TempDir Path dir;
  private ArrivalStore arrivals;
  private CaseStore cases;
  private ResultStore results;
  private JudgementStore judgements;
  private Outbox outbox;
  private Blobs blobs;
  private CasesResource resource;

  @BeforeEach
  void start() {
    Database database = TestDatabase.h2();
    arrivals = TestArrivals.store(database, CLOCK);
    cases = new CaseStore(database, CLOCK);
    results = new ResultStore(database);
    outbox = new Outbox(database, CLOCK);
    blobs = new Blobs(dir);
    judgements = new JudgementStore(database, CLOCK);
    resource =
        new CasesResource(
            cases,
            arrivals,
            results,
            judgements,
            new CampaignStore(database),
            JudgingPolicy.usual(),
            outbox,
            blobs);
  }

  /** A delivered case with report, image and two sentences; an earlier sentence is withdrawn. */
  private Case whole() {
    arrivals.receive(
        new ReceivedInstance(
            SampleResults.STUDY,
            "1.2.3.4",
            "1.2.3.4.1",
            "1.2",
            "DX",
            "PA",
            null,
            "PACS",
            blob("i")));
    TestArrivals.pair(arrivals);
    arrivals.receive(
        TestArrivals.report(
            SampleResults.STUDY, "R1", ReportStatus.FINAL, "One. Two.", "hl7", blob("r")));
    Case c =
        cases.create(SampleResults.STUDY, CaseState.DELIVERED, TestArrivals.pair(arrivals).id());
    save(c, 0, "Clear lungs.", false);
    save(c, 1, "Large heart.", false);
    save(c, 0, "Old sentence.", true);
    return c;
  }

  private SentenceResult save(Case c, int n, String text, boolean withdrawn) {
    return save(c, n, text, withdrawn, SampleResults.of(n, text));
  }

  private SentenceResult save(
      Case c, int n, String text, boolean withdrawn, SentenceResult result) {
    results.save(
        new StoredResult(
            result.key().id(),
            c.id(),
            n,
            blob("image"),
            ResultJson.write(result),
            result.attribution().similarity(),
            result.alarm(),
            blob("capture of " + text),
            blob("picture of " + text),
            withdrawn));
    return result;
  }

  private String blob(String content) {
    return blobs.put(content.getBytes(StandardCharsets.UTF_8));
  }

  private static Map<String, String> query(String... namesAndValues) {
    Map<String, String> query = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      query.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return query;
  }

  private JsonNode search(Map<String, String> query) {
    return json(search(resource, query));
  }

  private static CaseAnswers.CaseList search(CasesResource resource, Map<String, String> query) {
    return resource.search(
        query.get("studyInstanceUid"),
        query.get("accessionNumber"),
        query.get("state"),
        query.get("alarms"),
        query.get("offset"),
        query.get("limit"));
  }

  @Test
  void casesAreFoundByEachOfTheirNames() {
    UUID one = cases.create(SampleResults.STUDY, CaseState.DELIVERED, null).id();
    StudyKey other = new StudyKey("9.9", "A/ 9", null, null, null, null);
    UUID two = cases.create(other, CaseState.FAILED, null).id();
    cases.setReason(two, "no image could be read");
    assertThat(ids(query())).containsExactlyInAnyOrder(one, two);
    assertThat(ids(query("studyInstanceUid", "1.2.3"))).containsExactly(one);
    assertThat(ids(query("accessionNumber", "A/ 9"))).containsExactly(two);
    assertThat(ids(query("state", "failed"))).containsExactly(two);
    assertThat(ids(query("alarms", "true"))).isEmpty();
    assertThat(ids(query("state", "FAILED", "studyInstanceUid", "1.2.3"))).isEmpty();
    JsonNode found = search(query("state", "FAILED")).get("cases").get(0);
    assertThat(found.get("state").asText()).isEqualTo("FAILED");
    assertThat(found.get("reason").asText()).isEqualTo("no image could be read");
    assertThat(found.get("studyInstanceUid").asText()).isEqualTo("9.9");
    assertThat(found.get("accessionNumber").asText()).isEqualTo("A/ 9");
    assertThat(found.get("createdAt").asText()).isEqualTo("2024-05-06T07:08:09Z");
    assertThat(found.get("updatedAt").asText()).isEqualTo("2024-05-06T07:08:09Z");
    assertThat(found.get("links").get("self").asText()).isEqualTo("/api/cases/" + two);
  }

  @Test
  void theListSaysHowManySentencesHoldTheLowestSimilarityAndHowManyAreJudged() {
    Case c = whole();
    TestJudgements.agree(judgements, results.of(c.id()).get(1), "", "admin");
    UUID waits =
        cases
            .create(
                new StudyKey("9", null, null, null, null, null), CaseState.AWAITING_REPORT, null)
            .id();
    JsonNode found = search(query("studyInstanceUid", "1.2.3")).get("cases").get(0);
    assertThat(found.get("sentences").asInt()).isEqualTo(2);
    assertThat(found.get("lowestSimilarity").asDouble()).isEqualTo(0.28);
    assertThat(found.get("alarms").asInt()).isEqualTo(2);
    assertThat(found.get("judged").asInt()).isEqualTo(1);
    found = search(query("studyInstanceUid", "9")).get("cases").get(0);
    assertThat(found.get("id").asText()).isEqualTo(waits.toString());
    assertThat(found.get("sentences").asInt()).isZero();
    assertThat(found.get("lowestSimilarity").isNull()).isTrue();
    assertThat(found.get("alarms").asInt()).isZero();
    assertThat(found.get("judged").asInt()).isZero();
  }

  private List<UUID> ids(Map<String, String> query) {
    List<UUID> ids = new ArrayList<>();
    JsonNode answer = search(query);
    assertThat(answer.get("next").isNull()).isTrue();
    answer.get("cases").forEach(c -> ids.add(UUID.fromString(c.get("id").asText())));
    return ids;
  }

  @Test
  void followingNextShowsEveryCaseOnce() {
    StudyKey study = new StudyKey("1.2", "A & B/ü", null, null, null, null);
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(cases.create(study, CaseState.FAILED, null).id().toString());
      cases.create(study, CaseState.SKIPPED, null);
    }
    Map<String, String> query =
        query("accessionNumber", "A & B/ü", "state", "FAILED", "limit", "2");
    List<String> shown = new ArrayList<>();
    List<Integer> pages = new ArrayList<>();
    while (query != null) {
      JsonNode page = search(query);
      page.get("cases").forEach(c -> shown.add(c.get("id").asText()));
      pages.add(page.get("cases").size());
      query = page.get("next").isNull() ? null : parse(page.get("next").asText());
    }
    assertThat(shown).containsExactlyInAnyOrderElementsOf(all);
    assertThat(pages).containsExactly(2, 2, 1);
  }

  private static Map<String, String> parse(String url) {
    Map<String, String> query = new HashMap<>();
    assertThat(URI.create(url).getPath()).isEqualTo("/api/cases");
    for (String pair : URI.create(url).getRawQuery().split("&")) {
      String[] parts = pair.split("=");
      query.put(parts[0], java.net.URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return query;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          state; DONE; state: must be one of [AWAITING_REPORT, AWAITING_STUDY
          alarms; yes; 'alarms: must be true, or left out'
          limit; 0; limit: must be a number from 1 to 1000
          limit; 1001; limit: must be a number from 1 to 1000
          limit; x; limit: must be a number from 1 to 1000
          offset; -1; offset: must be a number from 0
          offset; 99999999999; offset: must be a number from 0
          """)
  void aWrongParameterIsNamedWithWhatIsAllowed(String name, String value, String detail) {
    assertProblem(() -> search(resource, query(name, value)), 400, detail);
  }

  @Test
  void aCaseTellsItsReportImagesAndDeliveries() {
    Case c = whole();
    outbox.open(c.id(), Delivery.Kind.CAPTURES, "ARCHIVE@pacs:104");
    outbox.record(outbox.of(c.id()).get(0), Delivery.Status.DEAD, 3, "no connection");
    JsonNode answer = json(resource.get(c.id().toString(), "admin"));
    assertThat(answer.get("state").asText()).isEqualTo("DELIVERED");
    JsonNode report = answer.get("report");
    assertThat(report.get("id").asText()).isEqualTo("R1");
    assertThat(report.get("status").asText()).isEqualTo("FINAL");
    assertThat(report.get("source").asText()).isEqualTo("hl7");
    assertThat(report.get("receivedAt").asText()).isEqualTo("2024-05-06T07:08:09Z");
    assertThat(report.get("text").asText()).isEqualTo("One. Two.");
    assertThat(answer.get("images")).hasSize(1);
    assertThat(answer.get("images").get(0).get("sopInstanceUid").asText()).isEqualTo("1.2.3.4.1");
    assertThat(answer.get("images").get(0).get("viewPosition").asText()).isEqualTo("PA");
    assertThat(answer.get("images").get(0).get("links").get("frame").asText())
        .isEqualTo("/api/cases/" + c.id() + "/images/1.2.3.4.1/frames/1");
    JsonNode row = answer.get("deliveries").get(0);
    assertThat(row.get("kind").asText()).isEqualTo("CAPTURES");
    assertThat(row.get("destination").asText()).isEqualTo("ARCHIVE@pacs:104");
    assertThat(row.get("status").asText()).isEqualTo("DEAD");
    assertThat(row.get("attempts").asInt()).isEqualTo(3);
    assertThat(row.get("problem").asText()).isEqualTo("no connection");
  }

  @Test
  void aCaseTellsEverySentenceThatHoldsWithItsFiguresAndLinks() {
    Case c = whole();
    SentenceResult result = SampleResults.of(1, "Large heart.");
    JsonNode answer = json(resource.get(c.id().toString(), "admin"));
    assertThat(answer.get("sentences")).hasSize(2);
    assertThat(answer.get("withdrawn").asInt()).isEqualTo(1);
    JsonNode sentence = answer.get("sentences").get(1);
    assertThat(sentence.get("n").asInt()).isEqualTo(1);
    assertThat(sentence.get("text").asText()).isEqualTo("Large heart.");
    assertThat(sentence.get("section").asText()).isEqualTo("findings");
    assertThat(sentence.get("start").asInt()).isEqualTo(10);
    assertThat(sentence.get("end").asInt()).isEqualTo(22);
    assertThat(sentence.get("image").get("sopInstanceUid").asText()).isEqualTo("1.2.3.4.1");
    assertThat(sentence.get("similarity").asDouble()).isEqualTo(0.28);
    assertThat(sentence.get("confidenceDrop").asDouble()).isEqualTo(12.5);
    assertThat(sentence.get("confidenceIncrease").asDouble()).isZero();
    assertThat(sentence.get("removedConfidenceDrop").asDouble()).isEqualTo(3.5);
    assertThat(sentence.get("place").get("peakX").asDouble()).isCloseTo(250, within(1e-9));
    assertThat(sentence.get("place").get("imageSide").asText()).isEqualTo("right");
    assertThat(answer.get("alarm").asBoolean()).isTrue();
    assertThat(sentence.get("alarms").toString()).isEqualTo("[\"map-side\",\"shortcut\"]");
    JsonNode audit = sentence.get("audit");
    assertThat(audit.get("entropy").asDouble()).isEqualTo(0.75);
    assertThat(audit.get("shareOutsideBody").asDouble()).isEqualTo(0.125);
    assertThat(audit.get("shareOnText").asDouble()).isEqualTo(0.375);
    assertThat(audit.get("shortcut").asBoolean()).isTrue();
    assertThat(audit.get("sentenceSide").asText()).isEqualTo("right");
    assertThat(audit.get("sameSide").isBoolean()).isTrue();
    assertThat(audit.get("sameSide").asBoolean()).isFalse();
    assertThat(audit.get("seedAgreement").asDouble()).isEqualTo(0.875);
    assertThat(audit.get("negationAgreement").isNull()).isTrue();
    assertThat(audit.get("methodAgreement").get("chefer").asDouble()).isEqualTo(0.5);
    assertThat(sentence.get("tokens").get(0).get("bits").asDouble()).isEqualTo(1.5);
    assertThat(sentence.at("/method/name").asText()).isEqualTo("m2ib");
    assertThat(sentence.get("beside")).isEmpty();
    assertThat(sentence.get("model").get("warning").asText()).isEqualTo("Its maps mean nothing.");
    assertThat(sentence.get("capture").get("sopInstanceUid").asText())
        .isEqualTo(result.key().captureSopInstanceUid());
    assertThat(sentence.get("capture").get("seriesInstanceUid").asText())
        .isEqualTo(result.key().captureSeriesInstanceUid());
    assertThat(sentence.get("id").asText()).isEqualTo(result.key().id().toString());
    assertThat(sentence.get("links").get("frame").asText())
        .isEqualTo("/api/cases/" + c.id() + "/images/1.2.3.4.1/frames/1");
    String self = "/api/cases/" + c.id() + "/sentences/1";
    assertThat(sentence.get("links").get("judgements").asText())
        .isEqualTo(self + "/judgements?of=" + result.key().id());
    assertThat(sentence.get("links").get("map").asText()).isEqualTo(self + "/map");
    assertThat(sentence.get("links").get("capture").asText()).isEqualTo(self + "/capture");
    assertThat(sentence.get("links").get("observation").asText())
        .isEqualTo("/fhir/Observation/" + result.key().id());
  }

  @Test
  void aCaseThatStillWaitsHasNoReportAndNoSentences() {
    UUID id = cases.create(SampleResults.STUDY, CaseState.AWAITING_REPORT, null).id();
    JsonNode answer = json(resource.get(id.toString(), "admin"));
    assertThat(answer.get("report").isNull()).isTrue();
    assertThat(answer.get("sentences")).isEmpty();
    assertThat(answer.get("deliveries")).isEmpty();
  }

  @Test
  void whatIsNotThereIsSaidToBeMissing() {
    UUID nobody = UUID.fromString("00000000-0000-4000-8000-000000000000");
    assertProblem(() -> resource.get("12", "admin"), 404, "not a UUID");
    assertProblem(() -> resource.get(nobody.toString(), "admin"), 404, "no case " + nobody);
    String id = whole().id().toString();
    for (String n : List.of("2", "-1", "x", "01")) {
      assertProblem(
          () -> resource.map(id, n, ANYTHING, null),
          404,
          "Case " + id + " (DELIVERED) has no such sentence.");
      assertProblem(() -> resource.capture(id, n, null), 404, "no such sentence");
    }
  }

  @Test
  void aMapIsThePictureThatWasStored() throws IOException {
    String id = whole().id().toString();
    Response answer = resource.map(id, "1", ANYTHING, null);
    assertThat(answer.getStatus()).isEqualTo(200);
    assertThat(answer.getMediaType()).hasToString("image/png");
    assertThat(Files.readString((Path) answer.getEntity())).isEqualTo("picture of Large heart.");
    assertThat(answer.getHeaderString("Vary")).isEqualTo("Accept");
    String tag = answer.getHeaderString("ETag");
    assertThat(resource.map(id, "1", ANYTHING, tag).getStatus()).isEqualTo(304);
    assertThat(resource.map(id, "0", ANYTHING, tag).getStatus()).isEqualTo(200);
  }

  @Test
  void aSentenceThatWasTooLongTellsTheWordsThatWereCut() {
    Case c = whole();
    SentenceResult one = SampleResults.of(2, "Sharp sinus.");
    save(c, 2, "Sharp sinus.", false, MadeResults.with(one, MadeResults.cut(one.attribution(), 5)));
    JsonNode sentences = json(resource.get(c.id().toString(), "admin")).get("sentences");
    assertThat(sentences.get(1).get("truncated").asBoolean()).isFalse();
    assertThat(sentences.get(1).get("cut").asText()).isEmpty();
    assertThat(sentences.get(2).get("truncated").asBoolean()).isTrue();
    assertThat(sentences.get(2).get("cut").asText()).isEqualTo("sinus.");
  }

  @Test
  void aMapInNumbersHasItsGridSizeGeometryAndTokens() {
    String id = whole().id().toString();
    JsonNode map = json(resource.map(id, "0", List.of(MediaType.APPLICATION_JSON_TYPE), null));
    assertThat(map.get("text").asText()).isEqualTo("Clear lungs.");
    JsonNode grid = map.get("grid");
    assertThat(grid.get("rows").asInt()).isEqualTo(2);
    assertThat(grid.get("columns").asInt()).isEqualTo(3);
    assertThat(grid.get("bits").toString()).isEqualTo("[[0.25,0.5,0.25],[0.5,0.75,2.25]]");
    assertThat(grid.get("scaled").toString()).isEqualTo("[[0.0,0.125,0.0],[0.125,0.25,1.0]]");
    assertThat(map.get("size").get("rows").asInt()).isEqualTo(200);
    assertThat(map.get("size").get("columns").asInt()).isEqualTo(300);
    assertThat(map.get("geometry").get("inputColumns").asInt()).isEqualTo(3);
    JsonNode token = map.get("tokens").get(0);
    assertThat(token.get("text").asText()).isEqualTo("Clear lungs.");
    assertThat(token.get("end").asInt()).isEqualTo(12);
    assertThat(token.get("scaled").asDouble()).isEqualTo(1);
  }

  @Test
  void interactionsAreLinkedToAndGivenWhereTheyAreAndSaidToBeMissingWhereTheyAreNot() {
    Case c = whole();
    SentenceResult with = MadeResults.withInteractions(SampleResults.of(2, "Sharp sinus."));
    save(c, 2, "Sharp sinus.", false, with);
    String id = c.id().toString();
    JsonNode sentences = json(resource.get(id, "admin")).get("sentences");
    assertThat(sentences.get(1).at("/links/interactions").isNull()).isTrue();
    assertThat(sentences.get(2).at("/links/interactions").asText())
        .isEqualTo("/api/cases/" + id + "/sentences/2/interactions");
    JsonNode found = json(resource.interactions(id, "2"));
    assertThat(found.get("id")).isEqualTo(sentences.get(2).get("id"));
    assertThat(found.get("similarity")).isEqualTo(sentences.get(2).get("similarity"));
    assertThat(found.at("/words/0/text").asText()).isEqualTo("Sharp");
    assertThat(found.at("/words/1/map/0/0").asDouble()).isEqualTo(-0.125);
    assertProblem(() -> resource.interactions(id, "1"), 404, "m2ib.attribution.interactions was");
    assertProblem(() -> resource.interactions(id, "3"), 404, "no such sentence");
  }

  @Test
  void whatOtherMethodsMadeOfASentenceStandsBesideIt() {
    Case c = whole();
    SentenceResult one = SampleResults.of(2, "Sharp sinus.");
    Attribution m2ib = one.attribution();
    save(
        c,
        2,
        "Sharp sinus.",
        false,
        MadeResults.with(
            one,
            MadeResults.by("grad-eclip", m2ib),
            m2ib,
            MadeResults.by("rollout", MadeResults.attribution(new double[][] {{1, 3}}))));
    JsonNode sentence = json(resource.get(c.id().toString(), "admin")).get("sentences").get(2);
    assertThat(sentence.at("/method/name").asText()).isEqualTo("grad-eclip");
    assertThat(sentence.at("/method/title").asText()).isEqualTo("Grad-ECLIP");
    assertThat(sentence.at("/method/unit").asText()).isEqualTo("a.u.");
    assertThat(sentence.get("beside")).hasSize(2);
    assertThat(sentence.at("/beside/0/method/unit").asText()).isEqualTo("bits");
    assertThat(sentence.at("/beside/0/tokens/0/bits").asDouble()).isEqualTo(1.5);
    assertThat(sentence.at("/beside/1/confidenceDrop").asDouble()).isEqualTo(2);
    assertThat(sentence.at("/beside/1/tokens")).isEmpty();
    JsonNode map =
        json(resource.map(c.id().toString(), "2", List.of(MediaType.APPLICATION_JSON_TYPE), null));
    assertThat(map.at("/method/name").asText()).isEqualTo("grad-eclip");
    assertThat(map.at("/beside/1/method/name").asText()).isEqualTo("rollout");
    assertThat(map.at("/beside/1/grid/bits").toString()).isEqualTo("[[1.0,3.0]]");
    assertThat(map.at("/beside/1/grid/scaled").toString()).isEqualTo("[[0.0,1.0]]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          */* | image/png
          image/* | image/png
          application/json | application/json
          application/* | application/json
          application/json, image/png | image/png
          image/png;q=0.5, application/json | application/json
          application/json;q=0.9, */*;q=0.1 | application/json
          text/html, */*;q=0.8 | image/png
          image/png;q=0, */* | application/json
          """)
  void theMapComesInTheFormThatTheClientPrefers(String accept, String type) {
    String id = whole().id().toString();
    assertThat(resource.map(id, "0", accept(accept), null).getMediaType()).hasToString(type);
  }

  @Test
  void aMapInAnotherFormIsRefused() {
    String id = whole().id().toString();
    for (String accept :
        List.of("text/html", "image/jpeg", "image/png;q=0, application/json;q=0")) {
      assertProblem(
          () -> resource.map(id, "0", accept(accept), null), 406, "image/png or application/json");
    }
  }

  private static List<MediaType> accept(String header) {
    List<MediaType> ranges = new ArrayList<>();
    for (String range : header.split(", ")) {
      String[] parts = range.split(";q=");
      String[] names = parts[0].split("/");
      Map<String, String> weight = parts.length > 1 ? Map.of("q", parts[1]) : Map.of();
      ranges.add(new MediaType(names[0], names[1], weight));
    }
    return ranges;
  }

  @Test
  void aCaptureIsTheDicomFileThatWasStored() throws IOException {
    String id = whole().id().toString();
    Response answer = resource.capture(id, "0", null);
    assertThat(answer.getMediaType()).hasToString("application/dicom");
    assertThat(Files.readString((Path) answer.getEntity())).isEqualTo("capture of Clear lungs.");
    String uid = SampleResults.of(0, "Clear lungs.").key().captureSopInstanceUid();
    assertThat(answer.getHeaderString("Content-Disposition"))
        .isEqualTo("attachment; filename=\"" + uid + ".dcm\"");
    assertThat(resource.capture(id, "0", answer.getHeaderString("ETag")).getStatus())
        .isEqualTo(304);
  }

  @Test
  void aFileThatTheFolderLostIsNamed() throws IOException {
    String id = whole().id().toString();
    String lost = blob("picture of Clear lungs.");
    Files.delete(blobs.path(lost));
    assertProblem(() -> resource.map(id, "0", ANYTHING, null), 500, lost);
  }

  @Test
  void aDatabaseThatIsAwayAsksToComeBack() {
    JdbcDataSource source = new JdbcDataSource();
    source.setUrl("jdbc:h2:mem:" + UUID.randomUUID()); // gone with its last connection
    CaseStore away = new CaseStore(Database.open(source), CLOCK);
    CasesResource resource =
        new CasesResource(away, arrivals, results, judgements, null, null, outbox, blobs);
    assertProblem(() -> search(resource, query()), 503, "Try again later");
  }
}
