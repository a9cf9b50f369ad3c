package org.m2ib.lab.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.lab.phantom.Finding;
import org.m2ib.lab.phantom.FindingType;
import org.m2ib.lab.phantom.PhantomSide;
import org.m2ib.lab.phantom.Statement;
import org.m2ib.lab.phantom.Zone;
import org.m2ib.lab.report.Markdown;
import org.m2ib.lab.report.Tables;
import org.m2ib.lab.statistics.Interval;
import org.m2ib.metrics.MapScore;

class TableTest {
  private static final Statement LEFT_NODULE =
      new Statement(new Finding(FindingType.NODULE, PhantomSide.LEFT, Zone.NONE), false);
  private static final MapScore MISS = new MapScore(false, 0.5);

  /** Two nodules in one phantom's stead, an oedema in another's, nothing in a third's. */
  private static final Table TABLE =
      Table.of(
          List.of(
              new PhantomResult(
                  1,
                  List.of(
                      finding(FindingType.NODULE, true, 0.9, false, 0.4, 1.0),
                      finding(FindingType.NODULE, false, 0.6, true, 0.5, 0.5)),
                  List.of(
                      said(FindingType.NODULE, false, true, 0.5f),
                      new StatementResult(LEFT_NODULE, true, 0.9f))),
              new PhantomResult(
                  2,
                  List.of(finding(FindingType.OEDEMA, true, 0.9, false, 0.7, null)),
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
    Table.Row nodule = row("nodule");
    assertThat(nodule.findings()).isEqualTo(2);
    assertThat(value(nodule, Figure.POINTING)).isEqualTo(0.5);
    assertThat(value(nodule, Figure.POINTING_ANOTHER)).isEqualTo(0.5);
    assertThat(value(nodule, Figure.POINTING_GAIN)).isZero();
    assertThat(value(nodule, Figure.AUC)).isEqualTo(0.75);
    assertThat(value(nodule, Figure.AUC_ANOTHER)).isEqualTo(0.45);
    assertThat(value(nodule, Figure.AUC_GAIN)).isCloseTo(0.3, within(1e-12));
    assertThat(value(nodule, Figure.AUC_RANDOM)).isEqualTo(0.5);
    assertThat(value(nodule, Figure.SIDE)).isEqualTo(0.75);
  }

  @Test
  void theLastRowIsOverAllFindings() {
    assertThat(TABLE.phantoms()).isEqualTo(3);
    assertThat(TABLE.all().name()).isEqualTo("all");
    assertThat(TABLE.all().findings()).isEqualTo(3);
    assertThat(value(TABLE.all(), Figure.POINTING)).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(value(TABLE.all(), Figure.AUC)).isCloseTo(0.8, within(1e-12));
    assertThat(value(TABLE.all(), Figure.SIDE)).isEqualTo(0.75);
  }

  @Test
  void theAreasCompareImagesForOneStatementAndAreAveragedOverStatements() {
    // a nodule: one of two pairs is right; a left nodule: its only pair is
    assertThat(value(row("nodule"), Figure.PAIR_AUC)).isEqualTo(0.75);
    assertThat(value(TABLE.all(), Figure.PAIR_AUC)).isEqualTo(0.75);
    assertThat(value(row("oedema"), Figure.DENIED_AUC)).isEqualTo(0.5);
    assertThat(row("nodule").figures()).doesNotContainKey(Figure.DENIED_AUC);
  }

  @Test
  void aTypeThatDidNotOccurHasARowWithoutFiguresAndAFindingWithoutASideNoneOfSides() {
    assertThat(row("catheter").findings()).isZero();
    assertThat(row("catheter").figures()).isEmpty();
    assertThat(row("oedema").figures()).doesNotContainKey(Figure.SIDE);
    assertThat(TABLE.types()).extracting(Table.Row::name).containsExactly("nodule", "oedema");
    assertThat(TABLE.rows()).hasSize(FindingType.values().length + 1);
  }

  @Test
  void aReaderSeesPercentAndAreasWithTheirIntervals() {
    Interval auc = row("nodule").figures().get(Figure.AUC);
    assertThat(auc.low()).isEqualTo(0.75).isEqualTo(auc.high()); // all of them in one phantom
    assertThat(Markdown.of(TABLE))
        .contains("| oedema | 1 | 100.0 (100.0 to 100.0) | 0.0 (0.0 to 0.0) |")
        .contains("| nodule | 2 | 0.750 (0.750 to 0.750) | 0.450 (0.450 to 0.450) |")
        .contains("| oedema | 1 |  |  | 0.500 (0.500 to 0.500) |")
        .contains("| catheter | 0 |  |  |  |  |  |");
  }

  @Test
  void aProgramReadsTheSameFigures(@TempDir Path folder) throws IOException {
    Tables.writeJson(folder.resolve("t.json"), Map.of("seed", 9), TABLE);
    JsonNode json = new ObjectMapper().readTree(Files.readString(folder.resolve("t.json")));
    assertThat(json.path("notice").asText()).contains("Not a diagnostic device");
    assertThat(json.path("seed").asInt()).isEqualTo(9);
    assertThat(json.path("rows").path(1).path("name").asText()).isEqualTo("nodule");
    assertThat(json.path("rows").path(1).path("figures").path("AUC").path("value").asDouble())
        .isEqualTo(0.75);
    assertThat(json.path("targets").path(0).path("met").isBoolean()).isTrue();
    Tables.writeCsv(folder.resolve("t.csv"), TABLE);
    assertThat(Files.readAllLines(folder.resolve("t.csv")))
        .contains("finding,n,figure,value,low,high,notice")
        .anyMatch(line -> line.startsWith("nodule,2,AUC,0.75,0.75,0.75,\"Phantoms"));
  }

  private static Table.Row row(String name) {
    return TABLE.rows().stream().filter(r -> r.name().equals(name)).findFirst().orElseThrow();
  }

  private static double value(Table.Row row, Figure figure) {
    return row.figures().get(figure).value();
  }

  private static FindingResult finding(
      FindingType type, boolean hit, double auc, boolean anotherHit, double another, Double side) {
    return new FindingResult(
        new Finding(type, PhantomSide.NONE, Zone.NONE),
        "",
        new MapScore(hit, auc),
        new MapScore(anotherHit, another),
        MISS,
        MISS,
        side);
  }

  private static StatementResult said(
      FindingType type, boolean denied, boolean holds, float similarity) {
    return new StatementResult(
        new Statement(new Finding(type, PhantomSide.NONE, Zone.NONE), denied), holds, similarity);
  }
}
