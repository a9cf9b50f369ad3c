package org.m2ib.worklist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseState.Event;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.DiscordanceStore;
import org.m2ib.cases.ReceivedInstance;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredDiscordance;
import org.m2ib.cases.StoredResult;
import org.m2ib.cases.StudyKey;
import org.m2ib.cases.TestArrivals;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.dicom.Uids;
import org.m2ib.judging.JudgementStore;
import org.m2ib.judging.TestJudgements;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SampleResults;
import org.m2ib.worklist.WorklistQuery.Sort;
import org.m2ib.worklist.WorklistQuery.Sql;

/** The worklist on one database. */
abstract class WorklistChecks {
  /** So many that reading all is dearer. */
  private static final int MADE = 3000;

  @TempDir Path folder;
  private Database database;
  private Blobs blobs;
  private ArrivalStore arrivals;
  private CaseStore cases;
  private ResultStore results;
  private JudgementStore judgements;
  private DiscordanceStore discordances;
  private Worklist worklist;

  /** An empty one. */
  abstract Database open() throws Exception;

  @BeforeEach
  void start() throws Exception {
    database = open();
    Clock clock = Clock.systemUTC();
    blobs = new Blobs(folder);
    arrivals = new ArrivalStore(database, clock, blobs);
    cases = new CaseStore(database, clock);
    results = new ResultStore(database);
    judgements = new JudgementStore(database, clock);
    discordances = new DiscordanceStore(database, clock);
    worklist =
        new Worklist(
            database,
            new WorklistIndex(
                database, blobs, cases, arrivals, results, judgements, Duration.ofMinutes(1)));
  }

  private Case made(String accession) {
    return cases.create(
        new StudyKey("1.2." + (accession.hashCode() & 0xFFFF), accession, null, null, "P1", null),
        CaseState.ATTRIBUTING,
        null);
  }

  private StoredResult result(Case c, int position, String text, double similarity) {
    StoredResult result =
        new StoredResult(
            UUID.randomUUID(),
            c.id(),
            position,
            TestArrivals.BLOB,
            ResultJson.write(SampleResults.of(position, text)),
            similarity,
            position == 0,
            "",
            "a%063d".formatted(position),
            false);
    results.save(result);
    return result;
  }

  private WorklistRow row(Case c) {
    return worklist.rows(List.of(c.id())).get(0);
  }

  private List<UUID> found(Queries.Part part) {
    Queries.Parts parts = new Queries.Parts();
    part.of(parts);
    return worklist.page(parts.sorted(Sort.UPDATED, true), null, 100).rows().stream()
        .map(WorklistRow::id)
        .toList();
  }

  private static StoredDiscordance doubtful(Case c, double logOdds) {
    return new StoredDiscordance(
        new UUID(0, 1),
        c.id(),
        "side",
        "effusion",
        null,
        null,
        1,
        logOdds,
        logOdds,
        "{}",
        Instant.EPOCH,
        null);
  }

