package org.m2ib.lab.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.lab.report.Markdown;
import org.m2ib.lab.report.Tables;

class ComparisonTest {
  private static final int IMAGES = 30;
  private static final List<Scored> SCORED = scored();
  private static final Comparison COMPARISON = Comparison.of(SCORED, "good", 4);

  @Test
  void allExamplesComeFirstThenTheCategoriesByName() {
    assertThat(COMPARISON.rows())
        .extracting(row -> row.category() + "/" + row.method() + "/" + row.examples())
        .containsExactly(
            "all/good/60",
            "all/bad/60",
            "all/twin/59",
            "effusion/good/30",
            "effusion/bad/30",
            "effusion/twin/30",
            "nodule/good/30",
            "nodule/bad/30",
            "nodule/twin/29");
    assertThat(COMPARISON.figures()).containsExactly("AUC", "rare");
  }

  @Test
  void aFigureIsTheMeanOverExamplesThatHaveIt() {
    double auc =
        SCORED.stream()
            .filter(s -> s.method().equals("bad") && s.category().equals("nodule"))
            .mapToDouble(s -> s.figures().get("AUC"))
            .average()
            .orElseThrow();
    assertThat(row("nodule", "bad").figures().get("AUC").value()).isCloseTo(auc, within(1e-12));
    assertThat(row("all", "good").figures().get("rare")).isEqualTo(new Interval(7, 7, 7));
    assertThat(row("effusion", "good").figures()).containsOnlyKeys("AUC");
  }

  @Test
  void aWorseMethodIsBelowTheReferenceAndATwinIsNot() {
    Paired bad = row("all", "bad").against().get("AUC");
    assertThat(bad.pairs()).isEqualTo(60);
    assertThat(bad.direction()).isEqualTo(-1);
    assertThat(bad.difference().value())
        .isCloseTo(
            row("all", "bad").figures().get("AUC").value()
                - row("all", "good").figures().get("AUC").value(),
            within(1e-12));
    assertThat(bad.difference().high()).isNegative();
    Paired twin = row("all", "twin").against().get("AUC");
    assertThat(twin.pairs()).isEqualTo(59);
    assertThat(twin.direction()).isZero();
    assertThat(row("all", "good").against()).isEmpty();
  }

  @Test
  void theFamilyOfACorrectionIsTheOtherMethodsOnOneFigure() {
    Paired bad = row("all", "bad").against().get("AUC");
    Paired twin = row("all", "twin").against().get("AUC");
    assertThat(bad.p()).isLessThan(twin.p());
    assertThat(bad.adjusted()).isCloseTo(2 * bad.p(), within(1e-15));
    assertThat(twin.adjusted()).isEqualTo(twin.p());
  }

  @Test
  void theOrderOfExamplesChangesNothing() {
    List<Scored> shuffled = new ArrayList<>(SCORED);
    Collections.shuffle(shuffled, new Random(1));
    Comparison again = Comparison.of(shuffled, "good", 4);
    for (Comparison.Row row : COMPARISON.rows()) {
      Interval auc = row.figures().get("AUC");
      Interval other = row(again, row.category(), row.method()).figures().get("AUC");
      assertThat(other.value()).isCloseTo(auc.value(), within(1e-12));
      assertThat(other.low()).isCloseTo(auc.low(), within(1e-12));
      assertThat(other.high()).isCloseTo(auc.high(), within(1e-12));
    }
  }

  @Test
  void aReaderSeesEachMethodsFiguresAndWhoIsCertainlyBelow() {
    String text = Markdown.of(COMPARISON, List.of("AUC", "rare"));
    assertThat(text)
        .startsWith("all:\n\n| method | n | AUC | rare |\n|---|---|---|---|\n| good | 60 | 0.")
        .contains("\nnodule:\n\n| method | n | AUC | rare |")
        .contains("| 7.000 (7.000 to 7.000) |")
        .contains("lower than good on the same examples")
        .contains("Not a diagnostic device. Not for diagnostic use.");
    List<String> marked = text.lines().filter(l -> l.startsWith("|") && l.contains("↓")).toList();
    assertThat(marked).hasSize(3).allMatch(line -> line.startsWith("| bad |"));
    assertThat(text.lines().filter(line -> line.startsWith("| bad |")))
        .allMatch(line -> line.endsWith(" ↓ |  |"));
  }

