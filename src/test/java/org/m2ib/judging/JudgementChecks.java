package org.m2ib.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.m2ib.judging.TestJudgements.answers;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.m2ib.campaigns.Assignment;
import org.m2ib.campaigns.Campaign;
import org.m2ib.campaigns.CampaignStore;
import org.m2ib.campaigns.Filter;
import org.m2ib.campaigns.Item;
import org.m2ib.campaigns.Stratum;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.CaseSummary;
import org.m2ib.cases.Database;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.cases.StudyKey;

/** Judgements, and what the list of cases says of results, in each database. */
abstract class JudgementChecks {
  private static final Instant NOW = Instant.parse("2026-04-01T00:00:00.123456Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final StudyKey STUDY = new StudyKey("1.2.3", "A1", null, null, "P1", null);
  private static final CaseStore.Query ALL = new CaseStore.Query(null, null, null, false, 0, 10);
  private Database database;
  private CaseStore cases;
  private ResultStore results;
  private JudgementStore judgements;

  /** An empty database. */
  abstract DataSource database() throws Exception;

  @BeforeEach
  void open() throws Exception {
    database = Database.open(database());
    cases = new CaseStore(database, CLOCK);
    results = new ResultStore(database);
    judgements = new JudgementStore(database, CLOCK);
  }

  private StoredResult result(UUID caseId, int position, Double similarity, boolean withdrawn) {
    return result(caseId, position, similarity, false, withdrawn);
  }

  private StoredResult result(
      UUID caseId, int position, Double similarity, boolean alarm, boolean withdrawn) {
    StoredResult result =
        new StoredResult(
            UUID.randomUUID(), caseId, position, "i", "{}", similarity, alarm, "c", "p", withdrawn);
    results.save(result);
    return result;
  }

  @Test
  void allJudgementsAreKeptTheLatestFirstAndThatOfEachPersonCounts() {
    UUID id = cases.create(STUDY, CaseState.DELIVERED, null).id();
    StoredResult one = result(id, 0, 0.5, false);
    StoredResult two = result(id, 1, 0.5, false);
    Judgement first = TestJudgements.agree(judgements, one, "", "ada");
    Judgement second =
        TestJudgements.add(judgements, one, answers("yes", "wrong-place"), "łeft\n\"apex\"", "ada");
    Judgement other =
        TestJudgements.add(judgements, one, Map.of("finding", "cannot-tell"), "", "bob");
    Judgement elsewhere = TestJudgements.add(judgements, two, Map.of("finding", "no"), "", "ada");

    List<Judgement> all = judgements.of(id);

    assertThat(all).containsExactly(elsewhere, other, second, first);
    assertThat(Judgement.counting(all)).containsExactly(elsewhere, other, second);
    assertThat(second.note()).isEqualTo("łeft\n\"apex\"");
    assertThat(second.at()).isEqualTo("2026-04-01T00:00:00.123Z");
    assertThat(judgements.of(UUID.randomUUID())).isEmpty();
  }

  @Test
  void aJudgementOutlivesItsResultBeingMadeAgainOrWithdrawn() {
    UUID id = cases.create(STUDY, CaseState.DELIVERED, null).id();
    StoredResult result = result(id, 0, 0.5, false);
    Judgement judgement = TestJudgements.agree(judgements, result, "", "ada");

    results.save(result);
    results.save(result.withdraw());

    assertThat(judgements.of(id)).containsExactly(judgement);
  }

  @Test
  void aNoteThatIsTooLongOrNotTextIsRefusedAndNotQuoted() {
    UUID id = cases.create(STUDY, CaseState.DELIVERED, null).id();
    StoredResult result = result(id, 0, 0.5, false);
    assertThatThrownBy(() -> TestJudgements.agree(judgements, result, "x".repeat(2001), "ada"))
        .hasMessage("note: 2001 characters, at most 2000");
    for (String bad : List.of("SECRET\0", "SECRET\u001b", "SECRET\ud800", "SECRET\uffff")) {
      assertThatThrownBy(() -> TestJudgements.agree(judgements, result, bad, "ada"))
          .hasMessage("note: it contains control characters");
    }
    TestJudgements.agree(judgements, result, "\t\r\n" + "é".repeat(1995) + "\ud83e\uddb4", "ada");
    assertThat(judgements.of(id)).hasSize(1);
  }

  @Test
  void theListSaysOfEachCaseHowManyResultsHoldTheLowestAndHowManyAreJudged() {
    UUID id = cases.create(STUDY, CaseState.DELIVERED, null).id();
    UUID empty = cases.create(STUDY, CaseState.AWAITING_REPORT, null).id();
    StoredResult high = result(id, 0, 0.5, false);
    StoredResult low = result(id, 1, -0.25, false);
    result(id, 2, Double.NaN, false);
    StoredResult gone = result(id, 0, -0.75, true);
    TestJudgements.agree(judgements, high, "", "ada");
    TestJudgements.agree(judgements, high, "", "bob");
    TestJudgements.agree(judgements, low, "", "ada");
    TestJudgements.agree(judgements, gone, "", "ada");

    List<CaseSummary> list = cases.summaries(ALL);

    assertThat(list)
        .containsExactlyInAnyOrder(
            new CaseSummary(cases.find(id).orElseThrow(), 3, -0.25, 0, 2),
            new CaseSummary(cases.find(empty).orElseThrow(), 0, null, 0, 0));
    assertThat(cases.summaries(new CaseStore.Query(null, null, CaseState.DELIVERED, false, 0, 10)))
        .extracting(summary -> summary.theCase().id())
        .containsExactly(id);
    assertThat(list.stream().map(CaseSummary::theCase)).isEqualTo(cases.search(ALL));
  }

  @Test
  void theListCountsAlarmsOfWhatHoldsAndFindsTheCasesThatHaveOne() {
    UUID alarming = cases.create(STUDY, CaseState.DELIVERED, null).id();
    UUID calm = cases.create(STUDY, CaseState.DELIVERED, null).id();
    result(alarming, 0, 0.5, true, false);
    result(alarming, 1, 0.5, true, false);
    result(alarming, 2, 0.5, false, false);
    result(alarming, 0, 0.5, true, true);
    result(calm, 0, 0.5, false, false);
    StoredResult withdrawn = result(calm, 0, 0.5, true, true);

    assertThat(cases.summaries(new CaseStore.Query(null, null, null, true, 0, 10)))
        .containsExactly(new CaseSummary(cases.find(alarming).orElseThrow(), 3, 0.5, 2, 0));
    assertThat(cases.summaries(ALL))
        .extracting(CaseSummary::alarms)
        .containsExactlyInAnyOrder(2, 0);
    assertThat(results.find(withdrawn.id()).orElseThrow()).isEqualTo(withdrawn);
  }

  @Test
  void aDatabaseOfBeforeGetsTheSimilaritiesOfItsResults() throws Exception {
    DataSource old = database();
    Flyway.configure().dataSource(old).target("1").load().migrate();
    try (Connection connection = old.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          insert into cases (id, state, reason, revision, images, created_at, updated_at)
          values ('00000000-0000-4000-8000-000000000000', 'DELIVERED', '', 0, true,
            current_timestamp, current_timestamp)
          """);
      for (String body :
          List.of(
              "{\"sentence\":{\"text\":\"similarity\"},\"attribution\":{\"similarity\":0.125}}",
              "{\"attribution\":{\"similarity\":\"NaN\"}}",
              "not JSON")) {
        statement.execute(
            """
            insert into result (id, case_id, position, image_blob, body, capture_blob,
              picture_blob, withdrawn)
            values ('%s', '00000000-0000-4000-8000-000000000000', 0, 'i', '%s', 'c', 'p', false)
            """
                .formatted(UUID.randomUUID(), body));
      }
    }

    List<CaseSummary> list = new CaseStore(Database.open(old), CLOCK).summaries(ALL);

    assertThat(list).hasSize(1);
    assertThat(list.get(0).sentences()).isEqualTo(3);
    assertThat(list.get(0).lowestSimilarity()).isEqualTo(0.125);
  }

  @Test
  void aCampaignIsDrawnKeptJudgedAndEnded() {
    UUID id = cases.create(STUDY, CaseState.DELIVERED, null).id();
    StoredResult drawn = result(id, 0, 0.5, true, false);
    result(id, 1, 0.9, true, false);
    result(id, 2, 0.5, true, true);
    CampaignStore campaigns = new CampaignStore(database);
    LocalDate day = LocalDate.of(2026, 4, 1);
    Filter all = new Filter(true, null, null, null, null, 0.4, 0.6, day, day);
    Filter nothing = new Filter(false, "DX", "CHEST", "AE", "none", 0.4, 0.6, day, day);
    Campaign campaign =
        new Campaign(
            UUID.randomUUID(),
            "Why?",
            "standard",
            "1",
            true,
            0,
            true,
            7,
            List.of(new Stratum("none", 5, nothing), new Stratum("all", 5, all)),
            List.of("ada"),
            null,
            "boss",
            judgements.now(),
            null);
    OwnReports authors = new OwnReports(Map.of());

    List<Item> items = campaigns.create(campaign, authors);

    assertThat(items).containsExactly(new Item(1, "all", id, drawn.id(), 0, 1));
    assertThat(campaigns.items(campaign.id())).isEqualTo(items);
    assertThat(campaigns.find(campaign.id())).contains(campaign);
    assertThat(campaigns.all()).containsExactly(campaign);
    assertThat(campaigns.assignments(campaign.id())).containsExactly(new Assignment("ada", 1, 1));
    assertThat(campaigns.item(campaign.id(), drawn.id(), "ada")).contains(items.get(0));
    assertThat(campaigns.item(campaign.id(), drawn.id(), "bob")).isEmpty();
    assertThat(campaigns.awaited(id, "ada", NOW)).containsExactly(drawn.id());
    assertThat(campaigns.awaited(id, "bob", NOW)).isEmpty();

    Judgement said =
        new Judgement(
            UUID.randomUUID(),
            id,
            drawn.id(),
            "standard",
            "1",
            Map.of("finding", "no"),
            Stage.WITH_MAP,
            2,
            false,
            campaign.id(),
            new Region("1.2", 1, Region.Shape.BOX, List.of(List.of(1.0, 2.0), List.of(3.5, 4.0))),
            "",
            "ada",
            judgements.now(),
            false);
    judgements.add(said);

    assertThat(judgements.ofCampaign(campaign.id())).containsExactly(said);
    assertThat(judgements.find(said.id())).contains(said);
    assertThat(judgements.readIndependently(5)).containsExactly(id);
    assertThat(campaigns.awaited(id, "ada", NOW)).isEmpty();
    campaigns.close(campaign.id(), NOW);
    assertThat(campaigns.find(campaign.id()).orElseThrow().isOpen(NOW)).isFalse();
    assertThatThrownBy(
            () ->
                campaigns.create(
                    new Campaign(
                        UUID.randomUUID(),
                        "Why?",
                        "standard",
                        "1",
                        false,
                        0,
                        true,
                        7,
                        List.of(new Stratum("none", 5, nothing)),
                        List.of("ada"),
                        NOW.plusSeconds(60),
                        "boss",
                        judgements.now(),
                        null),
                    authors))
        .hasMessage("strata: there is no sentence in any of them");
    assertThat(campaigns.all()).hasSize(1);
  }

  /** The two questions of today cannot be answered from the one verdict of before. */
  @Test
  void aJudgementOfBeforeIsReadAsWhatWasAskedThen() throws Exception {
    DataSource old = database();
    Flyway.configure()
        .dataSource(old)
        .javaMigrations(Database.MIGRATIONS)
        .target("21")
        .load()
        .migrate();
    UUID result = UUID.randomUUID();
    try (Connection connection = old.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          insert into cases (id, state, reason, revision, images, created_at, updated_at)
          values ('00000000-0000-4000-8000-000000000000', 'DELIVERED', '', 0, true,
            current_timestamp, current_timestamp)
          """);
      for (String verdict : List.of("AGREE", "WRONG_PLACE", "NO_SUCH_FINDING", "CANNOT_TELL")) {
        statement.execute(
            """
            insert into judgement (id, case_id, result_id, verdict, note, person, judged_at)
            values ('%s', '00000000-0000-4000-8000-000000000000', '%s', '%s', 'n', 'ada',
              current_timestamp)
            """
                .formatted(UUID.randomUUID(), result, verdict));
      }
    }

    List<Judgement> read =
        new JudgementStore(Database.open(old), CLOCK)
            .of(UUID.fromString("00000000-0000-4000-8000-000000000000"));

    assertThat(read)
        .extracting(Judgement::answers)
        .containsExactly(
            Map.of("verdict", "cannot-tell"),
            Map.of("verdict", "no-such-finding"),
            Map.of("verdict", "wrong-place"),
            Map.of("verdict", "agree"));
    assertThat(read).allMatch(j -> j.stage() == Stage.WITH_MAP && j.readers() == 1);
    Scheme scheme = Schemes.usual().find(read.get(0).scheme(), read.get(0).version()).orElseThrow();
    assertThat(scheme.retired()).isTrue();
    read.forEach(j -> scheme.check(j.answers(), j.stage()));
  }
}
