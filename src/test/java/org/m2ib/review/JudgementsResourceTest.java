package org.m2ib.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.m2ib.api.ApiAnswers.assertProblem;
import static org.m2ib.api.ApiAnswers.json;

import com.fasterxml.jackson.databind.JsonNode;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.campaigns.CampaignStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.cases.TestArrivals;
import org.m2ib.cases.TestDatabase;
import org.m2ib.fhir.store.ResourcePage;
import org.m2ib.fhir.store.ResourceSearch;
import org.m2ib.fhir.store.ResourceStore;
import org.m2ib.fhir.store.SearchToken;
import org.m2ib.judging.JudgementStore;
import org.m2ib.judging.JudgingPolicy;
import org.m2ib.judging.OwnReports;
import org.m2ib.judging.Schemes;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SampleResults;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.fhir.FhirBundle;
import org.m2ib.results.fhir.FhirJudgements;

class JudgementsResourceTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2024-05-06T07:08:09.250Z"), ZoneOffset.UTC);
  private static final MediaType JSON = MediaType.APPLICATION_JSON_TYPE;

  private final Database database = TestDatabase.h2();
  private final CaseStore cases = new CaseStore(database, CLOCK);
  private final ResultStore results = new ResultStore(database);
  private final JudgementStore judgements = new JudgementStore(database, CLOCK);
  private final ResourceStore resources = new ResourceStore(database, CLOCK);
  private final JudgementsResource resource =
      new JudgementsResource(
          database,
          cases,
          results,
          judgements,
          new CampaignStore(database),
          TestArrivals.store(database, CLOCK),
          resources,
          new FhirJudgements(FhirBundle.Settings.of("1.0", ZoneId.of("UTC")), Schemes.usual()),
          JudgingPolicy.usual(),
          null);
  private final CasesResource caseResource =
      new CasesResource(
          cases,
          TestArrivals.store(database, CLOCK),
          results,
          judgements,
          new CampaignStore(database),
          JudgingPolicy.usual(),
          new Outbox(database, CLOCK),
          new Blobs(java.nio.file.Path.of("none")));
  private final String id = cases.create(SampleResults.STUDY, CaseState.DELIVERED, null).id() + "";
  private final StoredResult lungs = save(0, "Clear lungs.");
  private final StoredResult heart = save(1, "Large heart.");

  private StoredResult save(int n, String text) {
    SentenceResult result = SampleResults.of(n, text);
    String body = ResultJson.write(result);
    StoredResult stored =
        new StoredResult(
            result.key().id(), UUID.fromString(id), n, "i", body, 0.28, false, "c", "p", false);
    results.save(stored);
    return stored;
  }

  private Response judge(String n, String of, String body) {
    return judge(id, n, of, JSON, body.getBytes(StandardCharsets.UTF_8));
  }

  private Response judge(String caseId, String n, String of, MediaType type, byte[] body) {
    return resource.judge(caseId, n, of, "ada", JudgementBody.read(type, body));
  }

  private JsonNode sentence(int n) {
    return json(caseResource.get(id, "ada")).get("sentences").get(n);
  }

  private List<String> derivedFrom(StoredResult result) {
    ResourceSearch search = new ResourceSearch("Observation");
    search.tokens("derived-from", List.of(new SearchToken(null, "Observation/" + result.id())));
    search.tokens(
        "code",
        List.of(new SearchToken("http://localhost:8080/fhir/CodeSystem/attribution", null)));
    ResourcePage page = resources.search(search, "", 10);
    return page.resources().stream().map(r -> r.body()).toList();
  }

  @Test
  void aJudgementIsSavedWithWhoAndWhenShownWithItsSentenceAndFoundInFhir() {
    Response answer =
        judge(
            "1",
            null,
            "{\"answers\":{\"finding\":\"yes\",\"region\":\"wrong-place\"},\"note\":\"It is on the"
                + " left.\"}");

    JsonNode saved = json(answer);
    assertThat(saved.get("answers").get("region").asText()).isEqualTo("wrong-place");
    assertThat(saved.get("note").asText()).isEqualTo("It is on the left.");
    assertThat(saved.get("who").asText()).isEqualTo("ada");
    assertThat(saved.get("when").asText()).isEqualTo("2024-05-06T07:08:09.250Z");
    assertThat(saved.get("current").asBoolean()).isTrue();
    assertThat(sentence(0).get("judgements")).isEmpty();
    JsonNode shown = sentence(1).get("judgements");
    assertThat(shown).hasSize(1);
    assertThat(shown.get(0).get("id")).isEqualTo(saved.get("id"));
    assertThat(derivedFrom(lungs)).isEmpty();
    assertThat(derivedFrom(heart)).hasSize(1);
    String observation = saved.get("links").get("observation").asText();
    assertThat(derivedFrom(heart).get(0))
        .contains("\"id\":\"" + observation.replace("/fhir/Observation/", "") + "\"")
        .contains("\"code\":\"region.wrong-place\"", "It is on the left.", "\"display\":\"ada\"");
  }

  @Test
  void allJudgementsOfAPersonAreKeptTheLatestFirstAndOnlyItCounts() {
    json(judge("1", null, "{\"answers\":{\"finding\":\"yes\",\"region\":\"yes\"}}"));
    json(judge("1", null, "{\"answers\":{\"finding\":\"cannot-tell\"},\"note\":null}"));
    List<String> shown = new ArrayList<>();
    sentence(1)
        .get("judgements")
        .forEach(
            j ->
                shown.add(
                    j.get("answers").get("finding").asText() + " " + j.get("current").asText()));
    assertThat(shown).containsExactly("cannot-tell true", "yes false");
    assertThat(derivedFrom(heart)).hasSize(1).allMatch(o -> o.contains("\"amended\""));
  }

  @Test
  void theLatestOfAPersonCanBeUndoneIsKeptAndTheOneBeforeCountsAgain() {
    json(judge("1", null, "{\"answers\":{\"finding\":\"yes\",\"region\":\"yes\"}}"));
    String second =
        json(judge("1", null, "{\"answers\":{\"finding\":\"yes\",\"region\":\"wrong-place\"}}"))
            .get("id")
            .asText();

    JsonNode left = json(resource.undo(id, second, "ada")).get("sentences").get(0);

    assertThat(left.get("judgements")).hasSize(2);
    assertThat(left.get("judgements").get(0).get("undone").asBoolean()).isTrue();
    assertThat(left.get("judgements").get(1).get("current").asBoolean()).isTrue();
    assertThat(derivedFrom(heart)).hasSize(1).allMatch(o -> o.contains("\"code\":\"region.yes\""));
    assertProblem(() -> resource.undo(id, second, "ada"), 409, "no longer counts");
    assertProblem(() -> resource.undo(id, UUID.randomUUID() + "", "ada"), 404, "no such judgement");

    String first = left.get("judgements").get(1).get("id").asText();
    assertProblem(() -> resource.undo(id, first, "eve"), 403, "another person's");
    json(resource.undo(id, first, "ada"));
    assertThat(derivedFrom(heart)).allMatch(o -> o.contains("entered-in-error"));
    assertThat(cases.summaries(new CaseStore.Query(null, null, null, false, 0, 5)).get(0).judged())
        .isZero();
  }

  @Test
  void ofAWithdrawnSentenceTheJudgementsStayReadableAndNoneCounts() {
    json(judge("1", null, "{\"answers\":{\"finding\":\"yes\",\"region\":\"yes\"}}"));
    results.save(heart.withdraw());

    JsonNode all = json(resource.all(id, "ada")).get("sentences");

    assertThat(all).hasSize(1);
    assertThat(all.get(0).get("text").asText()).isEqualTo("Large heart.");
    assertThat(all.get(0).get("withdrawn").asBoolean()).isTrue();
    assertThat(all.get(0).get("judgements").get(0).get("answers").get("region").asText())
        .isEqualTo("yes");
    assertThat(all.get(0).get("judgements").get(0).get("current").asBoolean()).isFalse();
    assertThat(json(caseResource.get(id, "ada")).get("sentences")).hasSize(1);
    assertThat(cases.summaries(new CaseStore.Query(null, null, null, false, 0, 5)).get(0).judged())
        .isZero();
  }

  @Test
  void whatIsJudgedMustBeWhatThePersonSaw() {
    json(
        judge(
            "1", heart.id().toString(), "{\"answers\":{\"finding\":\"yes\",\"region\":\"yes\"}}"));

    results.save(heart.withdraw());
    save(1, "Normal heart.");

    assertProblem(
        () -> judge("1", heart.id() + "", "{\"answers\":{\"finding\":\"yes\",\"region\":\"yes\"}}"),
        409,
        "sentence 1");
    assertProblem(
        () -> judge("0", heart.id() + "", "{\"answers\":{\"finding\":\"yes\",\"region\":\"yes\"}}"),
        409,
        "Load the case");
    assertProblem(
        () -> judge("1", "x", "{\"answers\":{\"finding\":\"yes\",\"region\":\"yes\"}}"),
        400,
        "of: not a UUID");
    assertThat(judgements.of(UUID.fromString(id))).hasSize(1);
  }

  @Test
  void aSentenceOfAnotherCaseIsNotJudgedHere() {
    String other = cases.create(SampleResults.STUDY, CaseState.DELIVERED, null).id() + "";
    byte[] agree =
        "{\"answers\":{\"finding\":\"yes\",\"region\":\"yes\"}}".getBytes(StandardCharsets.UTF_8);
    assertProblem(() -> judge(other, "1", heart.id() + "", JSON, agree), 404, "not a sentence of");
    assertProblem(() -> judge(other, "1", null, JSON, agree), 404, "no such sentence");
    assertProblem(() -> judge("12", "1", null, JSON, agree), 404, "not a UUID");
    assertProblem(
        () -> judge("7", null, "{\"answers\":{\"finding\":\"yes\",\"region\":\"yes\"}}"),
        404,
        "no such sentence");
    assertProblem(() -> resource.all("12", "ada"), 404, "not a UUID");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"answers":{"finding":"maybe"}} | answers.finding: must be one of yes, no, cannot-tell
          {"answers":{"finding":"YES"}} | answers.finding: must be one of
          {"answers":{"finding":null}} | answers: a choice must be text
          {"answers":{"finding":["yes"]}} | answers: a choice must be text
          {"answers":{"finding":"yes"}} | answers.region: must be one of yes, partly, wrong-place
          {"answers":{"SECRET":"yes"}} | answers: the questions of scheme standard are [finding, region]
          {"answers":{"region":"yes"}} | answers.finding: must be one of
          {"answers":["yes"]} | answers: must be an object
          {"verdict":"agree"} | body: unknown field; the fields are id, scheme, version, answers
          {"note":"x"} | answers: must be an object
          {} | answers: must be an object
          {"answers":{"finding":"no"},"note":7} | note: must be text
          {"answers":{"finding":"no"},"id":"SECRET"} | id: must be a UUID
          {"answers":{"finding":"no"},"scheme":"SECRET"} | scheme: must be one of standard, radpeer
          {"answers":{"verdict":"agree"},"scheme":"verdict"} | scheme: must be one of standard, radpeer
          {"answers":{"finding":"no"},"stage":"SECRET"} | stage: must be one of [before-map, with-map]
          {"answers":{"finding":"no","region":"yes"},"stage":"before-map"} | the questions of scheme standard before the map is shown are [finding]
          {"answers":{"finding":"no"},"arbitration":"SECRET"} | arbitration: must be true or false
          {"answers":{"finding":"no"},"note":"SECRET\\u0000"} | note: it contains control characters
          {"answers":{"finding":"no"},"SECRET":1} | body: unknown field
          [] | body: must be a JSON object
          {"answers":"SECRET | body: must be a JSON object
          `` | body: must be a JSON object
          """)
  void aBodyThatIsWrongIsRefusedByNameAndNotQuoted(String body, String detail) {
    assertProblem(() -> judge("1", null, body), 400, detail);
    assertThat(judgements.of(UUID.fromString(id))).isEmpty();
    assertThat(derivedFrom(heart)).isEmpty();
  }

  @Test
  void aNoteIsAtMostTwoThousandCharactersAndABodyNotMuchMore() {
    String note = "{\"answers\":{\"finding\":\"no\"},\"note\":\"%s\"}";
    assertProblem(
        () -> judge("1", null, note.formatted("x".repeat(2001))),
        400,
        "2001 characters, at most 2000");
    assertProblem(() -> judge("1", null, note.formatted("x".repeat(70_000))), 413, "body: at most");
    json(judge("1", null, note.formatted("x".repeat(2000))));
  }

  @Test
  void onlyJsonIsTaken() {
    byte[] agree =
        "{\"answers\":{\"finding\":\"yes\",\"region\":\"yes\"}}".getBytes(StandardCharsets.UTF_8);
    for (MediaType type :
        new MediaType[] {
          null, MediaType.TEXT_PLAIN_TYPE, MediaType.APPLICATION_FORM_URLENCODED_TYPE
        }) {
      assertProblem(() -> judge(id, "1", null, type, agree), 415, "must be application/json");
    }
    MediaType utf8 = new MediaType("application", "json", "utf-8");
    json(judge(id, "1", null, utf8, agree));
  }

  private final JudgementsResource doubleReading =
      new JudgementsResource(
          database,
          cases,
          results,
          judgements,
          new CampaignStore(database),
          TestArrivals.store(database, CLOCK),
          resources,
          new FhirJudgements(FhirBundle.Settings.of("1.0", ZoneId.of("UTC")), Schemes.usual()),
          new JudgingPolicy(Schemes.usual(), 2, false, new OwnReports(Map.of())),
          null);

  private JsonNode read(String person, String body) {
    return json(
        doubleReading.judge(
            id,
            "1",
            null,
            person,
            JudgementBody.read(JSON, body.getBytes(StandardCharsets.UTF_8))));
  }

  private static final String YES = "{\"answers\":{\"finding\":\"yes\",\"region\":\"yes\"}}";
  private static final String NO = "{\"answers\":{\"finding\":\"no\"}}";

  private List<String> seenBy(String person) {
    List<String> seen = new ArrayList<>();
    json(caseResource.get(id, person))
        .get("sentences")
        .get(1)
        .get("judgements")
        .forEach(j -> seen.add(j.get("who").asText()));
    List<String> listed = new ArrayList<>();
    json(doubleReading.all(id, person))
        .get("sentences")
        .forEach(s -> s.get("judgements").forEach(j -> listed.add(j.get("who").asText())));
    assertThat(listed).isEqualTo(seen);
    return seen;
  }

  @Test
  void neitherOfTwoReadersSeesTheOtherBeforeBothHaveJudgedNotEvenInFhir() {
    JsonNode first = read("ada", YES);

    assertThat(first.get("links").get("observation").isNull()).isTrue();
    assertThat(seenBy("ada")).containsExactly("ada");
    assertThat(seenBy("bob")).isEmpty();
    assertThat(seenBy("eve")).isEmpty();
    assertThat(derivedFrom(heart)).isEmpty();

    JsonNode second = read("bob", NO);

    assertThat(second.get("links").get("observation").asText()).startsWith("/fhir/");
    assertThat(seenBy("ada")).containsExactly("bob", "ada");
    assertThat(seenBy("eve")).containsExactly("bob", "ada");
    assertThat(derivedFrom(heart)).hasSize(2);
  }

  @Test
  void whatWasUndoneBeforeTheOtherReaderJudgedIsNotShownEither() {
    String first = read("ada", YES).get("id").asText();
    json(doubleReading.undo(id, first, "ada"));
    read("bob", NO);

    assertThat(seenBy("bob")).containsExactly("bob");
    assertThat(derivedFrom(heart)).isEmpty();
  }

  @Test
  void onceBothHaveJudgedTheirWordsStayAndOnlyAnArbiterWhoReadNeitherDecides() {
    String first = read("ada", YES).get("id").asText();
    String decision = NO.replace("{\"answers", "{\"arbitration\":true,\"answers");
    assertProblem(() -> read("eve", decision), 409, "not all readers have judged");
    read("bob", NO);

    assertProblem(() -> doubleReading.undo(id, first, "ada"), 409, "what they said stays");
    assertProblem(() -> read("ada", NO), 409, "Only an arbiter can decide");
    assertProblem(() -> read("eve", NO), 409, "Only an arbiter can decide");
    assertProblem(() -> read("bob", decision), 403, "you are one of the readers");

    ArbitrationsResource arbitrations =
        new ArbitrationsResource(judgements, results, new CampaignStore(database));
    assertThat(json(arbitrations.get("bob")).get("sentences")).isEmpty();
    JsonNode undecided = json(arbitrations.get("eve")).get("sentences");
    assertThat(undecided).hasSize(1);
    assertThat(undecided.get(0).get("page").asText()).isEqualTo("/cases/" + id + "#1");

    JsonNode decided = read("eve", decision);
    assertThat(json(arbitrations.get("eve")).get("sentences")).isEmpty();
    assertThat(decided.get("arbitration").asBoolean()).isTrue();
    assertThat(derivedFrom(heart)).hasSize(3);
    assertThat(derivedFrom(heart)).anyMatch(o -> o.contains("\"code\":\"arbitration\""));
  }

  @Test
  void anArbiterChangesOnlyTheirOwnDecision() {
    read("ada", YES);
    read("bob", NO);
    String decision = NO.replace("{\"answers", "{\"arbitration\":true,\"answers");
    JsonNode made = read("eve", decision);
    assertProblem(() -> read("dan", decision), 409, "another arbiter has decided");

    JsonNode changed = read("eve", decision.replace("\"no\"", "\"cannot-tell\""));
    assertProblem(() -> read("dan", decision), 409, "another arbiter has decided");
    doubleReading.undo(id, changed.get("id").asText(), "eve");
    assertProblem(() -> read("dan", decision), 409, "another arbiter has decided"); // the first
    doubleReading.undo(id, made.get("id").asText(), "eve");
    assertThat(read("dan", decision).get("arbitration").asBoolean()).isTrue();
  }

  @Test
  void readersWhoAgreeNeedNoArbiter() {
    read("ada", YES);
    read("bob", YES);
    String decision = NO.replace("{\"answers", "{\"arbitration\":true,\"answers");
    assertProblem(() -> read("eve", decision), 409, "the readers agree");
  }

  @Test
  void theSameJudgementSentTwiceIsOne() {
    String uuid = UUID.randomUUID().toString();
    String body = NO.replace("{\"answers", "{\"id\":\"" + uuid + "\",\"answers");
    Response first = judge("1", heart.id() + "", body);
    results.save(heart.withdraw()); // between the two
    Response second = judge("1", heart.id() + "", body);

    assertThat(first.getStatus()).isEqualTo(201);
    assertThat(second.getStatus()).isEqualTo(200);
    assertThat(json(second).get("id")).isEqualTo(json(first).get("id"));
    assertThat(judgements.of(UUID.fromString(id))).hasSize(1);
    String other = body.replace("\"no\"", "\"cannot-tell\"");
    assertProblem(() -> judge("1", heart.id() + "", other), 409, "another judgement has it");
  }

  @Test
  void nobodyIsBlindAfterTheyHaveSeenTheMap() {
    String blind = NO.replace("{\"answers", "{\"stage\":\"before-map\",\"answers");
    json(judge("1", null, blind));
    json(judge("1", null, YES));

    assertProblem(() -> judge("1", null, blind), 409, "nobody can be blind afterwards");
    assertThat(derivedFrom(heart)).hasSize(2);
    assertThat(sentence(1).get("judgements"))
        .hasSize(2)
        .allMatch(j -> j.get("current").asBoolean());
  }

  private static final String IN_PLACE =
      "{\"answers\":{\"finding\":\"no\"},\"region\":{\"sopInstanceUid\":\"%s\",\"frame\":%d,"
          + "\"shape\":\"%s\",\"points\":%s}}";

  @Test
  void aRegionIsKeptInPixelsOfTheImageAndFoundInFhir() {
    SentenceResult.Image image = ResultJson.read(heart.body()).image();
    String uid = image.sopInstanceUid();
    JsonNode saved =
        json(judge("1", null, IN_PLACE.formatted(uid, image.frame(), "box", "[[1.5,2],[4,8.25]]")));
    JsonNode region = sentence(1).at("/judgements/0/region");
    assertThat(region).isEqualTo(saved.get("region"));
    assertThat(region.get("points").toString()).isEqualTo("[[1.5,2.0],[4.0,8.25]]");
    assertThat(derivedFrom(heart).get(0))
        .contains(uid + " 1 POLYLINE 1.5 2 4 2 4 8.25 1.5 8.25 1.5 2");

    for (String[] wrong :
        new String[][] {
          {IN_PLACE.formatted("9.9", image.frame(), "box", "[[1,2],[4,8]]"), "another image"},
          {IN_PLACE.formatted(uid, image.frame() + 1, "box", "[[1,2],[4,8]]"), "another image"},
          {IN_PLACE.formatted(uid, image.frame(), "box", "[[1,2],[4,99999]]"), "outside of"},
          {IN_PLACE.formatted(uid, image.frame(), "box", "[[1,2]]"), "a box has 2"},
          {
            IN_PLACE.formatted(uid, image.frame(), "SECRET", "[[1,2],[4,8]]"),
            "region.shape: must be box"
          },
          {IN_PLACE.formatted(uid, image.frame(), "box", "\"SECRET\""), "region: must have"},
          {IN_PLACE.formatted(uid, 0, "box", "[[1,2],[4,8]]"), "frame (from 1)"}
        }) {
      assertProblem(() -> judge("1", null, wrong[0]), 400, wrong[1]);
    }
  }
}
