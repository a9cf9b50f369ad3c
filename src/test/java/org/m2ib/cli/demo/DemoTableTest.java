package org.m2ib.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.m2ib.attribution.Attribution;
import org.m2ib.cases.StudyKey;
import org.m2ib.clip.ModelCard;
import org.m2ib.lab.phantom.Encoding;
import org.m2ib.lab.phantom.FindingPlanes;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomImage;
import org.m2ib.lab.phantom.PhantomSentence;
import org.m2ib.results.MadeResults;
import org.m2ib.results.MapLocation;
import org.m2ib.results.SentenceResult;

class DemoTableTest {
  private static final int GRID = 14;

  private static List<Phantom.Located> truth(DemoStudy study) {
    return FindingPlanes.read(PhantomImage.of(study.phantom(), Encoding.of(0)));
  }

  /** Hottest in the patch at this pixel of the image. */
  private static SentenceResult result(Phantom phantom, String text, int pixel) {
    int size = phantom.size();
    double[][] bits = new double[GRID][GRID];
    bits[pixel / size * GRID / size][pixel % size * GRID / size] = 1;
    return result(phantom, text, bits);
  }

  private static SentenceResult result(Phantom phantom, String text, double[][] bits) {
    int size = phantom.size();
    Attribution attribution = MadeResults.attribution(bits);
    SentenceResult.Image image =
        new SentenceResult.Image(
            "1.2",
            "1.2.3",
            "1.2.4",
            1,
            1,
            "DX",
            null,
            "L\\F",
            MadeResults.whole(size, size),
            "0",
            "0");
    return new SentenceResult(
        new StudyKey("1.2.3", "A1", null, null, "P1", null),
        new SentenceResult.Report("R1", "0f"),
        image,
        new org.m2ib.report.Sentence(0, "findings", text, 0, text.length()),
        1,
        attribution,
        MapLocation.of(attribution.scaled(), image.geometry(), image.patientOrientation()),
        new ModelCard("tiny-clip", "1", "", "ab".repeat(32), ""),
        Instant.EPOCH);
  }

  private static int first(boolean[] mask) {
    int i = 0;
    while (!mask[i]) {
      i++;
    }
    return i;
  }

  /** Every sentence's map at the first finding's first pixel. */
  private static List<SentenceResult> atTheFirstFinding(DemoStudy study) {
    List<SentenceResult> results = new ArrayList<>();
    for (PhantomSentence sentence : study.report().sentences()) {
      int pixel = first(truth(study).get(0).mask());
      results.add(result(study.phantom(), sentence.text(), pixel));
    }
    return results;
  }

  private static List<String> lines(DemoStudy study, List<SentenceResult> results) {
    StringWriter out = new StringWriter();
    new DemoTable(study, truth(study)).print(results, new PrintWriter(out, true));
    return out.toString().lines().filter(line -> !line.isBlank()).toList();
  }

  @Test
  void theDemoHasATrueReportAWrongSideAndADeniedFinding() {
    List<DemoStudy> studies = DemoStudy.all();
    assertThat(studies)
        .extracting(DemoStudy::name)
        .containsExactly("study-1", "study-2", "study-3");
    assertThat(studies.get(0).report().sentences())
        .allMatch(s -> studies.get(0).phantom().shows(s.statement()));
    assertThat(studies.get(0).said()).isNull();
    for (DemoStudy study : studies.subList(1, 3)) {
      assertThat(study.report().findings()).contains(study.said());
      assertThat(study.phantom().shows(study.said().statement())).isFalse();
      assertThat(study.phantom().shows(study.instead().statement())).isTrue();
    }
    assertThat(studies.get(1).said().mirrored()).isEqualTo(studies.get(1).instead());
    assertThat(studies.get(2).said().statement().denied()).isTrue();
  }

  @Test
  void theTableSaysWhereTheFindingIsAndWhetherTheMapHitsIt() {
    DemoStudy study = DemoStudy.all().get(0);
    List<String> lines = lines(study, atTheFirstFinding(study));
    assertThat(lines.get(0)).isEqualTo("study-1: a correct report");
    assertThat(lines.get(2))
        .matches(" +1 +0\\.300 +right upper +nodule, right upper zone +hit +.+\\.");
    assertThat(lines.get(3)).matches(" +2 +0\\.300 +right upper +pleural effusion, left +miss .+");
    List<PhantomSentence> said = study.report().sentences();
    for (int i = 0; i < said.size(); i++) {
      assertThat(lines.get(2 + i)).endsWith(said.get(i).text()).startsWith(" ");
      if (said.get(i).statement().denied()) {
        assertThat(lines.get(2 + i)).contains(" absent ").doesNotContain("hit", "miss");
      }
    }
  }

  @Test
  void aFlatMapPointsNowhereAndMisses() {
    DemoStudy study = DemoStudy.all().get(0);
    String text = study.report().sentences().get(0).text();
    SentenceResult flat = result(study.phantom(), text, new double[GRID][GRID]);
    assertThat(lines(study, List.of(flat)).get(2)).contains(" nowhere ", " miss ");
  }

  @Test
  void whatIsFalseIsMarkedAndJudgedByTheTrueFindingsMask() {
    for (DemoStudy study : DemoStudy.all().subList(1, 3)) {
      List<SentenceResult> results = atTheFirstFinding(study);
      assertThat(lines(study, results).get(2)).startsWith("!  1 ").contains(" hit ");
      DemoTable table = new DemoTable(study, truth(study));
      assertThat(table.wrong(results)).contains(results.get(0));
      assertThat(table.hits(results.get(0))).isTrue();
      assertThat(table.hits(result(study.phantom(), study.said().text(), 0))).isFalse();
    }
    DemoStudy right = DemoStudy.all().get(0);
    assertThat(new DemoTable(right, truth(right)).wrong(atTheFirstFinding(right))).isEmpty();
  }

  @Test
  void theAuditsWordsFollowTheFigures() {
    DemoStudy side = DemoStudy.all().get(1);
    SentenceResult result = atTheFirstFinding(side).get(0);
    assertThat(DemoAudit.words(side, result, 0.5, true))
        .startsWith("study-2 says \"" + side.said().text() + "\" The other side is right: ")
        .contains("similarity 0.300, compared with 0.500 for the other side. The")
        .contains("The model agrees with the image")
        .endsWith("maximum lies on the consolidation, left middle zone, which is present.");
    assertThat(DemoAudit.words(side, result, 0.1, false))
        .contains("compared with 0.100", "The model does not notice it", "lies beside the");
    DemoStudy denied = DemoStudy.all().get(2);
    assertThat(DemoAudit.words(denied, result, 0.5, true))
        .contains("It is present: ", "compared with 0.500 for \"" + denied.instead().text() + "\"");
  }
}
