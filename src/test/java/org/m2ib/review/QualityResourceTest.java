package org.m2ib.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.m2ib.api.ApiAnswers.assertProblem;
import static org.m2ib.api.ApiAnswers.json;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.agreement.Proportion;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.TestArrivals;
import org.m2ib.cases.TestDatabase;
import org.m2ib.judging.JudgementStore;
import org.m2ib.judging.Schemes;
import org.m2ib.quality.MadeQuality;
import org.m2ib.quality.Quality;
import org.m2ib.quality.QualityFigure;
import org.m2ib.quality.QualityIndex;
import org.m2ib.quality.QualityRow;
import org.m2ib.results.FhirSamples;
import org.m2ib.results.fhir.FhirAgreementReport;

class QualityResourceTest {
  private static final List<MediaType> ANY = List.of(MediaType.WILDCARD_TYPE);
  private static final List<MediaType> CSV = List.of(MediaType.valueOf("text/csv"));

  @TempDir Path folder;
  private final Database database = TestDatabase.h2();
  private final MadeQuality made = new MadeQuality(database);
  private QualityResource resource;

  @BeforeEach
  void open() {
    Clock clock = Clock.systemUTC();
    resource =
        new QualityResource(
            new Quality(
                database,
                new QualityIndex(
                    database,
                    new Blobs(folder),
                    new CaseStore(database, clock),
                    TestArrivals.store(database, clock),
                    new ResultStore(database),
                    Duration.ofMinutes(1)),
                new JudgementStore(database, clock),
                Schemes.usual(),
                clock),
            FhirSamples.settings(),
            clock);
  }