  @Test
  void aBarInANameDoesNotEndItsCell() {
    Comparison one =
        Comparison.of(List.of(new Scored("1", "1", "a|b", "m|n", Map.of("f|g", 1.0))), "m|n", 1);
    assertThat(Markdown.of(one, List.of("f|g")))
        .contains("a\\|b:", "| method | n | f\\|g |", "| m\\|n | 1 | 1.000 (1.000 to 1.000) |");
  }

  @Test
  void aProgramReadsTheSameFigures(@TempDir Path folder) throws IOException {
    Tables.writeJson(folder.resolve("t.json"), Map.of("seed", 4), COMPARISON);
    JsonNode json = new ObjectMapper().readTree(Files.readString(folder.resolve("t.json")));
    assertThat(json.path("notice").asText()).contains("Not a diagnostic device");
    assertThat(json.path("seed").asInt()).isEqualTo(4);
    assertThat(json.path("reference").asText()).isEqualTo("good");
    JsonNode bad = json.path("rows").path(1);
    assertThat(bad.path("method").asText()).isEqualTo("bad");
    Paired paired = row("all", "bad").against().get("AUC");
    assertThat(bad.path("against").path("AUC").path("adjusted").asDouble())
        .isEqualTo(paired.adjusted());
    Tables.writeCsv(folder.resolve("t.csv"), COMPARISON);
    List<String> lines = Files.readAllLines(folder.resolve("t.csv"));
    int columns = lines.get(0).split(",").length;
    assertThat(lines.get(0)).startsWith("category,method,n,figure,value").endsWith(",notice");
    assertThat(lines).allSatisfy(l -> assertThat(l.split(",", -1)).hasSize(columns));
    assertThat(lines)
        .anyMatch(
            line ->
                line.startsWith("all,bad,60,AUC,")
                    && line.contains("," + paired.p() + "," + paired.adjusted() + ","))
        .anyMatch(line -> line.startsWith("all,good,60,rare,7.0,7.0,7.0,,,,,,,Not a"));
  }

  @Test
  void quotesInANameAreDoubled(@TempDir Path folder) throws IOException {
    Comparison one =
        Comparison.of(
            List.of(new Scored("1", "1", "a", "the \"m\"", Map.of("f", 1.0))), "the \"m\"", 1);
    Tables.writeCsv(folder.resolve("t.csv"), one);
    assertThat(Files.readString(folder.resolve("t.csv"))).contains(",\"the \"\"m\"\"\",1,");
  }

  @Test
  void anExampleTwiceOrAReferenceWithoutExamplesIsRefused() {
    Scored one = new Scored("e1", "1", "a", "m", Map.of("f", 1.0));
    assertThatThrownBy(() -> Comparison.of(List.of(one, one), "m", 1))
        .hasMessage("method m has example e1 twice");
    assertThatThrownBy(() -> Comparison.of(List.of(one), "other", 1))
        .hasMessage("the reference method other has no example");
  }

  /** Two examples an image; "bad" is 0.2 worse, "twin" the same but for noise, and lacks one. */
  private static List<Scored> scored() {
    Random random = new Random(8);
    List<Scored> scored = new ArrayList<>();
    for (int i = 0; i < 2 * IMAGES; i++) {
      String category = i % 2 == 0 ? "nodule" : "effusion";
      double ease = random.nextDouble() / 4;
      double rare = i == 0 ? 7 : Double.NaN;
      scored.add(
          scored(i, category, "good", new TreeMap<>(Map.of("AUC", 0.6 + ease, "rare", rare))));
      double worse = 0.4 + ease + random.nextDouble() / 20;
      scored.add(scored(i, category, "bad", Map.of("AUC", worse)));
      if (i != 2) {
        double noise = (random.nextDouble() - 0.5) / 20;
        scored.add(scored(i, category, "twin", Map.of("AUC", 0.6 + ease + noise)));
      }
    }
    return scored;
  }

  private static Scored scored(int i, String category, String method, Map<String, Double> figures) {
    return new Scored("example " + i, "image " + i / 2, category, method, figures);
  }

  private static Comparison.Row row(String category, String method) {
    return row(COMPARISON, category, method);
  }

  private static Comparison.Row row(Comparison comparison, String category, String method) {
    return comparison.rows().stream()
        .filter(r -> r.category().equals(category) && r.method().equals(method))
        .findFirst()
        .orElseThrow();
  }
}