  @Test
  void aRowFollowsEveryChangeOfItsCase() {
    Case c = made("A1");
    assertThat(row(c).sentences()).isZero();
    StoredResult first = result(c, 0, "Small left pleural effusion.", 0.5);
    result(c, 1, "No pneumothorax.", 0.25);
    assertThat(row(c).sentences()).isEqualTo(2);
    assertThat(row(c).lowestSimilarity()).isEqualTo(0.25);
    assertThat(row(c).alarms()).isEqualTo(1);
    assertThat(row(c).alarmKinds()).contains("shortcut");
    assertThat(row(c).picture()).as("of the one with an alarm").isEqualTo(first.pictureBlob());
    assertThat(row(c).judged()).isZero();

    UUID judgement = TestJudgements.agree(judgements, first, "", "anna").id();
    TestJudgements.agree(judgements, first, "", "berta");
    assertThat(row(c).judged()).as("results, not judgements").isEqualTo(1);
    assertThat(found(p -> p.judgedBy = "anna")).containsExactly(c.id());
    judgements.undo(judgement);
    assertThat(row(c).judged()).as("berta's holds").isEqualTo(1);
    assertThat(found(p -> p.judgedBy = "anna")).isEmpty();
    assertThat(found(p -> p.notJudgedBy = "anna")).containsExactly(c.id());

    cases.assign(c.id(), "berta");
    assertThat(row(c).assignedTo()).isEqualTo("berta");
    assertThat(found(p -> p.assigned = "berta")).containsExactly(c.id());
    assertThat(found(p -> p.assigned = "nobody")).isEmpty();
    cases.assign(c.id(), null);
    assertThat(found(p -> p.assigned = "nobody")).containsExactly(c.id());

    discordances.replace(
        c, new DiscordanceStore.Run(true, 1), 0.75, List.of(doubtful(c, Math.log(3))));
    assertThat(row(c).discordance()).isCloseTo(0.75, within(1e-9));
    cases.setModel(c.id(), c.revision(), "next");
    assertThat(found(p -> p.model = "next")).containsExactly(c.id());
    cases.apply(c.id(), Event.ATTRIBUTION_FAILED, "the image is damaged");
    assertThat(row(c).state()).isEqualTo(CaseState.FAILED);
    assertThat(row(c).reason()).isEqualTo("the image is damaged");

    results.save(first.withdraw());
    assertThat(row(c).sentences()).isEqualTo(1);
    assertThat(row(c).alarms()).isZero();
    assertThat(row(c).judged()).isZero();
    assertThat(found(p -> p.text = "effusion")).as("withdrawn").isEmpty();
    cases.alarm(c.id(), cases.find(c.id()).orElseThrow().revision());
    assertThat(row(c).alarms()).as("its own").isEqualTo(1);
    assertThat(row(c).alarmKinds()).containsExactly("case");
  }

  @Test
  void aRowThatIsBuiltAgainIsTheSame() {
    Case c = made("A1");
    TestJudgements.agree(judgements, result(c, 0, "Small left pleural effusion.", 0.5), "", "anna");
    result(c, 1, "No pneumothorax.", Double.NaN);
    cases.assign(c.id(), "anna");
    made("A2");
    List<String> kept = everything();
    assertThat(kept).hasSizeGreaterThan(8);
    database.with(h -> h.execute("delete from worklist"));
    database.with(h -> h.execute("update cases set listed = false"));
    worklist.version();
    assertThat(everything()).isEqualTo(kept);
  }

  private List<String> everything() {
    worklist.version();
    List<String> all =
        database.list(
            (row, context) ->
                Worklist.ROW.map(row, context).toString().replaceFirst("version=\\d+", ""),
            "select * from worklist order by case_id");
    List<String> everything = new ArrayList<>(all);
    everything.addAll(
        database.list(
            (row, context) -> row.getString(1) + row.getObject(2),
            "select term, case_id from worklist_term order by term, case_id"));
    return everything;
  }

  @Test
  void aCaseThatIsRemovedIsNotListedAnyMore() {
    Case waiting =
        cases.create(
            new StudyKey(null, "A1", null, null, null, null), CaseState.AWAITING_STUDY, null);
    assertThat(found(p -> {})).containsExactly(waiting.id());
    cases.remove(waiting.id());
    assertThat(found(p -> {})).isEmpty();
  }

  @Test
  void wordsAreFoundInAnyCaseWithoutAccentsAndByTheirBeginning() {
    Case c = made("A1");
    result(c, 0, "Kleiner Pleuraerguß links, größer als zuvor; épanchement pleural. 胸水なし", 0.5);
    result(made("A2"), 0, "No pneumothorax.", 0.5);
    for (String text :
        List.of(
            "pleuraerguss",
            "PLEURAERGUSS links",
            "epanchement",
            "Épanchement",
            "grosser",
            "pleurae*",
            "胸水",
            "links pleur* epan*")) {
      assertThat(found(p -> p.text = text)).as(text).containsExactly(c.id());
    }
    for (String text :
        List.of("links rechts", "euraerguss", "pleurax*", "p%", "pleura_rguss", "*")) {
      assertThat(found(p -> p.text = text)).as(text).isEmpty();
    }
  }

