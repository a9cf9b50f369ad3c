package org.m2ib.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.m2ib.api.ApiAnswers.assertProblem;

import java.time.Clock;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.StudyKey;
import org.m2ib.cases.TestArrivals;
import org.m2ib.cases.TestDatabase;
import org.m2ib.delivery.Redelivery;

class RedeliveryResourceTest {
  private static final StudyKey STUDY = new StudyKey("1.2.3", null, null, null, null, null);
  private CaseStore cases;
  private Outbox outbox;
  private RedeliveryResource resource;

  @BeforeEach
  void start() {
    Database database = TestDatabase.h2();
    Clock clock = Clock.systemUTC();
    cases = new CaseStore(database, clock);
    outbox = new Outbox(database, clock);
    ArrivalStore arrivals = TestArrivals.store(database, clock);
    resource =
        new RedeliveryResource(new Redelivery(database, arrivals, cases, outbox), cases, null);
  }

  private UUID undelivered() {
    UUID id = cases.create(STUDY, CaseState.UNDELIVERED, null).id();
    outbox.open(id, Delivery.Kind.CAPTURES, "ARCHIVE@pacs:104");
    outbox.record(outbox.of(id).get(0), Delivery.Status.DEAD, 10, "no connection");
    return id;
  }

  private CaseState state(UUID id) {
    return cases.find(id).orElseThrow().state();
  }

  @Test
  void allDeadLettersAreOpenedAndTheirCasesCounted() {
    UUID one = undelivered();
    UUID two = undelivered();
    assertThat(resource.all().cases()).isEqualTo(2);
    assertThat(state(one)).isEqualTo(CaseState.DELIVERING);
    assertThat(state(two)).isEqualTo(CaseState.DELIVERING);
  }

  @Test
  void oneCaseIsSentAgainAndNoOther() {
    UUID one = undelivered();
    UUID other = undelivered();
    assertThat(resource.one(one.toString()).cases()).isEqualTo(1);
    assertThat(state(one)).isEqualTo(CaseState.DELIVERING);
    assertThat(state(other)).isEqualTo(CaseState.UNDELIVERED);
  }

  @Test
  void aCaseThatHasNothingToTryAgainIsAConflictThatNamesItsState() {
    UUID waiting = cases.create(STUDY, CaseState.AWAITING_REPORT, null).id();
    assertProblem(() -> resource.one(waiting.toString()), 409, "AWAITING_REPORT");
    UUID nowhere = cases.create(STUDY, CaseState.DELIVERED, null).id();
    assertProblem(() -> resource.one(nowhere.toString()), 409, "DELIVERED: no destination");
  }

  @Test
  void oneDeadLetterIsSentAgainOnce() {
    UUID id = undelivered();
    String letter = outbox.of(id).get(0).id().toString();
    assertThat(resource.dead(letter).cases()).isEqualTo(1);
    assertThat(state(id)).isEqualTo(CaseState.DELIVERING);
    assertProblem(() -> resource.dead(letter), 409, "was not given up");
    assertProblem(() -> resource.dead(UUID.randomUUID().toString()), 409, "was not given up");
    assertProblem(() -> resource.dead("12"), 404, "not a UUID");
  }

  @Test
  void anUnknownCaseIsNotFound() {
    assertProblem(() -> resource.one(UUID.randomUUID().toString()), 404, "There is no case");
    assertProblem(() -> resource.one("12"), 404, "no case with this id");
  }
}
