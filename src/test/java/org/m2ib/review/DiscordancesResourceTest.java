package org.m2ib.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.m2ib.api.ProblemException;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.DiscordanceStore;
import org.m2ib.cases.OutdatedCaseException;
import org.m2ib.cases.StoredDiscordance;
import org.m2ib.cases.TestDatabase;
import org.m2ib.results.SampleResults;
import org.m2ib.review.DiscordanceAnswers.DiscordanceDetails;
import org.m2ib.review.DiscordanceAnswers.Queue;

class DiscordancesResourceTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2024-05-06T07:08:09.250Z"), ZoneOffset.UTC);
  private static final String BODY =
      """
      {"reason": "The report says the nodule is on the left; the image fits \\"right\\" better.",
       "sentence": "Left nodule.", "other": null, "parts": {"on-side": -3.5},
       "similarity": 0.2,
       "alternative": {"text": "Right nodule.", "similarity": 0.4, "fitsBetter": true}}
      """;

  private final Database database = TestDatabase.h2();
  private final CaseStore cases = new CaseStore(database, CLOCK);
  private final DiscordanceStore store = new DiscordanceStore(database, CLOCK);
  private final DiscordancesResource resource = new DiscordancesResource(store);
  private final Case attributed = cases.create(SampleResults.STUDY, CaseState.ATTRIBUTING, null);

  @BeforeEach
  void fill() {
    keep(
        found(1, "side", 4.0),
        found(2, "stated", 2.0),
        found(3, "side", 2.0),
        found(4, "side", -1.0));
  }

  private void keep(StoredDiscordance... found) {
    store.replace(attributed, new DiscordanceStore.Run(true, 3), null, List.of(found));
  }

  private StoredDiscordance found(int id, String kind, double logOdds) {
    return new StoredDiscordance(
        new UUID(0, id),
        attributed.id(),
        kind,
        "nodule",
        null,
        0,
        1,
        logOdds,
        logOdds,
        BODY,
        CLOCK.instant(),
        null);
  }

  @Test
  void theMostDoubtfulLeadAndSayWhy() {
    Queue queue = resource.queue(null, null, null, null, null, "anna");
    assertThat(queue.discordances())
        .extracting(d -> d.id().getLeastSignificantBits())
        .containsExactly(1L, 2L, 3L);
    DiscordanceDetails first = queue.discordances().get(0);
    assertThat(first.reason()).contains("on the left", "fits \"right\" better");
    assertThat(first.score()).isBetween(0.98, 0.99);
    assertThat(first.probability()).isLessThan(0.3);
    assertThat(first.similarity()).isEqualTo(0.2);
    assertThat(first.alternative().similarity()).isEqualTo(0.4);
    assertThat(first.links().map()).endsWith("/sentences/0/map");
    assertThat(queue.next()).isNull();
  }

  @Test
  void pagesFollowEachOtherWithoutGapAlsoAtEqualRanks() {
    List<Long> seen = new ArrayList<>();
    String after = null;
    do {
      Queue page = resource.queue("all", null, "0", after, "1", "anna");
      page.discordances().forEach(d -> seen.add(d.id().getLeastSignificantBits()));
      after = page.next() == null ? null : page.next().replaceAll(".*after=([^&]*).*", "$1");
    } while (after != null);
    assertThat(seen).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void filtersChooseKindAndScore() {
    assertThat(resource.queue(null, "side", "0.2", null, null, "anna").discordances()).hasSize(3);
    assertThat(resource.queue(null, "side", "0.9", null, null, "anna").discordances()).hasSize(1);
  }

  @Test
  void whatIsJudgedLeavesTheQueueAndTheLatestVerdictCounts() {
    judge(1, "confirmed");
    assertThat(judge(1, "cannot-tell").verdict()).isEqualTo("cannot-tell");
    assertThat(resource.queue(null, null, null, null, null, "anna").discordances()).hasSize(2);
    assertThat(resource.queue("true", null, null, null, null, "anna").discordances()).hasSize(1);
    keep(found(1, "side", 3.0));
    assertThat(resource.queue("true", null, null, null, null, "anna").discordances())
        .extracting(DiscordanceDetails::verdict)
        .containsExactly("cannot-tell");
  }

  @Test
  void ownJudgementIsUndoneAndTheOneBeforeItCountsAgain() {
    judge(1, "confirmed");
    String undo = judge(1, "cannot-tell").links().undo();
    assertThat(undo).startsWith("/api/discordances/" + new UUID(0, 1) + "/judgements/");
    DiscordanceDetails before = resource.undo(uuid(1), last(undo), "anna");
    assertThat(before.verdict()).isEqualTo("confirmed");
    DiscordanceDetails none = resource.undo(uuid(1), last(before.links().undo()), "anna");
    assertThat(none.verdict()).isNull();
    assertThat(none.links().undo()).isNull();
    assertThat(resource.queue(null, null, null, null, null, "anna").discordances()).hasSize(3);
    assertThat(store.judged()).isEmpty();
  }

  @Test
  void onlyOwnJudgementsThatCountAreUndone() {
    String first = last(judge(1, "confirmed").links().undo());
    assertProblem(404, () -> resource.undo(uuid(1), "x", "anna"));
    assertProblem(404, () -> resource.undo(uuid(1), uuid(7), "anna"));
    assertProblem(404, () -> resource.undo(uuid(2), first, "anna"));
    assertProblem(403, () -> resource.undo(uuid(1), first, "bob"));
    assertThat(resource.queue("true", null, null, null, null, "bob").discordances())
        .extracting(d -> d.links().undo())
        .containsOnlyNulls();
    judge(1, "cannot-tell");
    assertProblem(409, () -> resource.undo(uuid(1), first, "anna"));
  }

  private static void assertProblem(int status, Runnable request) {
    assertThatThrownBy(request::run)
        .isInstanceOfSatisfying(
            ProblemException.class, problem -> assertThat(problem.status()).isEqualTo(status));
  }

  private static String uuid(int id) {
    return new UUID(0, id).toString();
  }

  private static String last(String link) {
    return link.substring(link.lastIndexOf('/') + 1);
  }

  @Test
  void whatALaterRunDoesNotFindIsGoneFromTheQueue() {
    keep(found(2, "stated", 2.0));
    assertThat(resource.queue("all", null, "0", null, null, "anna").discordances()).hasSize(1);
    assertThatThrownBy(() -> judge(1, "confirmed")).hasMessageContaining("no such discordance");
  }

  @Test
  void aThresholdIsProposedButOnlyAnAcceptedOneIsInForce() {
    assertThat(resource.proposal().proposal().note()).contains("needs at least 10 confirmed");
    StoredDiscordance[] many = new StoredDiscordance[30];
    for (int i = 0; i < 30; i++) {
      many[i] = found(100 + i, "side", i / 10.0);
    }
    keep(many);
    for (int i = 0; i < 30; i++) {
      judge(100 + i, i < 15 ? "not-confirmed" : "confirmed");
    }
    DiscordanceAnswers.Threshold before = resource.proposal();
    assertThat(before.accepted()).isFalse();
    assertThat(before.score()).isEqualTo(DiscordancesResource.DEFAULT);
    assertThat(before.proposal().score()).isBetween(0.8, 0.9);
    DiscordanceAnswers.Threshold after =
        resource.accept("root", bytes("{\"score\": " + before.proposal().score() + "}"));
    assertThat(after.accepted()).isTrue();
    assertThat(resource.queue("all", null, null, null, null, "anna").threshold())
        .isEqualTo(before.proposal().score());
  }

  @Test
  void badRequestsSayWhatIsAllowed() {
    assertRefused(() -> resource.queue("maybe", null, null, null, null, "anna"), "judged: must be");
    assertRefused(
        () -> resource.queue(null, "odd", null, null, null, "anna"), "kind: must be one of");
    assertRefused(() -> resource.queue(null, null, "2", null, null, "anna"), "least: must be");
    assertRefused(
        () -> resource.queue(null, null, null, "x", null, "anna"), "after: must be as in next");
    assertRefused(() -> resource.queue(null, null, null, null, "0", "anna"), "limit: must be");
    assertRefused(() -> judge(1, "perhaps"), "verdict: must be one of");
    assertRefused(() -> resource.judge("x", "anna", bytes("{\"verdict\":\"confirmed\"}")), "UUID");
    assertRefused(() -> resource.judge("x", "anna", bytes("[]")), "body: must be");
    assertRefused(() -> resource.accept("root", bytes("{\"score\": 1}")), "score: must be");
    assertRefused(() -> resource.accept("root", bytes("{\"score\": \"1\"}")), "score: must be");
  }

  @Test
  void nothingIsStoredOfACaseThatHasChanged() {
    Case other = cases.create(SampleResults.STUDY, CaseState.DELIVERED, null);
    assertThatThrownBy(
            () -> store.replace(other, new DiscordanceStore.Run(true, 1), null, List.of()))
        .isInstanceOf(OutdatedCaseException.class);
  }

  private static void assertRefused(Runnable request, String message) {
    assertThatThrownBy(request::run)
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining(message);
  }

  private DiscordanceDetails judge(int id, String verdict) {
    return resource.judge(
        new UUID(0, id).toString(), "anna", bytes("{\"verdict\":\"" + verdict + "\"}"));
  }

  private static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }
}
