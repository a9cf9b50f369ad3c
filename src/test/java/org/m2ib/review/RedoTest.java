package org.m2ib.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.m2ib.api.ApiAnswers.assertProblem;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.m2ib.boot.DeploymentTest;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.StoredResult;
import org.m2ib.delivery.Redelivery;

class RedoTest extends DeploymentTest {
  private RedeliveryResource resource;

  @BeforeEach
  void start() throws IOException {
    service.start();
    resource =
        new RedeliveryResource(
            new Redelivery(service.database, service.arrivals, service.cases, service.outbox),
            service.cases,
            service.models);
  }

  private List<StoredResult> results(UUID id, boolean withdrawn) {
    return service.results.of(id).stream().filter(r -> r.withdrawn() == withdrawn).toList();
  }

  private void redo(UUID id, String model) {
    assertThat(resource.redo(id.toString(), model, "ada").cases()).isEqualTo(1);
    Case again = service.cases.find(id).orElseThrow();
    assertThat(again.state()).isEqualTo(CaseState.ATTRIBUTING);
    assertThat(again.model()).isEqualTo(model);
    assertThat(service.attribute(id).state()).isEqualTo(CaseState.DELIVERED);
  }

  @Test
  void aCaseThatIsRedoneHasResultsOfTheOtherModelAndThoseOfBeforeAreWithdrawn() throws IOException {
    UUID id = service.study("PACS", null);
    service.attribute(id);
    List<StoredResult> before = results(id, false);
    assertThat(before).hasSize(2);

    redo(id, "four");
    assertThat(service.madeBy(id)).hasSize(2).containsOnly(service.hash("four"));
    assertThat(results(id, true)).isEqualTo(before.stream().map(StoredResult::withdraw).toList());
    assertThat(results(id, false))
        .extracting(StoredResult::id)
        .doesNotContainAnyElementsOf(before.stream().map(StoredResult::id).toList());
    SentenceAnswers.OtherModels others =
        SentenceAnswers.others(results(id, false).get(0), service.results.of(id));
    assertThat(others.maps())
        .as("to be compared with")
        .extracting(SentenceAnswers.OtherModelMap::id)
        .containsExactly(before.get(0).id());
    assertThat(service.status(before.get(0).id())).isEqualTo("entered-in-error");
    assertThat(service.status(results(id, false).get(0).id())).isEqualTo("final");
  }

  @Test
  void redoneByTheModelOfBeforeItHasTheResultsOfBeforeInNewObjects() throws IOException {
    UUID id = service.study("PACS", null);
    service.attribute(id);
    List<StoredResult> before = results(id, false);
    redo(id, "four");
    redo(id, "default");
    List<StoredResult> again = results(id, false);
    assertThat(again)
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("body", "captureBlob")
        .isEqualTo(before);
    assertThat(again)
        .as("an archive keeps no object that was rejected, so it gets new ones")
        .extracting(StoredResult::captureBlob)
        .doesNotContainAnyElementsOf(before.stream().map(StoredResult::captureBlob).toList());
    assertThat(results(id, true)).hasSize(2);
    assertThat(SentenceAnswers.others(again.get(0), service.results.of(id)).maps())
        .as("of the other model, not of its own earlier run")
        .hasSize(1)
        .noneMatch(map -> service.madeBy(id).contains(map.model().hash()));
  }

  @Test
  void whatCannotBeRedoneIsTold() throws IOException {
    UUID id = service.study("PACS", null);
    assertProblem(() -> resource.redo(id.toString(), "four", "ada"), 409, "in state ATTRIBUTING");
    service.attribute(id);
    assertProblem(() -> resource.redo(id.toString(), null, "ada"), 400, "model: required");
    assertProblem(
        () -> resource.redo(id.toString(), "five", "ada"), 404, "The models are [default, four");
    assertProblem(() -> resource.redo("12", "four", "ada"), 404, "no case with this id");
    service.cancelReport(id);
    assertProblem(() -> resource.redo(id.toString(), "four", "ada"), 409, "in state DELIVERED");
    assertThat(service.cases.find(id).orElseThrow().state()).isEqualTo(CaseState.DELIVERED);
  }
}
