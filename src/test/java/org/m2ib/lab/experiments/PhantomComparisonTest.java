package org.m2ib.lab.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.lab.phantom.Finding;
import org.m2ib.lab.phantom.FindingType;
import org.m2ib.lab.phantom.PhantomSide;
import org.m2ib.lab.phantom.Statement;
import org.m2ib.lab.phantom.Zone;
import org.m2ib.lab.report.Markdown;
import org.m2ib.lab.report.Tables;
import org.m2ib.lab.statistics.Comparison;
import org.m2ib.lab.statistics.Interval;
import org.m2ib.lab.statistics.Scored;
import org.m2ib.metrics.Localisation;

class PhantomComparisonTest {
  private static final Statement LEFT_NODULE =
      new Statement(new Finding(FindingType.NODULE, PhantomSide.LEFT, Zone.NONE), false);

  /** Two nodules in one phantom's stead, an oedema in another's, nothing in a third's. */
  private static final Comparison PHANTOMS =
      PhantomComparison.of(
          List.of(
              new PhantomResult(
                  1,
                  Stream.of(
                          finding("1/1", FindingType.NODULE, true, 0.9, false, 0.4, 1.0),
                          finding("1/2", FindingType.NODULE, false, 0.6, true, 0.5, 0.5))
                      .flatMap(List::stream)
                      .toList(),
                  List.of(
                      said(FindingType.NODULE, false, true, 0.5f),
                      new StatementResult(LEFT_NODULE, true, 0.9f))),
              new PhantomResult(
                  2,
                  finding("2/1", FindingType.OEDEMA, true, 0.9, false, 0.7, null),
                  List.of(
                      said(FindingType.NODULE, false, false, 0.2f),
                      said(FindingType.NODULE, false, false, 0.7f),
                      new StatementResult(LEFT_NODULE, false, 0.1f),
                      said(FindingType.OEDEMA, true, true, 0.3f))),
              new PhantomResult(
                  3, List.of(), List.of(said(FindingType.OEDEMA, true, false, 0.3f)))),
          9);

  @Test
  void aRowHasTheMeansOfItsFindings() {
    assertThat(sentence("nodule").examples()).isEqualTo(2);
    assertThat(value("nodule", PhantomComparison.SENTENCE, Localisation.POINTING)).isEqualTo(0.5);
    assertThat(value("nodule", PhantomComparison.ANOTHER, Localisation.POINTING)).isEqualTo(0.5);
    assertThat(gain("nodule", Localisation.POINTING).value()).isZero();
    assertThat(value("nodule", PhantomComparison.SENTENCE, Localisation.AUC)).isEqualTo(0.75);
    assertThat(value("nodule", PhantomComparison.ANOTHER, Localisation.AUC)).isEqualTo(0.45);
    assertThat(gain("nodule", Localisation.AUC).value()).isCloseTo(0.3, within(1e-12));
    assertThat(value("nodule", PhantomComparison.RANDOM, Localisation.AUC)).isEqualTo(0.5);
    assertThat(value("nodule", PhantomComparison.SENTENCE, PhantomComparison.SIDE)).isEqualTo(0.75);
  }

  @Test
  void allFindingsCountAlike() {
    assertThat(sentence("all").examples()).isEqualTo(3);
    assertThat(value("all", PhantomComparison.SENTENCE, Localisation.POINTING))
        .isCloseTo(2 / 3.0, within(1e-12));
    assertThat(value("all", PhantomComparison.SENTENCE, Localisation.AUC))
        .isCloseTo(0.8, within(1e-12));
    assertThat(value("all", PhantomComparison.SENTENCE, PhantomComparison.SIDE)).isEqualTo(0.75);
  }

