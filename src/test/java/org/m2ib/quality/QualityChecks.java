package org.m2ib.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.ReceivedInstance;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.cases.StudyKey;
import org.m2ib.cases.TestArrivals;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.dicom.Uids;
import org.m2ib.judging.Judgement;
import org.m2ib.judging.JudgementStore;
import org.m2ib.judging.Schemes;
import org.m2ib.judging.Stage;
import org.m2ib.judging.TestJudgements;
import org.m2ib.quality.MadeQuality.Ids;
import org.m2ib.quality.Quality.QualityCase;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SampleResults;
import org.m2ib.results.SentenceResult;

/** The quality figures on one database. */
abstract class QualityChecks {
  private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");
  private static final QualityFilter ALL = new QualityFilter(null, null, null, null, null);
  private static final String FINDING = "standard.finding";

  @TempDir Path folder;
  private Database database;
  private Blobs blobs;
  private CaseStore cases;
  private ArrivalStore arrivals;
  private ResultStore results;
  private JudgementStore judgements;
  private MadeQuality made;
  private Quality quality;

  /** An empty one. */
  abstract Database open() throws Exception;

  @BeforeEach
  void start() throws Exception {
    database = open();
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    blobs = new Blobs(folder);
    cases = new CaseStore(database, clock);
    arrivals = new ArrivalStore(database, clock, blobs);
    results = new ResultStore(database);
    judgements = new JudgementStore(database, clock);
    made = new MadeQuality(database);
    quality =
        new Quality(
            database,
            new QualityIndex(database, blobs, cases, arrivals, results, Duration.ofMinutes(1)),
            judgements,
            Schemes.usual(),
            clock);
  }

  private List<QualityRow> rows(QualityFigure figure) {
    return rows(figure, ALL);
  }

  private List<QualityRow> rows(QualityFigure figure, QualityFilter filter) {
    return quality.rows(figure, filter, quality.reference(filter, null, null), false);
  }

  private static QualityRow row(List<QualityRow> rows, String measure, String by, String group) {
    return rows.stream()
        .filter(r -> r.measure().equals(measure) && r.by().equals(by) && r.group().equals(group))
        .findFirst()
        .orElseThrow(() -> new AssertionError(measure + " " + by + " " + group + ": " + rows));
  }

  private void judge(Ids of, String finding, String person) {
    judgements.add(
        TestJudgements.of(
            of.caseId(),
            of.resultId(),
            finding.equals("yes")
                ? TestJudgements.answers("yes", "yes")
                : Map.of("finding", finding),
            "",
            person,
            judgements.now()));
    // what changes a case has its rows made again, and these have no results to be made from
    database.with(h -> h.execute("update cases set list_version = 0"));
  }

  @Test
  void anEmptyServiceHasNoFigures() {
    assertThat(quality.overview())
        .isEqualTo(new Quality.Overview(0, 0, 0, List.of(), List.of(), List.of(), false));
    assertThat(quality.reference(ALL, null, null))
        .isEqualTo(new Quality.Reference(null, null, false));
    for (QualityFigure figure : QualityFigure.values()) {
      assertThat(rows(figure)).as(figure.code()).isEmpty();
    }
  }

  @Test
  void agreementIsTheShareOfJudgedResultsWithItsIntervalByEachGroup() {
    for (int i = 0; i < 8; i++) {
      int n = i;
      Ids ids =
          made.result(
              "2026-0%d-15".formatted(1 + i / 4),
              m -> {
                m.device = n < 2 ? "" : "Acme One";
                m.findings = n == 0 ? " effusion nodule " : " effusion ";
              });
      judge(ids, i < 6 ? "yes" : i == 6 ? "no" : "cannot-tell", "ada");
    }
    List<QualityRow> rows = rows(QualityFigure.AGREEMENT);
    QualityRow all = row(rows, FINDING, "model", "default");
    assertThat(all.count()).isEqualTo(6);
    assertThat(all.n()).as("cannot tell is neither").isEqualTo(7);
    assertThat(all.cases()).isEqualTo(7);
    // statsmodels.stats.proportion.proportion_confint(6, 7, method="wilson")
    assertThat(all.low()).isCloseTo(0.4868722, within(1e-6));
    assertThat(all.high()).isCloseTo(0.9743204, within(1e-6));
    assertThat(all.small()).isFalse();
    assertThat(row(rows, FINDING, "finding", "nodule").n()).isEqualTo(1);
    assertThat(row(rows, FINDING, "finding", "nodule").small()).isTrue();
    assertThat(row(rows, FINDING, "finding", "effusion").n()).isEqualTo(7);
    assertThat(row(rows, FINDING, "device", "").n()).isEqualTo(2);
    assertThat(row(rows, FINDING, "device", "Acme One").n()).isEqualTo(5);
    assertThat(row(rows, FINDING, "month", "2026-01").n()).isEqualTo(4);
    assertThat(row(rows, FINDING, "month", "2026-02").n()).isEqualTo(3);
    assertThat(row(rows, FINDING, "reader", "ada").n()).isEqualTo(7);
    assertThat(row(rows, "standard.region", "sender", "CT1").n()).isEqualTo(6);
    assertThat(cases(QualityFigure.AGREEMENT, FINDING, "device", "")).hasSize(2);
    assertThat(cases(QualityFigure.AGREEMENT, FINDING, "finding", "nodule")).hasSize(1);
    assertThat(cases(QualityFigure.AGREEMENT, FINDING, "device", "Other")).isEmpty();
  }