  private static QualityParameters parameters(String name, String value) {
    QualityParameters parameters = new QualityParameters();
    BiConsumer<String, String> set =
        (field, text) -> {
          try {
            QualityParameters.class.getDeclaredField(field).set(parameters, text);
          } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
          }
        };
    if (name != null) {
      set.accept(name, value);
    }
    return parameters;
  }

  private static QualityParameters none() {
    return parameters(null, null);
  }

  @Test
  void theOverviewSaysWhatThereIsAndTheReference() {
    made.result("2026-01-05", m -> m.device = "");
    JsonNode overview = json(resource.overview(none()));
    assertThat(overview.get("results").asInt()).isEqualTo(1);
    assertThat(overview.get("devices").asBoolean()).isFalse();
    assertThat(overview.get("judged").asInt()).isZero();
    assertThat(overview.get("models").get(0).asText()).isEqualTo("default");
    assertThat(overview.get("figures")).hasSize(QualityFigure.values().length);
    assertThat(overview.get("few").asInt()).isEqualTo(5);
    assertThat(overview.at("/reference/stated").asBoolean()).isFalse();
    assertThat(
            json(resource.overview(parameters("referenceFrom", "2026-01-01")))
                .at("/reference/stated")
                .asBoolean())
        .isTrue();
  }

  @Test
  void aFigureIsJsonOrATableWithoutFormulas() {
    made.result("2026-01-05", m -> m.device = "=1+1");
    JsonNode figure = json(resource.figure("maps", none(), ANY));
    assertThat(figure.get("figure").asText()).isEqualTo("maps");
    assertThat(figure.at("/rows/0/group").asText()).isEqualTo("=1+1");
    assertThat(figure.at("/rows/0/small").asBoolean()).isTrue();
    Response table = resource.figure("maps", none(), CSV);
    assertThat(table.getMediaType().toString()).isEqualTo("text/csv;charset=utf-8");
    assertThat(table.getHeaderString(HttpHeaders.CONTENT_DISPOSITION))
        .isEqualTo("attachment; filename=\"quality-maps.csv\"");
    assertThat(((String) table.getEntity()).lines())
        .startsWith(
            "measure,by,group,cases,n,count,value,low,high,byChance,up,down,verdict,small",
            "on-text,device,'=1+1,1,1,,0.05,,,,,,,true");
  }

  @Test
  void agreementIsAMeasureReportToo() {
    List<MediaType> fhir = List.of(MediaType.valueOf("application/fhir+json"));
    made.result("2026-01-05", m -> {});
    Response answer = resource.figure("agreement", none(), fhir);
    assertThat(answer.getMediaType().toString()).isEqualTo("application/fhir+json");
    assertThat((String) answer.getEntity()).contains("MeasureReport", "Measure/agreement");
    assertProblem(() -> resource.figure("maps", none(), fhir), 406, "Accept: a figure is");
  }

  @Test
  void theShareOfAllIsThatOfTheModelsTogether() {
    Proportion share = Proportion.of(3, 4);
    FhirAgreementReport.Asked asked =
        QualityAnswers.asked(
                List.of(
                    row("standard.finding", "model", "a", 3, 4),
                    row("standard.finding", "model", "b", 0, 1),
                    row("standard.finding", "finding", "", 3, 4)))
            .get(0);
    assertThat(asked.scheme() + " " + asked.code()).isEqualTo("standard finding");
    assertThat(asked.all()).isEqualTo(Proportion.of(3, 5));
    assertThat(asked.by().get("finding")).containsEntry("not known", share);
  }

  private static QualityRow row(String measure, String by, String group, long count, long n) {
    return new QualityRow(
        measure, by, group, n, n, count, null, null, null, null, null, null, "", true);
  }

  @Test
  void everyFigureIsAnsweredInBothForms() {
    made.result("2026-01-05", m -> {});
    for (String figure : QualityFigure.codes()) {
      assertThat(json(resource.figure(figure, none(), ANY)).get("rows").isArray()).isTrue();
      assertThat((String) resource.figure(figure, none(), CSV).getEntity())
          .startsWith("measure,by,group");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "from, yesterday, from: must be a date as YYYY-MM-DD",
    "to, 20260105, to: must be a date as YYYY-MM-DD",
    "referenceFrom, 2026-13-01, referenceFrom: must be a date",
    "referenceTo, x, referenceTo: must be a date",
    "step, day, step: must be month or week",
  })
  void aParameterThatIsNotAllowedIsNamed(String name, String value, String message) {
    QualityParameters wrong = parameters(name, value);
    assertProblem(() -> resource.overview(wrong), 400, message);
    assertProblem(() -> resource.figure("maps", wrong, ANY), 400, message);
    assertProblem(() -> resource.cases("maps", wrong, "on-text", "device", "x"), 400, message);
  }

  @Test
  void textsAreLimitedAndTimesAreInOrder() {
    for (String name : List.of("model", "modality", "sender")) {
      assertProblem(
          () -> resource.figure("maps", parameters(name, "x".repeat(501)), ANY),
          400,
          name + ": at most 500 characters");
      assertProblem(
          () -> resource.figure("maps", parameters(name, "x\u0000"), ANY),
          400,
          name + ": has a control character");
    }
    QualityParameters turned = parameters("from", "2026-02-01");
    turned.to = "2026-01-01";
    assertProblem(() -> resource.overview(turned), 400, "to: must not be before from");
    QualityParameters reference = parameters("referenceFrom", "2026-02-01");
    reference.referenceTo = "2026-01-01";
    assertProblem(
        () -> resource.overview(reference), 400, "referenceTo: must not be before referenceFrom");
  }

  @Test
  void anUnknownFigureAndFormAreRefused() {
    assertProblem(() -> resource.figure("beauty", none(), ANY), 404, "the figures are [agreement");
    assertProblem(
        () -> resource.cases("beauty", none(), "m", "device", ""), 404, "the figures are");
    assertProblem(
        () -> resource.figure("maps", none(), List.of(MediaType.valueOf("image/png"))),
        406,
        "Accept");
  }

  @Test
  void theCasesOfARowHavePagesAndNoNames() {
    String id = made.result("2026-01-05", m -> m.device = "").caseId().toString();
    made.result("2026-01-06", m -> m.device = "Other");
    JsonNode found = json(resource.cases("maps", none(), "on-text", "device", null));
    assertThat(found.get("more").asBoolean()).isFalse();
    assertThat(found.get("cases")).hasSize(1);
    assertThat(found.at("/cases/0/page").asText()).isEqualTo("/cases/" + id);
    assertThat(found.at("/cases/0").fieldNames())
        .toIterable()
        .containsExactly("id", "receivedDay", "modality", "results", "page");
    assertProblem(
        () -> resource.cases("maps", none(), null, "device", "x"), 400, "measure, by: required");
    assertProblem(
        () -> resource.cases("maps", none(), "on-text", "colour", "x"), 400, "by: must be one of");
  }

  @Test
  void manyCasesAreListedInPart() {
    for (int i = 0; i <= QualityResource.MOST_CASES; i++) {
      made.result("2026-01-05", m -> {});
    }
    JsonNode found = json(resource.cases("maps", none(), "on-text", "device", "Acme One"));
    assertThat(found.get("more").asBoolean()).isTrue();
    assertThat(found.get("cases")).hasSize(QualityResource.MOST_CASES);
  }
}