  @Test
  void aCaseIsFoundByDeviceSexAndAgeOfItsImages() throws Exception {
    Case one = received("1.2.3", "Acme", "One", "F", "045Y");
    Case other = received("1.2.4", "Acme", "W".repeat(64), "M", "");
    made("A3");
    assertThat(found(p -> p.device = "Acme One")).containsExactly(one.id());
    assertThat(found(p -> p.device = "Acme " + "W".repeat(64))).containsExactly(other.id());
    assertThat(found(p -> p.device = "Acme*")).isEmpty();
    assertThat(found(p -> p.sex = "F")).containsExactly(one.id());
    assertThat(found(p -> p.age = "40-64")).containsExactly(one.id());
    assertThat(found(p -> p.age = "0-17")).isEmpty();
    assertThat(found(p -> p.text = "dev*")).as("no word of a sentence").isEmpty();
    assertThat(found(p -> p.among = new WorklistQuery.Among("none", List.of()))).isEmpty();
    assertThat(found(p -> p.among = new WorklistQuery.Among("one", List.of(other.id()))))
        .containsExactly(other.id());
    assertThat(worklist.devices()).contains("Acme One").hasSize(2);
  }

  private Case received(String study, String maker, String model, String sex, String age)
      throws IOException {
    DicomObject image =
        DicomObject.create()
            .set(Tags.SOPClassUID, Uids.SECONDARY_CAPTURE)
            .set(Tags.SOPInstanceUID, study + ".4.1")
            .set(Tags.Manufacturer, maker)
            .set(Tags.ManufacturerModelName, model)
            .set(Tags.PatientSex, sex)
            .set(Tags.PatientAge, age);
    StudyKey key = new StudyKey(study, "A" + study, null, null, "P1", null);
    arrivals.receive(
        new ReceivedInstance(
            key,
            study + ".4",
            study + ".4.1",
            "1.2",
            "DX",
            null,
            null,
            "CT1",
            blobs.put(image::write)));
    TestArrivals.pair(arrivals);
    return cases.create(key, CaseState.ATTRIBUTING, null);
  }

  @Test
  void aPatientIsFoundByIdOrTheBeginningOfTheName() {
    MadeWorklist.fill(database, 50);
    WorklistRow any = worklist.page(Queries.all(Sort.PATIENT, false), null, 1).rows().get(0);
    assertThat(found(p -> p.patient = any.patientId())).contains(any.id());
    assertThat(found(p -> p.patient = any.patientName().substring(0, 9).toLowerCase(Locale.ROOT)))
        .contains(any.id());
    assertThat(found(p -> p.patient = "%")).isEmpty();
  }

  @Test
  void everyFilterAndOrderPagesThroughEachMatchOnce() {
    MadeWorklist.fill(database, 1300);
    for (String filter : Queries.FILTERS.keySet()) {
      WorklistQuery newest = Queries.of(filter, Sort.UPDATED, true);
      List<UUID> expected = pages(newest, 200);
      assertThat(new HashSet<>(expected)).as(filter).hasSameSizeAs(expected);
      int total = worklist.page(newest, null, 1).total();
      assertThat(Math.min(expected.size(), Worklist.COUNTED + 1)).as(filter).isEqualTo(total);
      for (Sort sort : Sort.values()) {
        if (sort == Sort.RANDOM || filter.equals("none") && sort.ordinal() > 3) {
          continue; // a sample is not everything
        }
        boolean down = sort.ordinal() % 2 == 0;
        List<UUID> sorted = pages(Queries.of(filter, sort, down), 137);
        assertThat(sorted).as(filter + " by " + sort).hasSameSizeAs(expected);
        assertThat(new HashSet<>(sorted).equals(new HashSet<>(expected)))
            .as("the same cases: " + filter + " by " + sort)
            .isTrue();
      }
    }
  }

  private List<UUID> pages(WorklistQuery query, int limit) {
    List<UUID> ids = new ArrayList<>();
    String cursor = null;
    do {
      Worklist.Page page = worklist.page(query, cursor, limit);
      page.rows().forEach(row -> ids.add(row.id()));
      cursor = page.next();
    } while (cursor != null);
    return ids;
  }

  @Test
  void rowsAreInTheOrderOfTheirColumnAndWhatIsMissingIsTheLeast() {
    MadeWorklist.fill(database, 300);
    List<WorklistRow> rows = worklist.page(Queries.all(Sort.SIMILARITY, false), null, 200).rows();
    assertThat(rows)
        .isSortedAccordingTo(
            Comparator.comparing(
                WorklistRow::lowestSimilarity, Comparator.nullsFirst(Comparator.naturalOrder())));
    assertThat(worklist.page(Queries.all(Sort.UPDATED, true), null, 200).rows())
        .isSortedAccordingTo(Comparator.comparing(WorklistRow::updatedAt).reversed());
  }

