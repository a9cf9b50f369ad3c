package org.m2ib.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.m2ib.cases.ShadowFigure.Figures;

/** What is kept of models, in each database. */
abstract class ModelStoreChecks {
  private static final Instant NOW = Instant.parse("2026-04-01T00:00:00.123456Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final StudyKey STUDY = new StudyKey("1.2.3", "A1", null, null, "P1", null);
  private static final String HASH = "ab".repeat(32);
  private Database database;
  private CaseStore cases;
  private ShadowStore shadows;

  /** An empty database. */
  abstract DataSource database() throws Exception;

  @BeforeEach
  void open() throws Exception {
    database = Database.open(database());
    cases = new CaseStore(database, CLOCK);
    shadows = new ShadowStore(database, CLOCK);
  }

  @Test
  void switchesAreKeptInTheirOrder() {
    ModelSwitchStore switches = new ModelSwitchStore(database, CLOCK);
    switches.add("b", false, "ada");
    switches.add("default", true, "bob");
    Instant at = Instant.parse("2026-04-01T00:00:00.123Z");
    assertThat(switches.all())
        .containsExactly(
            new ModelSwitch("b", false, "ada", at), new ModelSwitch("default", true, "bob", at));
  }

  @Test
  void aCasesModelIsSetAtItsRevisionAndGoesWithTheNextChange() {
    UUID id = cases.create(STUDY, CaseState.ATTRIBUTING, null).id();
    cases.setModel(id, 1, "late");
    assertThat(cases.find(id).orElseThrow().model()).isNull();
    cases.setModel(id, 0, "chest");
    assertThat(cases.find(id).orElseThrow().model()).isEqualTo("chest");
    cases.apply(id, CaseState.Event.ATTRIBUTED, "");
    assertThat(cases.find(id).orElseThrow().model()).as("attributed").isEqualTo("chest");
    cases.apply(id, CaseState.Event.IMAGE, "");
    assertThat(cases.find(id).orElseThrow().model()).as("one more image").isNull();
  }

  @Test
  void aReportKeepsItsLanguage() {
    ArrivalStore arrivals = TestArrivals.store(database, CLOCK);
    arrivals.receive(
        TestArrivals.report(STUDY, "R1", ReportStatus.FINAL, "Klar.", "api", "de-CH", HASH));
    assertThat(TestArrivals.next(arrivals).report().language()).isEqualTo("de-CH");
  }

  @Test
  void aSummaryIsTheMeanOfWhatIsANumber() {
    UUID id = cases.create(STUDY, CaseState.DELIVERED, null).id();
    UUID result = UUID.randomUUID();
    shadows.save(figure(result, id, HASH, 9.0));
    shadows.save(figure(result, id, HASH, 0.25)); // made again
    shadows.save(figure(UUID.randomUUID(), id, HASH, 0.75));
    shadows.save(figure(UUID.randomUUID(), id, HASH, Double.NaN));
    shadows.save(figure(UUID.randomUUID(), id, "cd".repeat(32), 0.1));

    ShadowStore.Summary summary = shadows.summary(HASH);
    assertThat(summary.n()).isEqualTo(3);
    assertThat(summary.rankCorrelation()).isCloseTo(0.5, within(1e-12));
    assertThat(summary.shadow()).isEqualTo(new Figures(0.5, 2.0, 100.0));
    assertThat(summary.active()).isEqualTo(new Figures(0.25, 4.0, null));
    assertThat(shadows.done(id, HASH)).hasSize(3).contains(result);
    assertThat(shadows.done(UUID.randomUUID(), HASH)).isEmpty();
  }

  @Test
  void aSummaryOfNothingHasNoMeans() {
    Figures none = new Figures(null, null, null);
    assertThat(shadows.summary(HASH)).isEqualTo(new ShadowStore.Summary(0, none, none, null));
  }

  private static ShadowFigure figure(UUID result, UUID caseId, String hash, double correlation) {
    return new ShadowFigure(
        result,
        caseId,
        "next",
        hash,
        new Figures(0.5, 2.0, 100.0),
        new Figures(0.25, 4.0, Double.NaN),
        correlation);
  }
}
