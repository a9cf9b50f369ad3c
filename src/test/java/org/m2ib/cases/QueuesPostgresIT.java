package org.m2ib.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What waits, and the database's size, asked of PostgreSQL. */
class QueuesPostgresIT {
  @RegisterExtension static final EmptyPostgres POSTGRES = new EmptyPostgres();

  @Test
  void queuesStatesAndSizeAreAnswered() throws Exception {
    Database database = Database.open(POSTGRES.database());
    CaseStore cases = new CaseStore(database, Clock.systemUTC());
    Outbox outbox = new Outbox(database, Clock.systemUTC());
    StudyKey study = new StudyKey("1.2.3", null, null, null, null, null);
    UUID id = cases.create(study, CaseState.DELIVERING, null).id();
    outbox.open(id, Delivery.Kind.CAPTURES, "A@pacs:104");
    outbox.open(id, Delivery.Kind.MESSAGE, "mllp://ris:2575");
    outbox.record(outbox.of(id).get(0), Delivery.Status.DEAD, 3, "no connection");
    var queues = DeliveryQueue.all(database);
    assertThat(queues.get("A@pacs:104").dead()).isEqualTo(1);
    assertThat(queues.get("A@pacs:104").oldest()).isNull();
    assertThat(queues.get("A@pacs:104").last().problem()).isEqualTo("no connection");
    assertThat(queues.get("mllp://ris:2575").waiting()).isEqualTo(1);
    assertThat(queues.get("mllp://ris:2575").oldest()).isNotNull();
    assertThat(outbox.in(Delivery.Status.DEAD, "A@pacs:104", 5)).hasSize(1);
    assertThat(StateCount.of(database))
        .anyMatch(each -> each.state() == CaseState.DELIVERING && each.cases() == 1);
    assertThat(DatabaseSize.of(database).orElseThrow()).isPositive();
  }
}