  @Test
  void aPageStaysRightWhileRowsComeAndGo() {
    MadeWorklist.fill(database, 100);
    WorklistQuery query = Queries.all(Sort.UPDATED, true);
    Worklist.Page first = worklist.page(query, null, 10);
    cases.assign(MadeWorklist.id(95), "anna"); // a row of the first page is written again
    made("new"); // before the first page
    database.with(
        h -> h.execute("delete from worklist where case_id = ?", first.rows().get(9).id()));
    assertThat(worklist.page(query, first.next(), 10).rows())
        .extracting(WorklistRow::id)
        .startsWith(MadeWorklist.id(89), MadeWorklist.id(88));
  }

  @Test
  void aCursorOfAnotherFilterOrOrderIsRefusedInWords() {
    MadeWorklist.fill(database, 30);
    String cursor = worklist.page(Queries.all(Sort.UPDATED, true), null, 10).next();
    for (WorklistQuery other :
        List.of(
            Queries.all(Sort.UPDATED, false),
            Queries.all(Sort.PATIENT, true),
            Queries.of("alarm=any", Sort.UPDATED, true))) {
      assertThatThrownBy(() -> worklist.page(other, cursor, 10))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("another filter or order");
    }
    for (String broken : List.of("", "x", "%%%", "AAAA", cursor.substring(5))) {
      assertThatThrownBy(() -> worklist.page(Queries.all(Sort.UPDATED, true), broken, 10))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("cursor: ");
    }
  }

  @Test
  void aSampleIsTheSameForTheSameSeedAndAnotherForAnother() {
    MadeWorklist.fill(database, 400);
    WorklistQuery one = Queries.all(Sort.RANDOM, false);
    List<UUID> sample = ids(worklist.page(one, null, 40));
    made("new");
    assertThat(ids(worklist.page(one, null, 40))).containsAll(sample.subList(0, 38));
    List<List<UUID>> others = new ArrayList<>();
    for (int seed = 2; seed < 8; seed++) {
      others.add(
          ids(
              worklist.page(
                  new WorklistQuery(
                      null,
                      null,
                      null,
                      null,
                      null,
                      null,
                      null,
                      null,
                      null,
                      null,
                      null,
                      null,
                      null,
                      null,
                      null,
                      null,
                      null,
                      null,
                      null,
                      Sort.RANDOM,
                      false,
                      seed),
                  null,
                  40)));
    }
    assertThat(others).doesNotContain(sample).doesNotHaveDuplicates();
    assertThat(sample).isNotEqualTo(sample.stream().sorted().collect(Collectors.toList()));
  }

  private static List<UUID> ids(Worklist.Page page) {
    return page.rows().stream().map(WorklistRow::id).toList();
  }

  @Test
  void theNextCaseIsTheOneBehindInTheSameList() {
    MadeWorklist.fill(database, 60);
    WorklistQuery query = Queries.of("judged=no", Sort.PATIENT, false);
    List<UUID> ids = pages(query, 50);
    for (int i = 0; i + 1 < ids.size(); i++) {
      assertThat(worklist.after(query, ids.get(i)).orElseThrow().id()).isEqualTo(ids.get(i + 1));
    }
    assertThat(worklist.after(query, ids.get(ids.size() - 1))).isEmpty();
    UUID judged = pages(Queries.of("judged=yes", Sort.PATIENT, false), 50).get(0);
    assertThat(worklist.after(query, judged)).as("behind one that is judged now").isPresent();
  }

  @Test
  void listenersAreToldOfEachChangeOnce() {
    MadeWorklist.fill(database, 20);
    try (WorklistEvents events = new WorklistEvents(worklist)) {
      assertThat(events.changed()).as("before").isEmpty();
      assertThat(events.changed()).isEmpty();
      cases.assign(MadeWorklist.id(3), "anna");
      assertThat(events.changed()).extracting(WorklistRow::assignedTo).containsExactly("anna");
      assertThat(events.changed()).isEmpty();
      cases.assign(MadeWorklist.id(3), "berta");
      cases.assign(MadeWorklist.id(4), "berta");
      assertThat(events.changed())
          .extracting(WorklistRow::id)
          .containsExactlyInAnyOrder(MadeWorklist.id(3), MadeWorklist.id(4));
    }
  }

