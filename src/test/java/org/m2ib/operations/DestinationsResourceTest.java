package org.m2ib.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.m2ib.api.ApiAnswers.assertProblem;
import static org.m2ib.api.ApiAnswers.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.m2ib.base.SuppliedClock;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.StudyKey;
import org.m2ib.cases.TestArrivals;
import org.m2ib.cases.TestDatabase;
import org.m2ib.delivery.DestinationTrial;
import org.m2ib.delivery.KnownDestinations.Known;
import org.m2ib.delivery.KnownDestinations.Protocol;
import org.m2ib.delivery.MllpClient;
import org.m2ib.delivery.Redelivery;
import org.m2ib.dicom.LoopbackScp;
import org.m2ib.dicom.StoreScp;
import org.m2ib.dicom.StoreScu;

class DestinationsResourceTest {
  private static final StudyKey STUDY = new StudyKey("1.2.3", null, null, null, null, null);
  private static final String PACS = "PACS@pacs:104";
  private static final String RIS = "mllp://ris:2575";
  private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");

  private Instant now = START;
  private final Database database = TestDatabase.h2();
  private final SuppliedClock clock = new SuppliedClock(() -> now);
  private final CaseStore cases = new CaseStore(database, clock);
  private final Outbox outbox = new Outbox(database, clock);
  private String archive = PACS;
  private final Redelivery redelivery =
      new Redelivery(database, TestArrivals.store(database, clock), cases, outbox);
  private final DestinationsResource resource =
      new DestinationsResource(
          () ->
              List.of(
                  new Known(Protocol.DICOM, archive, List.of("m2ib.archive", "m2ib.routes: a")),
                  new Known(Protocol.HL7, RIS, List.of("m2ib.hl7.destinations"))),
          database,
          outbox,
          redelivery,
          new DestinationTrial(
              new StoreScu(StoreScu.Settings.of("M2IB")),
              new MllpClient(Duration.ofSeconds(20), name -> null),
              address -> Optional.empty(),
              Optional::empty,
              Duration.ofSeconds(20)));

  private UUID undelivered(String destination, String problem) {
    UUID id = cases.create(STUDY, CaseState.UNDELIVERED, null).id();
    dead(id, destination, problem);
    return id;
  }

  private void dead(UUID id, String destination, String problem) {
    outbox.open(id, Delivery.Kind.CAPTURES, destination);
    outbox.record(row(id, destination), Delivery.Status.DEAD, 10, problem);
  }

  private Delivery row(UUID id, String destination) {
    return outbox.of(id).stream()
        .filter(row -> row.destination().equals(destination))
        .findFirst()
        .orElseThrow();
  }

  private JsonNode entry(String address) {
    for (JsonNode each : json(resource.all()).get("destinations")) {
      if (each.get("address").asText().equals(address)) {
        return each;
      }
    }
    throw new AssertionError("no " + address);
  }

  private String name(String address) {
    return entry(address).get("name").asText();
  }

  @Test
  void aDestinationForWhichNothingWaitsIsListedWithWhatNamesIt() {
    JsonNode entry = entry(PACS);
    assertThat(entry.get("protocol").asText()).isEqualTo("dicom");
    assertThat(entry.get("namedBy").toString()).isEqualTo("[\"m2ib.archive\",\"m2ib.routes: a\"]");
    assertThat(entry.get("waiting").asLong()).isZero();
    assertThat(entry.get("oldest").isNull()).isTrue();
    assertThat(entry.get("last").isNull()).isTrue();
    assertThat(entry(RIS).get("protocol").asText()).isEqualTo("hl7");
  }

  @Test
  void theOldestIsByWhenItBeganToWaitAndNotByItsLastAttempt() {
    UUID first = cases.create(STUDY, CaseState.DELIVERING, null).id();
    outbox.open(first, Delivery.Kind.CAPTURES, PACS);
    now = START.plusSeconds(60);
    UUID second = cases.create(STUDY, CaseState.DELIVERING, null).id();
    outbox.open(second, Delivery.Kind.CAPTURES, PACS);
    now = START.plusSeconds(120);
    outbox.record(row(first, PACS), Delivery.Status.PENDING, 1, "no connection");
    JsonNode entry = entry(PACS);
    assertThat(entry.get("waiting").asLong()).isEqualTo(2);
    assertThat(Instant.parse(entry.get("oldest").asText())).isEqualTo(START);
    assertThat(entry.at("/last/problem").asText()).isEqualTo("no connection");
    assertThat(entry.at("/last/caseId").asText()).isEqualTo(first.toString());
  }

