package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.m2ib.boot.DeploymentTest;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseState.Event;
import org.m2ib.cases.ReceivedInstance;
import org.m2ib.cases.StoredResult;
import org.m2ib.results.ResultJson;

/** A case that changes while it is attributed, before each of the transactions of that. */
class ChangedMeanwhileTest extends DeploymentTest {
  @BeforeEach
  void start() throws Exception {
    service.start();
  }

  private interface Look {
    void at(UUID id) throws Exception;
  }

  /** Attributes cases, each changed before the next transaction, until one has no more. */
  private void atEveryPoint(Consumer<UUID> change, Look after) throws Exception {
    for (int point = 1; ; point++) {
      UUID id = service.study("PACS", null);
      int[] left = {point};
      service.beforeTransaction =
          () -> {
            if (--left[0] == 0) {
              change.accept(id);
            }
          };
      service.attribute(id);
      service.beforeTransaction = () -> {};
      if (left[0] > 0) {
        assertThat(point).as("transactions of an attribution").isGreaterThan(8);
        return;
      }
      try {
        after.at(id);
      } catch (AssertionError e) {
        throw new AssertionError("changed before transaction " + point, e);
      }
    }
  }

  private List<StoredResult> valid(UUID id) {
    return service.results.of(id).stream().filter(r -> !r.withdrawn()).toList();
  }

  private void nothingStands(UUID id) throws Exception {
    assertThat(valid(id)).isEmpty();
    for (StoredResult result : service.results.of(id)) {
      service
          .resources
          .find("Observation", result.id().toString())
          .ifPresent(o -> assertThat(o.body()).contains("\"status\":\"entered-in-error\""));
    }
  }

  private CaseState state(UUID id) {
    return service.cases.find(id).orElseThrow().state();
  }

  @Test
  void ofACancelledReportNothingStands() throws Exception {
    atEveryPoint(
        id ->
            service.database.inTransaction(
                () -> {
                  service.cancelReport(id);
                  service.cases.apply(id, Event.REPORT_CANCELLED, "the report was cancelled");
                }),
        id -> {
          withdraw();
          withdraw();
          assertThat(state(id)).isEqualTo(CaseState.CANCELLED);
          nothingStands(id);
        });
  }

  @Test
  void ofPatientsThatDisagreeNothingStands() throws Exception {
    atEveryPoint(
        id -> service.cases.apply(id, Event.MISMATCH, "patients differ"),
        id -> {
          withdraw();
          assertThat(state(id)).isEqualTo(CaseState.MISMATCHED);
          nothingStands(id);
          assertThat(service.cases.toWithdraw(10)).isEmpty();
        });
  }

  @Test
  void anAmendedReportHasItsOwnSentencesAlone() throws Exception {
    atEveryPoint(
        id ->
            service.database.inTransaction(
                () -> {
                  service.amendReport(id, "FINDINGS: Left effusion. No right effusion.");
                  service.cases.apply(id, Event.REPORT, "");
                }),
        id -> {
          service.cases.apply(id, Event.STUDY_COMPLETE, "");
          assertThat(service.attribute(id).state()).isEqualTo(CaseState.DELIVERED);
          assertThat(valid(id))
              .extracting(r -> ResultJson.read(r.body()).sentence().text())
              .containsExactly("Left effusion.", "No right effusion.");
          for (StoredResult result : service.results.of(id)) {
            if (result.withdrawn()) {
              service
                  .resources
                  .find("Observation", result.id().toString())
                  .ifPresent(o -> assertThat(o.body()).contains("entered-in-error"));
            } else {
              assertThat(service.status(result.id())).isEqualTo("final");
            }
          }
        });
  }

  @Test
  void aFurtherImageIsAttributedWithTheFirst() throws Exception {
    atEveryPoint(
        id -> imageCame(id, 2, "1.2.9.1"),
        id -> {
          allOfTheWholeStudy(id, 4);
          assertThat(valid(id).stream().map(StoredResult::imageBlob).distinct()).hasSize(2);
        });
  }

  /** Of a study of one. */
  private ReceivedInstance image(UUID id) {
    String study = service.cases.find(id).orElseThrow().study().studyInstanceUid();
    return service.arrivals.images(study).get(0).instance();
  }

  private void imageCame(UUID id, int seed, String sopInstanceUid) {
    service.database.inTransaction(
        () -> {
          service.image(id, seed, sopInstanceUid);
          service.cases.apply(id, Event.IMAGE, "");
        });
  }

  private void allOfTheWholeStudy(UUID id, int results) throws Exception {
    service.cases.apply(id, Event.STUDY_COMPLETE, "");
    assertThat(service.attribute(id).state()).isEqualTo(CaseState.DELIVERED);
    assertThat(valid(id)).hasSize(results);
    for (StoredResult result : valid(id)) {
      assertThat(service.status(result.id())).isEqualTo("final");
    }
  }

  @Test
  void ofAnImageThatIsReplacedOnlyTheNewPixelsHaveResults() throws Exception {
    atEveryPoint(
        id -> {
          imageCame(id, 2, image(id).sopInstanceUid());
        },
        id -> {
          allOfTheWholeStudy(id, 2);
          assertThat(valid(id)).extracting(StoredResult::imageBlob).containsOnly(image(id).blob());
        });
  }

  @Test
  void aCaseThatIsRedoneHasTheResultsOfTheOtherModelAlone() throws Exception {
    atEveryPoint(
        id -> redone(id),
        id -> {
          Case c = service.cases.find(id).orElseThrow();
          if (c.state() == CaseState.ATTRIBUTING) {
            service.attribute(id);
          }
          assertThat(state(id)).isEqualTo(CaseState.DELIVERED);
          assertThat(service.madeBy(id)).hasSize(2);
          if ("four".equals(c.model())) {
            assertThat(service.madeBy(id)).containsOnly(service.hash("four"));
          }
        });
  }

  /** Where it may be: only after it was published. */
  private void redone(UUID id) {
    service
        .cases
        .apply(id, Event.REDO, "")
        .ifPresent(c -> service.cases.setModel(id, c.revision(), "four"));
  }

  private void withdraw() {
    service.cases.toWithdraw(10).forEach(c -> service.publication().withdraw(c.id()));
  }
}