  @Test
  void aListenerIsToldOfWhatChangedAfterThePageItKnows() {
    MadeWorklist.fill(database, 20);
    long known = worklist.page(Queries.all(Sort.UPDATED, true), null, 5).version();
    cases.assign(MadeWorklist.id(3), "anna");
    List<List<WorklistRow>> told = new ArrayList<>();
    try (WorklistEvents events = new WorklistEvents(worklist)) {
      events.add(told::add, known);
      events.add(rows -> assertThat(rows).noneMatch(r -> r.id().equals(MadeWorklist.id(3))), null);
      events.look();
      assertThat(told.get(0))
          .filteredOn(row -> row.version() > known)
          .extracting(WorklistRow::assignedTo)
          .containsExactly("anna");
      cases.assign(MadeWorklist.id(4), "berta");
      events.look();
      assertThat(told.get(1)).extracting(WorklistRow::assignedTo).containsExactly("berta");
    }
  }

  @Test
  void aListenerThatHasMissedMuchIsToldOfItPartByPart() {
    MadeWorklist.fill(database, 1200);
    List<List<WorklistRow>> told = new ArrayList<>();
    try (WorklistEvents events = new WorklistEvents(worklist)) {
      events.add(told::add, 0L);
      for (int i = 0; i < 4; i++) {
        events.look();
      }
    }
    assertThat(told).extracting(List::size).containsExactly(500, 500, 200, 0);
    assertThat(told.stream().flatMap(List::stream).map(WorklistRow::id)).doesNotHaveDuplicates();
  }

  @Test
  void viewsBelongToAPersonAndReplaceThoseOfTheirName() {
    SavedViews views = new SavedViews(database);
    views.save("anna", new SavedViews.View("Mine", "assigned=me"));
    views.save("anna", new SavedViews.View("Mine", "assigned=me&alarm=any"));
    views.save("berta", new SavedViews.View("Mine", ""));
    assertThat(views.of("anna"))
        .containsExactly(new SavedViews.View("Mine", "assigned=me&alarm=any"));
    assertThat(views.remove("anna", "Mine")).isTrue();
    assertThat(views.remove("anna", "Mine")).isFalse();
    assertThat(views.of("berta")).hasSize(1);
    for (int i = 0; i < SavedViews.MOST; i++) {
      views.save("anna", new SavedViews.View("v" + i, ""));
    }
    assertThatThrownBy(() -> views.save("anna", new SavedViews.View("more", "")))
        .isInstanceOf(IllegalStateException.class);
    views.save("anna", new SavedViews.View("v1", "alarm=any"));
    assertThatThrownBy(() -> views.save("anna", new SavedViews.View("x".repeat(81), "")))
        .hasMessageContaining("name");
    assertThatThrownBy(() -> views.save("anna", new SavedViews.View("..", "")))
        .as("no address that removes it can have it")
        .hasMessageContaining("name");
  }

  @Test
  void everyOrderAndFilterIsAnsweredFromAnIndex() throws IOException {
    MadeWorklist.fill(database, MADE);
    for (Sort sort : Sort.values()) {
      for (boolean down : new boolean[] {true, false}) {
        WorklistQuery query = Queries.all(sort, down);
        assertThat(plan(Worklist.select(query, Queries.known(query, false), null, 51, false)))
            .as(sort + (down ? " down" : " up"))
            .contains("worklist_" + sort.column)
            .doesNotContain("seq scan on worklist", "tablescan");
      }
    }
    for (String filter :
        List.of(
            "state=MISMATCHED",
            "bodyPart=HAND",
            "assigned=anna",
            "accessionNumber=A77",
            "patient=P77",
            "studyInstanceUid=1.2.3.77",
            "text=atelectasis",
            "from=2025-03-01&to=2025-03-07")) {
      WorklistQuery query = Queries.of(filter, Sort.UPDATED, true);
      assertThat(plan(Worklist.counted(query, Queries.known(query, true))))
          .as(filter)
          .doesNotContain("tablescan")
          .containsPattern("worklist_(\\w+)|worklist_pkey");
    }
  }

  private String plan(Sql sql) {
    return String.join(
            "\n",
            database.list(
                (row, context) -> row.getString(1),
                "explain " + sql.text(),
                sql.arguments().toArray()))
        .toLowerCase(Locale.ROOT);
  }
}
