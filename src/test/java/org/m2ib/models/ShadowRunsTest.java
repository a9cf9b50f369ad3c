package org.m2ib.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.m2ib.api.ApiAnswers.assertProblem;
import static org.m2ib.api.ApiAnswers.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.m2ib.attribution.Attribution;
import org.m2ib.base.Logged;
import org.m2ib.boot.DeploymentTest;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.ShadowStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.imaging.Geometry;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SentenceResult;
import org.m2ib.review.ModelsResource;

class ShadowRunsTest extends DeploymentTest {
  private static final Geometry WHOLE = new Geometry(200, 300, 112, 112, 0, 0, 112, 112);

  @BeforeEach
  void write() throws IOException {
    service.settings.put("m2ib.models.wide.shadow", "true");
  }

  private List<Attribution> made(UUID id) {
    return results(id).stream().map(SentenceResult::attribution).toList();
  }

  private List<SentenceResult> results(UUID id) {
    return service.results.of(id).stream()
        .filter(result -> !result.withdrawn())
        .map(StoredResult::body)
        .map(ResultJson::read)
        .toList();
  }

  private long blobs() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("objects"))) {
      return files.filter(Files::isRegularFile).count();
    }
  }

  /** The figures that the model makes as the active one are those that it makes in shadow. */
  @Test
  void aModelInShadowKeepsTheFiguresThatItWouldHaveMadeAndNothingElse() throws IOException {
    service.start();
    UUID id = service.study("PACS", null);
    long received = blobs();
    Case done = service.attribute(id);
    assertThat(done.state()).isEqualTo(CaseState.DELIVERED);
    assertThat(done.model()).isEqualTo("default");
    assertThat(service.madeBy(id)).hasSize(2).containsOnly(service.hash("default"));
    assertThat(blobs()).as("a capture and a picture of each sentence").isEqualTo(received + 4);
    ShadowStore.Summary summary = service.shadows.summary(service.hash("wide"));
    List<Attribution> active = made(id);

    service.models.activate("wide", "ada");
    UUID same = service.study("PACS", null);
    service.attribute(same);
    List<Attribution> own = made(same);
    assertThat(summary.n()).isEqualTo(2);
    assertThat(summary.shadow().similarity()).isCloseTo(mean(own, 0), within(1e-9));
    assertThat(summary.shadow().confidenceDrop()).isCloseTo(mean(own, 1), within(1e-9));
    assertThat(summary.shadow().confidenceIncrease()).isCloseTo(mean(own, 2), within(1e-9));
    assertThat(summary.active().similarity()).isCloseTo(mean(active, 0), within(1e-9));
    assertThat(summary.active().confidenceDrop()).isCloseTo(mean(active, 1), within(1e-9));
    assertThat(summary.rankCorrelation()).isCloseTo(meanAgreement(id, same), within(1e-9));
    assertThat(service.shadows.summary(service.hash("wide")).n())
        .as("as the default it is in no shadow")
        .isEqualTo(2);
  }

  /** Both cases are of the same study, so that their results are of the same sentences. */
  private double meanAgreement(UUID active, UUID own) {
    List<SentenceResult> actives = results(active);
    List<SentenceResult> owns = results(own);
    double sum = 0;
    for (int i = 0; i < actives.size(); i++) {
      sum +=
          ShadowRuns.agreement(
              actives.get(i).attribution().map(),
              actives.get(i).image().geometry(),
              owns.get(i).attribution().map(),
              owns.get(i).image().geometry());
    }
    return sum / actives.size();
  }

  private static double mean(List<Attribution> all, int figure) {
    return all.stream()
        .mapToDouble(
            a -> List.of(a.similarity(), a.confidenceDrop(), a.confidenceIncrease()).get(figure))
        .average()
        .orElseThrow();
  }

  @Test
  void aShadowRunsOnTheCasesThatItsRuleFitsAndTakesNone() throws IOException {
    service.settings.put("m2ib.models.wide.source-ae", "WARD");
    service.start();
    assertThat(service.models.state("wide")).isEqualTo(ModelRegistry.State.SHADOW);
    UUID other = service.study("PACS", null);
    service.attribute(other);
    assertThat(service.shadows.summary(service.hash("wide")).n()).isZero();
    UUID ward = service.study("WARD", null);
    assertThat(service.attribute(ward).model()).isEqualTo("default");
    assertThat(service.shadows.summary(service.hash("wide")).n()).isEqualTo(2);
  }

  @Test
  void aCaseThatIsDoneByTheModelInShadowItselfHasNoFiguresOfIt() throws IOException {
    service.start();
    UUID id = service.study("PACS", null);
    service.cases.setModel(id, 0, "wide");
    service.attribute(id);
    assertThat(service.madeBy(id)).hasSize(2).containsOnly(service.hash("wide"));
    assertThat(service.shadows.summary(service.hash("wide")).n()).isZero();
  }

  @Test
  void aShadowThatFailsFailsNoCase() throws Exception {
    service.start();
    try (ModelPool.InUse wide = service.models.open("wide")) {
      wide.model().methods().close(); // what is left of it cannot work
      UUID id = service.study("PACS", null);
      String log = Logged.by(ShadowRuns.class, () -> service.attribute(id));
      assertThat(log)
          .contains("case " + id + ": wide failed in shadow", "at org.m2ib.models.ShadowRuns.run")
          .doesNotContain("closed");
      assertThat(service.cases.find(id).orElseThrow().state()).isEqualTo(CaseState.DELIVERED);
      assertThat(service.shadows.summary(service.hash("wide")).n()).isZero();
    }
  }

  @Test
  void theSummaryIsReadOverTheApi() throws IOException {
    service.start();
    ModelsResource resource = new ModelsResource(service.models, service.switches, service.shadows);
    JsonNode none = json(resource.shadow("wide"));
    assertThat(none.get("n").asInt()).isZero();
    assertThat(none.at("/shadow/similarity").isNull()).isTrue();
    service.attribute(service.study("PACS", null));
    JsonNode two = json(resource.shadow("wide"));
    assertThat(two.get("n").asInt()).isEqualTo(2);
    assertThat(two.get("modelHash").asText()).isEqualTo(service.hash("wide"));
    ShadowStore.Summary kept = service.shadows.summary(service.hash("wide"));
    assertThat(two.at("/shadow/similarity").asDouble()).isEqualTo(kept.shadow().similarity());
    assertThat(two.at("/active/confidenceDrop").asDouble())
        .isEqualTo(kept.active().confidenceDrop());
    assertThat(two.get("rankCorrelation").asDouble()).isEqualTo(kept.rankCorrelation());
    assertProblem(() -> resource.shadow("five"), 404, "no such model");
    assertProblem(() -> resource.shadow("four"), 409, "off and has not been loaded");
  }

  @Test
  void mapsAgreeWhereTheyLieOnTheImageWhateverTheirGridAndCut() {
    double[][] map = new double[7][7];
    for (int i = 0; i < 49; i++) {
      map[i / 7][i % 7] = i * 37 % 49;
    }
    assertThat(ShadowRuns.agreement(map, WHOLE, map, WHOLE)).isCloseTo(1, within(1e-9));

    double[][] slope = new double[7][7];
    double[][] fine = new double[14][14];
    double[][] half = new double[7][7];
    Geometry left = new Geometry(200, 300, 112, 224, 0, 0, 112, 112); // the left half of the image
    for (int y = 0; y < 14; y++) {
      for (int x = 0; x < 14; x++) {
        slope[y / 2][x / 2] = x / 2 + 100 * (y / 2);
        fine[y][x] = (x + 0.5) / 2 - 0.5 + 100 * ((y + 0.5) / 2 - 0.5);
        half[y / 2][x / 2] = -(x / 2) - 100 * (y / 2);
      }
    }
    assertThat(ShadowRuns.agreement(slope, WHOLE, fine, WHOLE)).isCloseTo(1, within(1e-9));
    assertThat(ShadowRuns.agreement(slope, WHOLE, half, left)).isCloseTo(-1, within(1e-9));
    assertThat(ShadowRuns.agreement(slope, WHOLE, new double[7][7], WHOLE)).isNaN();
    Geometry elsewhere = new Geometry(200, 300, 112, 112, 0, 1000, 112, 112);
    assertThat(ShadowRuns.agreement(slope, WHOLE, slope, elsewhere)).isNaN();
  }
}