  private List<QualityCase> cases(QualityFigure figure, String measure, String by, String group) {
    return quality.cases(figure, ALL, measure, by, group, 500);
  }

  @Test
  void theFilterAppliesToEveryFigure() {
    for (int i = 0; i < 6; i++) {
      int n = i;
      judge(
          made.result(
              "2026-01-0" + (1 + i),
              m -> {
                m.model = n % 2 == 0 ? "default" : "next";
                m.modality = n < 3 ? "DX" : "CR";
                m.sender = n == 0 ? "CT1" : "CT2";
              }),
          "yes",
          "ada");
    }
    for (Map.Entry<QualityFilter, Integer> one :
        Map.of(
                ALL,
                6,
                new QualityFilter("next", null, null, null, null),
                3,
                new QualityFilter(null, "CR", null, null, null),
                3,
                new QualityFilter("default", "DX", "CT1", null, null),
                1,
                new QualityFilter(null, null, null, LocalDate.parse("2026-01-05"), null),
                2,
                new QualityFilter(null, null, "none", null, null),
                0)
            .entrySet()) {
      QualityFilter filter = one.getKey();
      assertThat(
              rows(QualityFigure.CONCORDANCE, filter).stream()
                  .filter(r -> r.measure().equals(FINDING))
                  .mapToLong(QualityRow::n)
                  .sum())
          .as(filter.toString())
          .isEqualTo(one.getValue().longValue());
      for (Map.Entry<QualityFigure, String> sum :
          Map.of(
                  QualityFigure.DRIFT, "similarity",
                  QualityFigure.TURNAROUND, "received")
              .entrySet()) {
        assertThat(
                rows(sum.getKey(), filter).stream()
                    .filter(r -> r.measure().equals(sum.getValue()))
                    .mapToLong(QualityRow::n)
                    .sum())
            .as(sum.getKey() + " " + filter)
            .isEqualTo(one.getValue().longValue());
      }
      assertThat(
              rows(QualityFigure.MAPS, filter).stream()
                  .filter(r -> r.measure().equals("on-text") && r.by().equals("device"))
                  .mapToLong(QualityRow::n)
                  .sum())
          .isEqualTo(one.getValue().longValue());
    }
    assertThat(quality.overview())
        .isEqualTo(
            new Quality.Overview(
                6,
                6,
                6,
                List.of("default", "next"),
                List.of("CR", "DX"),
                List.of("CT1", "CT2"),
                true));
  }