  @Test
  void theAreasCompareImagesForOneStatementAndAreAveragedOverStatements() {
    // a nodule: one of two pairs is right; a left nodule: its only pair is
    assertThat(value("nodule", PhantomComparison.SENTENCE, PhantomComparison.PAIR_AUC))
        .isEqualTo(0.75);
    assertThat(value("all", PhantomComparison.SENTENCE, PhantomComparison.PAIR_AUC))
        .isEqualTo(0.75);
    assertThat(value("oedema", PhantomComparison.SENTENCE, PhantomComparison.DENIED_AUC))
        .isEqualTo(0.5);
    assertThat(sentence("nodule").figures()).doesNotContainKey(PhantomComparison.DENIED_AUC);
  }

  @Test
  void aTypeThatDidNotOccurHasARowWithoutFiguresAndAFindingWithoutASideNoneOfSides() {
    assertThat(sentence("catheter").examples()).isZero();
    assertThat(sentence("catheter").figures()).isEmpty();
    assertThat(sentence("oedema").figures()).doesNotContainKey(PhantomComparison.SIDE);
  }

  @Test
  void aReaderSeesPercentAndAreasWithTheirIntervals() {
    Interval auc = sentence("nodule").figures().get(Localisation.AUC);
    assertThat(auc.low()).isEqualTo(0.75).isEqualTo(auc.high()); // all of them in one phantom
    assertThat(Markdown.ofPhantoms(PHANTOMS))
        .contains("| oedema | 1 | 100.0 (100.0 to 100.0) | 0.0 (0.0 to 0.0) |")
        .contains("| nodule | 2 | 0.750 (0.750 to 0.750) | 0.450 (0.450 to 0.450) |")
        .contains("| oedema | 1 |  |  | 0.500 (0.500 to 0.500) |")
        .contains("| catheter | 0 |  |  |  |  |  |");
  }

  @Test
  void aProgramReadsTheSameFigures(@TempDir Path folder) throws IOException {
    Tables.writeJson(folder.resolve("t.json"), Map.of("seed", 9), PHANTOMS);
    JsonNode json = new ObjectMapper().readTree(Files.readString(folder.resolve("t.json")));
    assertThat(json.path("notice").asText()).contains("Not a diagnostic device");
    assertThat(json.path("seed").asInt()).isEqualTo(9);
    assertThat(json.path("rows").path(0).path("category").asText()).isEqualTo("all");
    Tables.writeCsv(folder.resolve("t.csv"), PHANTOMS);
    assertThat(Files.readAllLines(folder.resolve("t.csv")))
        .anyMatch(line -> line.startsWith("nodule,its sentence,2,pixel AUC,0.75,0.75,0.75,"));
  }

  private static Comparison.Row sentence(String category) {
    return PHANTOMS.row(category, PhantomComparison.SENTENCE).orElseThrow();
  }

  private static double value(String category, String method, String figure) {
    return PHANTOMS.row(category, method).orElseThrow().figures().get(figure).value();
  }

  private static Interval gain(String category, String figure) {
    return sentence(category).against().get(figure).difference();
  }

  private static List<Scored> finding(
      String id,
      FindingType type,
      boolean hit,
      double auc,
      boolean anotherHit,
      double another,
      Double side) {
    Scored own = scored(id, type, PhantomComparison.SENTENCE, hit, auc);
    Map<String, Double> figures = new HashMap<>(own.figures());
    if (side != null) {
      figures.put(PhantomComparison.SIDE, side);
    }
    return List.of(
        new Scored(id, own.imageId(), own.category(), own.method(), figures),
        scored(id, type, PhantomComparison.ANOTHER, anotherHit, another),
        scored(id, type, PhantomComparison.RANDOM, false, 0.5),
        scored(id, type, PhantomComparison.CENTRE, false, 0.5));
  }

  private static Scored scored(
      String id, FindingType type, String method, boolean hit, double auc) {
    return new Scored(
        id,
        id.substring(0, 1),
        PhantomComparison.category(type),
        method,
        Map.of(Localisation.POINTING, hit ? 1.0 : 0.0, Localisation.AUC, auc));
  }

  private static StatementResult said(
      FindingType type, boolean denied, boolean holds, float similarity) {
    return new StatementResult(
        new Statement(new Finding(type, PhantomSide.NONE, Zone.NONE), denied), holds, similarity);
  }
}
