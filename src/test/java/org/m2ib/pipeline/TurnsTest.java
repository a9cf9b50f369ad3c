package org.m2ib.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.m2ib.boot.DeploymentTest;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;

/** Large cases next to small ones. */
class TurnsTest extends DeploymentTest {
  private static final Duration LONG = Duration.ofHours(1);
  private final Clock clock = new Ticking();

  /** Advances by a second each time it is read. */
  static final class Ticking extends Clock {
    private Instant now = Instant.parse("2030-01-01T00:00:00Z");

    @Override
    public Instant instant() {
      now = now.plusSeconds(1);
      return now;
    }

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }
  }

  @BeforeEach
  void start() throws Exception {
    // sentences one by one
    service.settings.put("m2ib.engine.memory", "1");
    service.start();
  }

  private UUID large() throws Exception {
    UUID id = service.study("PACS", null);
    StringBuilder text = new StringBuilder("FINDINGS:");
    for (int i = 0; i < 12; i++) {
      text.append(i % 2 == 0 ? " Left" : " Right").append(" effusion.");
    }
    service.amendReport(id, text.toString());
    return id;
  }

  private int made(UUID id) {
    return service.results.of(id).size();
  }

  @Test
  void aLargeCaseGivesWayToThoseThatWaitAndGoesOnWhereItStopped() throws Exception {
    UUID large = large();
    UUID small = service.study("PACS", null);
    Turns turns = service.turns(Duration.ofSeconds(2), LONG, clock);
    Case paused = service.attribute(large, turns);
    assertThat(paused.state()).isEqualTo(CaseState.ATTRIBUTING);
    int before = made(large);
    assertThat(before).isBetween(1, 11);
    assertThat(service.cases.in(CaseState.ATTRIBUTING, 1))
        .extracting(Case::id)
        .containsExactly(small);
    assertThat(service.attribute(small, turns).state()).isEqualTo(CaseState.DELIVERED);
    assertThat(service.attribute(large, turns).state()).isEqualTo(CaseState.DELIVERED);
    assertThat(made(large)).isEqualTo(12);
  }

  @Test
  void aCaseThatIsAloneKeepsItsTurn() throws Exception {
    UUID large = large();
    assertThat(service.attribute(large, service.turns(Duration.ofSeconds(2), LONG, clock)).state())
        .isEqualTo(CaseState.DELIVERED);
  }

  @Test
  void aCaseWhoseTimeIsUpIsLeftWithWhatItHasAndSaysSo() throws Exception {
    UUID large = large();
    Case left = service.attribute(large, service.turns(LONG, Duration.ofSeconds(2), clock));
    assertThat(left.state()).isEqualTo(CaseState.DELIVERED);
    assertThat(left.reason()).contains("m2ib.attribution.time-limit").contains("of 12 sentences");
    assertThat(made(large)).isBetween(1, 11);
  }

  @Test
  void whenTheServiceStopsACaseStopsAndKeepsWhatItHas() throws Exception {
    UUID large = large();
    Turns turns = service.turns(LONG, LONG, clock);
    int[] transactions = {0};
    service.beforeTransaction =
        () -> {
          if (++transactions[0] == 12) {
            turns.end();
          }
        };
    assertThat(service.attribute(large, turns).state()).isEqualTo(CaseState.ATTRIBUTING);
    service.beforeTransaction = () -> {};
    assertThat(service.attribute(large).state()).isEqualTo(CaseState.DELIVERED);
    assertThat(made(large)).isEqualTo(12);
  }
}