  @Test
  void readersWhoDifferCountOnceAnArbiterHasDecided() {
    Ids same = made.result("2026-01-05", m -> {});
    judge(same, "yes", "ada");
    judge(same, "yes", "bob");
    Ids differ = made.result("2026-01-06", m -> {});
    judge(differ, "yes", "ada");
    judge(differ, "no", "bob");
    List<QualityRow> rows = rows(QualityFigure.CONCORDANCE);
    assertThat(row(rows, FINDING, "month", "2026-01").n()).isEqualTo(1);
    QualityRow readers = row(rows, FINDING + ":readers", "month", "2026-01");
    assertThat(readers.count()).isEqualTo(1);
    assertThat(readers.n()).isEqualTo(2);
    assertThat(rows(QualityFigure.AGREEMENT)).noneMatch(r -> r.measure().endsWith(":readers"));
    assertThat(row(rows(QualityFigure.AGREEMENT), FINDING, "reader", "bob").value()).isEqualTo(0.5);

    Judgement decided =
        TestJudgements.of(
            differ.caseId(),
            differ.resultId(),
            Map.of("finding", "no"),
            "",
            "eve",
            judgements.now());
    judgements.add(
        new Judgement(
            decided.id(),
            decided.caseId(),
            decided.resultId(),
            decided.scheme(),
            decided.version(),
            decided.answers(),
            Stage.WITH_MAP,
            1,
            true,
            null,
            null,
            "",
            "eve",
            decided.at(),
            false));
    database.with(h -> h.execute("update cases set list_version = 0"));
    rows = rows(QualityFigure.CONCORDANCE);
    assertThat(row(rows, FINDING, "month", "2026-01").count()).isEqualTo(1);
    assertThat(row(rows, FINDING, "month", "2026-01").n()).isEqualTo(2);
  }

  @Test
  void concordanceByWeekBeginsOnMondays() {
    judge(made.result("2026-01-04", m -> {}), "yes", "ada"); // a Sunday
    judge(made.result("2026-01-05", m -> {}), "yes", "ada");
    judge(made.result("2026-01-11", m -> {}), "yes", "ada");
    List<QualityRow> rows =
        quality.rows(QualityFigure.CONCORDANCE, ALL, quality.reference(ALL, null, null), true);
    assertThat(row(rows, FINDING, "week", "2025-12-29").n()).isEqualTo(1);
    assertThat(row(rows, FINDING, "week", "2026-01-05").n()).isEqualTo(2);
    assertThat(cases(QualityFigure.CONCORDANCE, FINDING, "week", "2026-01-05"))
        .extracting(QualityCase::receivedDay)
        .containsExactly("2026-01-11", "2026-01-05");
  }

  @Test
  void whatIsJudgedInAnOpenCampaignBeforeTheMapOrUndoneDoesNotCount() {
    Ids ids = made.result("2026-01-05", m -> {});
    UUID campaign = UUID.randomUUID();
    database.with(
        h ->
            h.execute(
                """
                insert into campaign (id, question, scheme, version, blind, double_share, one_per_case,
                  seed, strata, readers, created_by, created_at)
                values (?, '', 'standard', '1', false, 0, false, 1, '[]', '[]', 'boss', ?)
                """,
                campaign,
                NOW.atOffset(ZoneOffset.UTC)));
    judgements.add(judgement(ids, Stage.WITH_MAP, 1, campaign));
    judgements.add(judgement(ids, Stage.BEFORE_MAP, 1, null));
    Judgement undone = judgement(ids, Stage.WITH_MAP, 1, null);
    judgements.add(undone);
    judgements.undo(undone.id());
    judgements.add(judgement(made.result("2026-01-05", m -> {}), Stage.WITH_MAP, 2, null));
    database.with(h -> h.execute("update cases set list_version = 0"));
    assertThat(rows(QualityFigure.AGREEMENT)).as("nor one of two blind readings").isEmpty();
    database.with(
        h ->
            h.execute(
                "update campaign set deadline = ? where id = ?",
                NOW.atOffset(ZoneOffset.UTC),
                campaign));
    assertThat(row(rows(QualityFigure.AGREEMENT), FINDING, "reader", "ada").n()).isEqualTo(1);
  }

  private Judgement judgement(Ids ids, Stage stage, int readers, UUID campaign) {
    return new Judgement(
        UUID.randomUUID(),
        ids.caseId(),
        ids.resultId(),
        "standard",
        "1",
        Map.of("finding", "yes"),
        stage,
        readers,
        false,
        campaign,
        null,
        "",
        "ada",
        judgements.now(),
        false);
  }

