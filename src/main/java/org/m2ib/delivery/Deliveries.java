package org.m2ib.delivery;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.CaseState.Event;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.dicom.DicomNetworkException;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreOutcome;
import org.m2ib.dicom.StoreScu;

/**
 * Carries out rows of the outbox. Sending twice does no harm (SOP instance UIDs are derived, Bundle
 * entries conditional), so a row is marked only after its destination has answered.
 */
public final class Deliveries {
  private static final Logger LOG = Logger.getLogger(Deliveries.class);

  private static final Duration MOMENT = Duration.ofSeconds(1);

  /** Makes the client of a FHIR server by its base URL. */
  public interface FhirServers {
    FhirServer at(String url);
  }

  private final Backoff backoff;
  private final StoreScu archives;
  private final FhirServers fhirServers;
  private final Publication publication;
  private final Database database;
  private final CaseStore cases;
  private final ResultStore results;
  private final Outbox outbox;
  private final Blobs blobs;
  private final Clock clock;

  public Deliveries(
      Backoff backoff,
      StoreScu archives,
      FhirServers fhirServers,
      Publication publication,
      Database database,
      CaseStore cases,
      ResultStore results,
      Outbox outbox,
      Blobs blobs,
      Clock clock) {
    this.backoff = backoff;
    this.archives = archives;
    this.fhirServers = fhirServers;
    this.publication = publication;
    this.database = database;
    this.cases = cases;
    this.results = results;
    this.outbox = outbox;
    this.blobs = blobs;
    this.clock = clock;
  }

  /**
   * Tries one row once.
   *
   * @return when to try again; empty when it is delivered or given up, or was so already
   */
  public Optional<Instant> attempt(UUID rowId) {
    Optional<Delivery> found =
        outbox.find(rowId).filter(r -> r.status() == Delivery.Status.PENDING);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Delivery row = found.get();
    if (row.kind() == Delivery.Kind.BUNDLE && capturesAreComing(row)) {
      return Optional.of(clock.instant().plus(MOMENT));
    }
    try {
      send(row);
      LOG.infof("delivered %s to %s", row.kind(), row.destination());
      return delivered(row);
    } catch (DeliveryException e) {
      return failed(row, e.getMessage());
    }
  }

  /** Captures not tried yet go first, so that a Bundle need not be sent twice. */
  private boolean capturesAreComing(Delivery bundle) {
    return outbox.of(bundle.caseId()).stream()
        .anyMatch(
            row ->
                row.kind() == Delivery.Kind.CAPTURES
                    && row.status() == Delivery.Status.PENDING
                    && row.attempts() == 0);
  }

  private void send(Delivery row) throws DeliveryException {
    switch (row.kind()) {
      case CAPTURES -> sendCaptures(row);
      case BUNDLE ->
          fhirServers.at(row.destination()).transaction(publication.bundle(row.caseId()));
      default -> throw new IllegalStateException("no way to send " + row.kind());
    }
  }

  private void sendCaptures(Delivery row) throws DeliveryException {
    List<Path> files =
        results.of(row.caseId()).stream()
            .filter(result -> !result.withdrawn())
            .map(StoredResult::captureBlob)
            .distinct()
            .map(blobs::path)
            .toList();
    if (files.isEmpty()) {
      return;
    }
    List<StoreOutcome> outcomes;
    try {
      outcomes = archives.store(RemoteAe.parse(row.destination()), files);
    } catch (DicomNetworkException e) {
      throw new DeliveryException(e.getMessage(), e);
    }
    List<StoreOutcome> refused = outcomes.stream().filter(o -> !o.stored()).toList();
    if (!refused.isEmpty()) {
      throw new DeliveryException(
          "%d of %d captures were not stored at %s: %s"
              .formatted(refused.size(), files.size(), row.destination(), reason(refused.get(0))));
    }
  }

  private static String reason(StoreOutcome refused) {
    String status = refused.status() < 0 ? "" : "status %04X ".formatted(refused.status());
    return (status + refused.comment()).strip();
  }

  private Optional<Instant> delivered(Delivery row) {
    return database.inTransaction(
        () -> {
          if (!outbox.record(row, Delivery.Status.DELIVERED, row.attempts(), "")) {
            return Optional.of(clock.instant()); // opened again meanwhile: something newer waits
          }
          if (row.kind() == Delivery.Kind.CAPTURES) {
            // Observations are preliminary until the archives have the captures
            outbox.of(row.caseId()).stream()
                .filter(other -> other.kind() == Delivery.Kind.BUNDLE)
                .forEach(other -> outbox.open(row.caseId(), other.kind(), other.destination()));
            publication.refresh(row.caseId());
          }
          settle(row.caseId());
          return Optional.empty();
        });
  }

  private Optional<Instant> failed(Delivery row, String problem) {
    int attempts = row.attempts() + 1;
    boolean dead = backoff.exhausted(attempts);
    Delivery.Status status = dead ? Delivery.Status.DEAD : Delivery.Status.PENDING;
    LOG.warnf(
        "%s not delivered, try %d of %d, %s: %s",
        row.kind(),
        attempts,
        backoff.attempts(),
        dead ? "given up" : "again in " + backoff.pause(attempts),
        problem);
    return database.inTransaction(
        () -> {
          if (!outbox.record(row, status, attempts, problem)) {
            return Optional.of(clock.instant());
          }
          settle(row.caseId());
          return dead
              ? Optional.empty()
              : Optional.of(clock.instant().plus(backoff.pause(attempts)));
        });
  }

  /** The case follows its rows once none of them waits. */
  private void settle(UUID caseId) {
    List<Delivery> rows = outbox.of(caseId);
    if (rows.stream().anyMatch(row -> row.status() == Delivery.Status.PENDING)) {
      return;
    }
    Optional<Delivery> dead =
        rows.stream().filter(row -> row.status() == Delivery.Status.DEAD).findFirst();
    cases
        .find(caseId)
        .filter(c -> c.state().awaitsDelivery())
        .ifPresent(
            c ->
                cases.apply(
                    caseId,
                    dead.isPresent() ? Event.GIVEN_UP : Event.ALL_DELIVERED,
                    dead.isPresent() ? dead.get().problem() : c.reason()));
  }
}