  @Test
  void deliveredRowsWaitForNothing() {
    UUID id = cases.create(STUDY, CaseState.DELIVERING, null).id();
    outbox.open(id, Delivery.Kind.CAPTURES, PACS);
    outbox.record(row(id, PACS), Delivery.Status.DELIVERED, 0, "");
    assertThat(entry(PACS).get("waiting").asLong()).isZero();
    assertThat(entry(PACS).get("oldest").isNull()).isTrue();
  }

  @Test
  void whatIsBeingSentIsCounted() {
    UUID id = cases.create(STUDY, CaseState.DELIVERING, null).id();
    outbox.open(id, Delivery.Kind.CAPTURES, PACS);
    database.with(
        h ->
            h.execute(
                "insert into scheduled_tasks (task_name, task_instance, execution_time, picked,"
                    + " version) values ('delivery-x', ?, current_timestamp, true, 1)",
                row(id, PACS).id().toString()));
    assertThat(entry(PACS).get("trying").asLong()).isEqualTo(1);
    assertThat(entry(PACS).get("waiting").asLong()).isEqualTo(1);
  }

  @Test
  void aDestinationThatNothingNamesAnyMoreIsListedWhileRowsAreLeft() {
    undelivered("OLD@gone:104", "no connection");
    JsonNode entry = entry("OLD@gone:104");
    assertThat(entry.get("namedBy")).isEmpty();
    assertThat(entry.get("dead").asLong()).isEqualTo(1);
  }

  @Test
  void deadLettersAreListedWithTheirCaseAndABoundedProblem() {
    UUID id = undelivered(PACS, "x".repeat(5000));
    JsonNode list = json(resource.deadLetters(name(PACS)));
    assertThat(list.get("total").asLong()).isEqualTo(1);
    JsonNode letter = list.get("deadLetters").get(0);
    assertThat(letter.get("problem").asText()).hasSize(501).endsWith("…");
    assertThat(letter.at("/links/page").asText()).isEqualTo("/cases/" + id);
    assertThat(letter.get("attempts").asInt()).isEqualTo(10);
    assertThat(json(resource.deadLetters(name(RIS))).get("total").asLong()).isZero();
  }

  @Test
  void theDeadLettersOfOneDestinationAreSentAgainAndNoOthers() {
    UUID both = undelivered(PACS, "no connection");
    dead(both, RIS, "no connection");
    UUID other = undelivered(RIS, "no connection");
    assertThat(resource.redeliver(name(PACS)).cases()).isEqualTo(1);
    assertThat(row(both, PACS).status()).isEqualTo(Delivery.Status.PENDING);
    assertThat(row(both, RIS).status()).isEqualTo(Delivery.Status.DEAD);
    assertThat(row(other, RIS).status()).isEqualTo(Delivery.Status.DEAD);
    assertThat(cases.find(both).orElseThrow().state()).isEqualTo(CaseState.DELIVERING);
    assertThat(resource.redeliver(name(PACS)).cases()).as("none is left").isZero();
  }

  @Test
  void oneDeadLetterIsSentAgainAndNoOtherOfItsCase() {
    UUID id = undelivered(PACS, "no connection");
    dead(id, RIS, "no connection");
    assertThat(redelivery.dead(row(id, RIS).id())).isTrue();
    assertThat(row(id, RIS).status()).isEqualTo(Delivery.Status.PENDING);
    assertThat(row(id, PACS).status()).isEqualTo(Delivery.Status.DEAD);
    assertThat(redelivery.dead(row(id, RIS).id())).as("it is none any more").isFalse();
    assertThat(redelivery.dead(UUID.randomUUID())).isFalse();
  }

  @Test
  void aDestinationThatAnswersWorks() throws Exception {
    try (StoreScp scp = StoreScp.start(LoopbackScp.settings("ARCHIVE"), object -> {})) {
      archive = "ARCHIVE@127.0.0.1:" + scp.port();
      JsonNode tried = json(resource.tryIt(name(archive)));
      assertThat(tried.get("outcome").asText()).as(tried.toString()).isEqualTo("works");
      assertThat(tried.get("address").asText()).isEqualTo(archive);
      assertThat(tried.get("tried").asText()).isEqualTo("C-ECHO");
    }
    JsonNode tried = json(resource.tryIt(name(archive)));
    assertThat(tried.get("outcome").asText()).as(tried.toString()).isEqualTo("not-reachable");
  }

  @Test
  void anUnknownDestinationIsNotFound() {
    assertProblem(() -> resource.tryIt("0123456789ab"), 404, "/api/destinations lists them");
    assertProblem(() -> resource.deadLetters(PACS), 404, "no such destination");
    assertProblem(() -> resource.redeliver("x"), 404, "no such destination");
  }
}