  /** Of the same values as numpy.quantile, searchsorted and the formula, numpy 2.4.6. */
  @Test
  void driftIsTheStabilityIndexOfEachMonthAgainstTheReference() {
    for (int i = 0; i < 120; i++) {
      double value = Math.sin(i * 0.7) * 0.1 + 0.3 + (i % 7) * 0.01;
      made.result("2026-01-%02d".formatted(1 + i % 28), m -> m.similarity = value);
    }
    for (int i = 0; i < 60; i++) {
      double value = Math.sin(i * 1.1) * 0.12 + 0.34 + (i % 5) * 0.01;
      made.result("2026-04-%02d".formatted(1 + i % 28), m -> m.similarity = value);
    }
    made.result("2026-04-30", m -> m.similarity = null);
    Quality.Reference reference = quality.reference(ALL, null, null);
    assertThat(reference.from()).hasToString("2026-01-01");
    assertThat(reference.to()).hasToString("2026-03-31");
    List<QualityRow> rows = rows(QualityFigure.DRIFT);
    QualityRow april = row(rows, "similarity", "month", "2026-04");
    assertThat(april.value()).isCloseTo(0.5904256523147224, within(1e-9));
    assertThat(april.n()).as("without the one that has none").isEqualTo(60);
    assertThat(april.verdict()).isEqualTo("large");
    assertThat(april.byChance()).isCloseTo(9 * (1 / 60.0 + 1 / 120.0), within(1e-12));
    assertThat(row(rows, "similarity", "month", "2026-01").value()).isZero();
    assertThat(row(rows, "spread", "month", "2026-04").value())
        .as("all values are the same")
        .isZero();
    assertThat(cases(QualityFigure.DRIFT, "similarity", "month", "2026-04")).hasSize(60);
  }

  @Test
  void aReferenceWithoutResultsHasNoDrift() {
    made.result("2026-01-05", m -> {});
    Quality.Reference empty =
        quality.reference(ALL, LocalDate.parse("2020-01-01"), LocalDate.parse("2020-02-01"));
    assertThat(empty.stated()).isTrue();
    assertThat(quality.rows(QualityFigure.DRIFT, ALL, empty, false)).isEmpty();
    assertThat(quality.rows(QualityFigure.CUSUM, ALL, empty, false)).isEmpty();
  }

  @Test
  void cumulativeSumsOfDailyMeansRaiseAnAlarmAfterAShift() {
    for (int day = 1; day <= 20; day++) {
      double value = day % 2 == 0 ? 0.29 : 0.31;
      String date = "2026-01-%02d".formatted(day);
      made.result(date, m -> m.similarity = value - 0.01);
      made.result(date, m -> m.similarity = value + 0.01);
    }
    for (int day = 1; day <= 4; day++) {
      made.result("2026-02-%02d".formatted(day), m -> m.similarity = 0.33);
    }
    List<QualityRow> rows =
        quality.rows(
            QualityFigure.CUSUM,
            ALL,
            quality.reference(ALL, LocalDate.parse("2026-01-01"), LocalDate.parse("2026-01-31")),
            false);
    List<QualityRow> similarity =
        rows.stream().filter(r -> r.measure().equals("similarity")).toList();
    assertThat(similarity).hasSize(24);
    assertThat(similarity.subList(0, 20)).allMatch(r -> r.verdict().isEmpty());
    // the reference's daily means are 0.29 and 0.31, ten each: mean 0.3, sd sqrt(20/19) / 100
    double z = 3 / Math.sqrt(20 / 19.0);
    assertThat(similarity.get(20).up()).isCloseTo(z - 0.5, within(1e-9));
    assertThat(similarity.get(21).up()).isCloseTo(2 * (z - 0.5), within(1e-6));
    assertThat(similarity.get(22).verdict()).isEqualTo("up");
    assertThat(similarity.get(23).up()).as("begun again").isCloseTo(z - 0.5, within(1e-9));
    assertThat(rows).as("no spread at all").noneMatch(r -> r.measure().equals("spread"));
  }

  @Test
  void nineDaysAreTooFewForCumulativeSums() {
    for (int day = 1; day <= 9; day++) {
      double value = day / 10.0;
      made.result("2026-01-0" + day, m -> m.similarity = value);
    }
    assertThat(rows(QualityFigure.CUSUM)).isEmpty();
    made.result("2026-01-10", m -> m.similarity = 0.2);
    assertThat(rows(QualityFigure.CUSUM)).hasSize(10);
  }

  @Test
  void mapsOnMarkersAreMeansWithTheirIntervalByDevice() {
    double[] shares = {0.1, 0.2, 0.4, 0.5, 0.3};
    for (double share : shares) {
      made.result("2026-01-05", m -> m.onText = share);
    }
    made.result("2026-01-05", m -> m.device = "Other");
    List<QualityRow> rows = rows(QualityFigure.MAPS);
    QualityRow acme = row(rows, "on-text", "device", "Acme One");
    assertThat(acme.value()).isCloseTo(0.3, within(1e-12));
    // scipy.stats.t.interval(0.95, 4, 0.3, scipy.stats.sem(shares))
    assertThat(acme.low()).isCloseTo(0.1036757, within(1e-6));
    assertThat(acme.high()).isCloseTo(0.4963243, within(1e-6));
    QualityRow other = row(rows, "on-text", "device", "Other");
    assertThat(other.low()).as("one value has no interval").isNull();
    assertThat(other.small()).isTrue();
    assertThat(cases(QualityFigure.MAPS, "on-text", "device", "Other")).hasSize(1);
  }

