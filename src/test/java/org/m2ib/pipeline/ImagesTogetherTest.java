package org.m2ib.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.m2ib.boot.DeploymentTest;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.StoredResult;

/** A study whose images share batches, {@code m2ib.engine.images}, in a whole deployment. */
class ImagesTogetherTest extends DeploymentTest {
  private static final Duration LONG = Duration.ofDays(1);

  private UUID threeImages() {
    UUID id = service.study("PACS", null);
    service.image(id, 2, "1.2.3.4.2");
    service.image(id, 3, "1.2.3.4.3");
    return id;
  }

  private int made(UUID id) {
    return service.results.of(id).size();
  }

  @Test
  void aCaseThatGivesWayAfterEachBatchStillEndsWithAllItsImages() throws Exception {
    service.settings.put("m2ib.engine.images", "3");
    service.start();
    UUID id = threeImages();
    service.study("PACS", null); // waits
    Turns turns = service.turns(Duration.ofSeconds(2), LONG, new TurnsTest.Ticking());
    Case last = null;
    int before = 0;
    for (int turn = 0; turn < 3; turn++) {
      last = service.attribute(id, turns);
      assertThat(made(id)).as("turn %d", turn).isGreaterThan(before);
      before = made(id);
    }
    assertThat(last.state()).isEqualTo(CaseState.DELIVERED);
    assertThat(service.results.of(id).stream().map(StoredResult::imageBlob).distinct()).hasSize(3);
  }

  @Test
  void aMultiFrameCaptureOfEachImageIsMadeOfItsOwnMaps() throws Exception {
    service.settings.put("m2ib.engine.images", "3");
    service.settings.put("m2ib.results.multi-frame", "true");
    service.start();
    UUID id = threeImages();
    assertThat(service.attribute(id).state()).isEqualTo(CaseState.DELIVERED);
    assertThat(service.results.of(id).stream().map(StoredResult::captureBlob).distinct())
        .hasSize(3);
  }

  @Test
  void lessThanOneImageIsRefusedAtTheStart() {
    service.settings.put("m2ib.engine.images", "0");
    assertThatThrownBy(() -> service.start())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("m2ib.engine.images = 0: must be at least 1");
  }
}