  @Test
  void subgroupsAreBandsOfAgeAndSex() {
    Integer[] ages = {0, 17, 18, 39, 40, 64, 65, 79, 80, 101, null};
    for (Integer age : ages) {
      judge(
          made.result(
              "2026-01-05",
              m -> {
                m.age = age;
                m.sex = age == null ? "" : "M";
                m.alarm = age != null && age == 17;
              }),
          "yes",
          "ada");
    }
    List<QualityRow> rows = rows(QualityFigure.SUBGROUPS);
    for (String band : List.of("0-17", "18-39", "40-64", "65-79", "80+")) {
      assertThat(row(rows, FINDING, "age", band).n()).as(band).isEqualTo(2);
      assertThat(row(rows, "similarity", "age", band).n()).as(band).isEqualTo(2);
      assertThat(row(rows, "alarms", "age", band).count())
          .as(band)
          .isEqualTo(band.equals("0-17") ? 1 : 0);
    }
    assertThat(row(rows, FINDING, "age", "").n()).isEqualTo(1);
    assertThat(row(rows, "alarms", "sex", "M").n()).isEqualTo(10);
    assertThat(row(rows, "similarity", "sex", "").low()).isNull();
    assertThat(cases(QualityFigure.SUBGROUPS, "alarms", "age", "0-17")).hasSize(2);
    assertThat(cases(QualityFigure.SUBGROUPS, FINDING, "sex", "M")).hasSize(10);
  }

  @Test
  void turnaroundIsMedianAndNinetiethPercentileByMonth() {
    for (int i = 1; i <= 11; i++) {
      made.received("2026-01-05", 60.0 * i);
    }
    made.received("2026-01-06", null);
    made.received("2026-02-06", null);
    List<QualityRow> rows = rows(QualityFigure.TURNAROUND);
    assertThat(row(rows, "received", "month", "2026-01").value()).isEqualTo(12);
    assertThat(row(rows, "delivered", "month", "2026-01").value()).isEqualTo(11);
    assertThat(row(rows, "median-minutes", "month", "2026-01").value()).isEqualTo(6);
    assertThat(row(rows, "p90-minutes", "month", "2026-01").value()).isEqualTo(10);
    assertThat(row(rows, "median-minutes", "month", "2026-02").value()).isNull();
    assertThat(cases(QualityFigure.TURNAROUND, "received", "month", "2026-01")).hasSize(12);
    assertThat(cases(QualityFigure.TURNAROUND, "delivered", "month", "2026-01")).hasSize(11);
    assertThat(cases(QualityFigure.TURNAROUND, "median-minutes", "month", "2026-02")).isEmpty();
  }

  @Test
  void casesAreLimitedAndTheLatestReceivedFirst() {
    made.result("2026-01-05", m -> {});
    made.result("2026-01-07", m -> {});
    made.result("2026-01-06", m -> {});
    assertThat(quality.cases(QualityFigure.MAPS, ALL, "on-text", "sender", "CT1", 2))
        .extracting(QualityCase::receivedDay)
        .containsExactly("2026-01-07", "2026-01-06");
    assertThatThrownBy(() -> cases(QualityFigure.MAPS, "on-text", "colour", "red"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("by: must be one of [model, finding");
    assertThat(cases(QualityFigure.MAPS, "on-text", "reader", "ada")).isEmpty();
    assertThat(cases(QualityFigure.MAPS, "nothing", "sender", "CT1")).isEmpty();
  }

  private String image(String age) throws Exception {
    DicomObject image =
        DicomObject.create()
            .set(Tags.SOPClassUID, Uids.SECONDARY_CAPTURE)
            .set(Tags.SOPInstanceUID, "1.2.3.4.1")
            .set(Tags.StudyDate, "20260105")
            .set(Tags.PatientBirthDate, "19800106")
            .set(Tags.PatientAge, age)
            .set(Tags.PatientSex, "F")
            .set(Tags.Manufacturer, "Acme")
            .set(Tags.ManufacturerModelName, "One");
    return blobs.put(image::write);
  }

  private Case received(String blob) {
    StudyKey study = new StudyKey("1.2.3", "A1", null, null, "P1", null);
    arrivals.receive(
        new ReceivedInstance(
            study, "1.2.3.4", "1.2.3.4.1", "1.2", "DX", null, null, "SENDER", blob));
    TestArrivals.pair(arrivals);
    return cases.create(study, CaseState.ATTRIBUTING, null);
  }

  private StoredResult result(Case c, String blob, String body) {
    StoredResult stored =
        new StoredResult(UUID.randomUUID(), c.id(), 0, blob, body, 0.25, true, "c", "p", false);
    results.save(stored);
    return stored;
  }

  private Map<String, Object> indexed() {
    quality.overview();
    return database.with(
        h -> h.select("select * from quality_result").mapToMap().findFirst().orElse(Map.of()));
  }

  @Test
  void aRowIsMadeOfTheResultAndItsImageAndFollowsTheCase() throws Exception {
    String blob = image("");
    Case c = received(blob);
    SentenceResult sample = SampleResults.of(0, "No pneumothorax or pleural effusion.");
    StoredResult stored = result(c, blob, ResultJson.write(sample));
    cases.setModel(c.id(), c.revision(), "next");
    Map<String, Object> row = indexed();
    assertThat(row)
        .containsEntry("received_day", "2026-05-06")
        .containsEntry("model", "next")
        .containsEntry("modality", "DX")
        .containsEntry("sender", "SENDER")
        .containsEntry("device", "Acme One")
        .containsEntry("sex", "F")
        .containsEntry("age", 45)
        .containsEntry("findings", " pneumothorax effusion ")
        .containsEntry("similarity", 0.25)
        .containsEntry("spread", 0.75)
        .containsEntry("hot_area", sample.place().areaAboveHalf())
        .containsEntry("on_text", 0.375)
        .containsEntry("outside_body", 0.125)
        .containsEntry("alarm", true);
    results.save(stored.withdraw());
    assertThat(indexed()).as("withdrawn").isEmpty();
  }

  @Test
  void whatCannotBeReadIsCountedAndUnknown() {
    Case c = received("0f".repeat(32));
    result(c, "0f".repeat(32), "{}");
    assertThat(indexed())
        .containsEntry("device", "")
        .containsEntry("sender", "SENDER")
        .containsEntry("age", null)
        .containsEntry("findings", "")
        .containsEntry("similarity", 0.25)
        .containsEntry("spread", null);
  }

  @Test
  void theFirstDeliveryStaysWhateverIsSentAgain() throws Exception {
    Case c = received(image("045Y"));
    Outbox outbox = new Outbox(database, Clock.fixed(NOW.plusSeconds(90), ZoneOffset.UTC));
    outbox.open(c.id(), Delivery.Kind.CAPTURES, "here");
    outbox.record(outbox.of(c.id()).get(0), Delivery.Status.DELIVERED, 1, "");
    assertThat(rows(QualityFigure.TURNAROUND))
        .noneMatch(r -> r.value() != null && r.value() == 1.5);
    cases.apply(c.id(), CaseState.Event.ATTRIBUTED, "");
    cases.apply(c.id(), CaseState.Event.ALL_DELIVERED, "");
    assertThat(row(rows(QualityFigure.TURNAROUND), "median-minutes", "month", "2026-05").value())
        .isEqualTo(1.5);
    Outbox later = new Outbox(database, Clock.fixed(NOW.plusSeconds(9000), ZoneOffset.UTC));
    later.open(c.id(), Delivery.Kind.CAPTURES, "here");
    later.record(later.of(c.id()).get(0), Delivery.Status.DELIVERED, 1, "");
    cases.listAgain(c.id());
    assertThat(row(rows(QualityFigure.TURNAROUND), "median-minutes", "month", "2026-05").value())
        .isEqualTo(1.5);
  }

  @Test
  void aCaseThatIsRemovedIsNotCountedAnyMore() {
    Case waiting =
        cases.create(
            new StudyKey(null, "A1", null, null, null, null), CaseState.AWAITING_STUDY, null);
    assertThat(quality.overview().cases()).isEqualTo(1);
    cases.remove(waiting.id());
    assertThat(quality.overview().cases()).isZero();
  }
}
