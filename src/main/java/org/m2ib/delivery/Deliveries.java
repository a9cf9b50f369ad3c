package org.m2ib.delivery;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.hl7.fhir.r4.model.Bundle;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;
import org.m2ib.base.Traces;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseState.Event;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Commitment;
import org.m2ib.cases.Database;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.Delivery.Kind;
import org.m2ib.cases.Delivery.Status;
import org.m2ib.cases.FailurePlace;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.StorageUnavailableException;
import org.m2ib.dicom.CommitmentReport;
import org.m2ib.dicom.DicomNetworkException;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.SopReference;
import org.m2ib.dicom.StorageCommitment;
import org.m2ib.dicom.StoreOutcome;
import org.m2ib.dicom.StoreScu;

/**
 * Sends the rows of the outbox. Sending twice is harmless, because SOP Instance UIDs are derived
 * from content and Bundle entries are conditional. A row is marked only after its destination has
 * answered.
 */
public final class Deliveries implements StorageCommitment.Reports, AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Deliveries.class);
  private static final String CASE = "case";
  private static final int MOST_AT_ONCE = 500;
  private static final Duration MOMENT = Duration.ofSeconds(1);

  /** How long a Bundle waits for captures that have not been sent to an archive yet. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Backoff backoff;
  private final StoreScu archives;
  private final Commitments commitments;
  private final StowArchives webArchives;
  private final FhirServers servers;
  private final ResultPublisher publisher;
  private final Database database;
  private final CaseStore cases;
  private final Outbox outbox;
  private final CaseObjects objects;
  private final CaseMessages messages;
  private final MllpClient mllp;
  private final Clock clock;
  private final Exchanges exchanges = new Exchanges();

  public Deliveries(
      Backoff backoff,
      StoreScu archives,
      Commitments commitments,
      StowArchives webArchives,
      FhirServers servers,
      ResultPublisher publisher,
      Database database,
      CaseStore cases,
      Outbox outbox,
      CaseObjects objects,
      CaseMessages messages,
      MllpClient mllp,
      Clock clock) {
    this.backoff = backoff;
    this.archives = archives;
    this.commitments = commitments;
    this.webArchives = webArchives;
    this.servers = servers;
    this.publisher = publisher;
    this.database = database;
    this.cases = cases;
    this.outbox = outbox;
    this.objects = objects;
    this.messages = messages;
    this.mllp = mllp;
    this.clock = clock;
  }

  /**
   * Attempts one row once. Nothing is sent while patient identifiers disagree.
   *
   * @return when to try again; empty if the row is delivered or given up, now or before
   * @throws StorageUnavailableException if the database fails; the row is unchanged
   */
  public Optional<Instant> attempt(UUID deliveryId) {
    Optional<Delivery> row = outbox.find(deliveryId).filter(r -> r.status() == Status.PENDING);
    if (row.isEmpty()) {
      return Optional.empty();
    }
    Object outer = MDC.put(CASE, row.get().caseId().toString());
    try {
      return attempt(row.get());
    } finally {
      if (outer == null) {
        MDC.remove(CASE);
      } else {
        MDC.put(CASE, outer);
      }
    }
  }

  /**
   * An archive's answer to a request for storage commitment: what it commits to is delivered, the
   * rest is sent again.
   */
  @Override
  public boolean reported(CommitmentReport report) {
    return database.inTransaction(
        () -> {
          Optional<Delivery> asked = commitments.row(report).flatMap(outbox::find);
          if (asked.isEmpty()) {
            return false;
          }
          cases.lock(asked.get().caseId());
          Commitment answered = commitments.answer(report);
          Delivery row = outbox.find(answered.delivery()).orElseThrow();
          if (row.status() == Status.UNCOMMITTED && row.opened() == answered.opened()) {
            conclude(row, answered);
          }
          return true;
        });
  }

  /** Requests commitment again where an archive has not answered in time. */
  public void askAgain() {
    Instant limit = clock.instant().minus(commitments.timeout());
    outbox.in(Status.UNCOMMITTED, MOST_AT_ONCE).stream()
        .filter(row -> row.updatedAt().isBefore(limit))
        .forEach(row -> failed(row, commitments.unanswered(row)));
  }

  /** After the objects were stored: the answer may have come in the meantime. */
  private Optional<Instant> stored(Delivery row) {
    return database.inTransaction(
        () -> {
          cases.lock(row.caseId());
          Optional<Commitment> asked = commitments.last(row).filter(c -> c.answeredAt() != null);
          if (asked.isPresent()) {
            return conclude(row, asked.get());
          }
          boolean unchanged = outbox.record(row, Status.UNCOMMITTED, row.attempts(), row.problem());
          return unchanged ? Optional.empty() : Optional.of(clock.instant());
        });
  }

  private Optional<Instant> conclude(Delivery row, Commitment answered) {
    return answered.isPromised() ? delivered(row) : failed(row, commitments.refused(row, answered));
  }

  private Optional<Instant> attempt(Delivery row) {
    Case c = cases.find(row.caseId()).orElseThrow();
    if (c.state() == CaseState.MISMATCHED) {
      return Optional.of(clock.instant().plus(backoff.longestPause()));
    }
    if (row.kind() == Kind.BUNDLE) {
      Optional<String> url = servers.configured().map(FhirServer::url);
      if (url.isPresent()
          && !servers.knows(row.destination())
          && !publisher.isOfRoute(c, row.destination())) {
        return replaced(row, url.get());
      }
      if (capturesAreComing(row)) {
        return Optional.of(clock.instant().plus(MOMENT));
      }
    }
    Optional<Instant> next = commitments.notBefore(row, backoff).filter(clock.instant()::isBefore);
    if (next.isPresent()) {
      return next;
    }
    Status reached;
    try {
      reached = send(row);
    } catch (DeliveryException e) {
      return failed(row, e);
    } catch (CancellationException e) {
      return Optional.of(clock.instant()); // shutdown: not counted as an attempt
    } catch (StorageUnavailableException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.error(row.kind() + " could not be prepared for sending", Traces.withoutMessages(e));
      String problem = "it could not be prepared for sending: " + FailurePlace.of(e);
      return failed(row, new DeliveryException(problem, e));
    }
    return reached == Status.DELIVERED ? delivered(row) : stored(row);
  }

  /** Interrupts pending exchanges. Their rows are unchanged. */
  @Override
  public void close() {
    exchanges.close();
  }

  /**
   * Captures that have not been tried go first, so that a Bundle need not be sent twice. An archive
   * that hangs does not block the FHIR server, though.
   */
  private boolean capturesAreComing(Delivery bundle) {
    if (clock.instant().isAfter(bundle.updatedAt().plus(PATIENCE))) {
      return false;
    }
    return outbox.of(bundle.caseId()).stream()
        .anyMatch(
            row ->
                row.kind() == Kind.CAPTURES
                    && row.status() == Status.PENDING
                    && row.attempts() == 0);
  }

  private Status send(Delivery row) throws DeliveryException {
    if (MllpAddress.is(row.destination())) {
      sendMessage(row);
      return Status.DELIVERED;
    }
    if (row.kind() == Kind.BUNDLE || row.kind() == Kind.REVOKED) {
      sendBundle(row);
      return Status.DELIVERED;
    }
    if (StowAddress.is(row.destination())) {
      stow(row);
      return Status.DELIVERED;
    }
    RemoteAe archive = RemoteAe.parse(row.destination());
    if (!commitments.concern(archive)) {
      store(row, archive, files(row));
      return Status.DELIVERED;
    }
    return sendAndAsk(row, archive);
  }

  /** Sends what the archive has not stored, or has not committed to, and requests commitment. */
  private Status sendAndAsk(Delivery row, RemoteAe archive) throws DeliveryException {
    Optional<Commitment> last = commitments.last(row);
    if (last.isPresent() && last.get().isPromised()) {
      return Status.DELIVERED;
    }
    Map<String, String> objects = last.map(Commitment::objects).orElse(Map.of());
    if (last.isEmpty() || last.get().answeredAt() != null) {
      Map<Path, SopReference> files = references(files(row));
      objects = Commitments.classes(files.values());
      Set<String> missing = last.map(asked -> asked.failed().keySet()).orElse(objects.keySet());
      List<Path> sent = new ArrayList<>(files.keySet());
      sent.removeIf(file -> !missing.contains(files.get(file).sopInstanceUid()));
      store(row, archive, sent);
    }
    if (objects.isEmpty()) {
      return Status.DELIVERED;
    }
    Map<String, String> asked = objects;
    exchange(
        () -> {
          commitments.ask(row, archive, asked, this);
          return null;
        });
    return Status.UNCOMMITTED;
  }

  private void sendMessage(Delivery row) throws DeliveryException {
    MllpAddress to = MllpAddress.parse(row.destination());
    Optional<String> message;
    try {
      message = messages.of(row);
    } catch (IOException e) {
      throw unreadable(e);
    }
    if (message.isPresent()) {
      exchanges.run(
          () -> {
            mllp.send(to, message.get(), messages.controlId(row));
            return null;
          });
    }
  }

  private static DeliveryException unreadable(IOException e) {
    return new DeliveryException("a source image cannot be read: " + FailurePlace.of(e), e);
  }

  private void sendBundle(Delivery row) throws DeliveryException {
    FhirServer server =
        servers.at(row.destination()).orElseThrow(() -> new DeliveryException(unknown(row)));
    Optional<Bundle> revocation =
        row.kind() == Kind.REVOKED ? publisher.revocation(row) : Optional.empty();
    if (row.kind() == Kind.REVOKED && revocation.isEmpty()) {
      return;
    }
    Bundle bundle = revocation.orElseGet(() -> publisher.bundle(row));
    exchanges.run(
        () -> {
          server.transaction(bundle);
          return null;
        });
  }

  private void stow(Delivery row) throws DeliveryException {
    StowArchive archive =
        webArchives
            .archive(row.destination())
            .orElseThrow(() -> new DeliveryException(unknown(row)));
    List<Path> files = files(row);
    exchanges.run(
        () -> {
          archive.store(files);
          return null;
        });
  }

  private String unknown(Delivery row) {
    if (StowAddress.is(row.destination())) {
      return row.destination()
          + " is neither m2ib.stow.url nor a destination in m2ib.routes any more: add it again";
    }
    return servers.configured().isEmpty() && row.kind() == Kind.BUNDLE
        ? "no FHIR server is configured: set m2ib.fhir.url"
        : row.destination()
            + " is neither m2ib.fhir.url nor a destination in m2ib.routes any more: add it again";
  }

  private List<Path> files(Delivery row) throws DeliveryException {
    try {
      return objects.files(row);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static Map<Path, SopReference> references(List<Path> files) throws DeliveryException {
    Map<Path, SopReference> references = new LinkedHashMap<>();
    for (Path file : files) {
      try {
        references.put(file, SopReference.of(file));
      } catch (IOException e) {
        throw new DeliveryException("an object cannot be read: " + e.getMessage(), e);
      }
    }
    return references;
  }

  private void store(Delivery row, RemoteAe archive, List<Path> files) throws DeliveryException {
    if (files.isEmpty()) {
      return;
    }
    List<StoreOutcome> outcomes = exchange(() -> archives.store(archive, files));
    List<StoreOutcome> refused = outcomes.stream().filter(o -> !o.stored()).toList();
    if (!refused.isEmpty()) {
      throw new DeliveryException(
          "%s: %d of %d %s not stored: %s"
              .formatted(
                  row.destination(),
                  refused.size(),
                  files.size(),
                  row.kind() == Kind.CAPTURES ? "captures" : "objects",
                  refused.stream()
                      .map(Deliveries::reason)
                      .distinct()
                      .collect(Collectors.joining("; "))));
    }
  }

  private <T> T exchange(Callable<T> exchange) throws DeliveryException {
    try {
      return exchanges.run(exchange);
    } catch (DicomNetworkException e) {
      throw new DeliveryException(e.getMessage(), e);
    }
  }

  /** Describes the status only (PS3.4 B.2.3), because a receiver's comment may quote the object. */
  private static String reason(StoreOutcome refused) {
    int status = refused.status();
    if (status < 0) {
      return refused.comment();
    }
    return "status " + FailureReasons.text(status);
  }

  /**
   * Redirects a row of a FHIR server that is no longer configured. The credentials belong to the
   * configured server, so no other one is used, nor recorded as delivered to.
   */
  private Optional<Instant> replaced(Delivery row, String url) {
    LOG.infof(
        "%s goes to %s instead of %s: m2ib.fhir.url has changed",
        row.kind(), url, row.destination());
    return database.inTransaction(
        () -> {
          Case locked = cases.lock(row.caseId()).orElseThrow();
          String why = "sent to " + url + " instead: m2ib.fhir.url has changed";
          if (!outbox.record(row, Status.REPLACED, row.attempts(), why)) {
            return Optional.of(clock.instant());
          }
          boolean hasRow =
              outbox.of(row.caseId()).stream()
                  .anyMatch(r -> r.destination().equals(url) && r.status() != Status.REPLACED);
          if (!hasRow) {
            outbox.open(row.caseId(), Kind.BUNDLE, url);
          }
          outbox.moveResults(row.caseId(), row.destination(), url);
          settle(locked);
          return Optional.empty();
        });
  }

  private Optional<Instant> delivered(Delivery row) {
    LOG.infof("%s delivered to %s", row.kind(), row.destination());
    return record(row, Status.DELIVERED, row.attempts(), "", Duration.ZERO);
  }

  private Optional<Instant> failed(Delivery row, DeliveryException failure) {
    int attempts = row.attempts() + 1;
    int most = Math.min(backoff.attempts(), failure.mostTries());
    boolean dead = attempts >= most;
    Duration pause = backoff.pause(attempts, failure.notBefore());
    LOG.warnf(
        "%s not delivered, attempt %d of %d, %s: %s",
        row.kind(), attempts, most, dead ? "given up" : "again in " + pause, failure.getMessage());
    return record(row, dead ? Status.DEAD : Status.PENDING, attempts, failure.getMessage(), pause);
  }

  /** Updates the row and the state of its case in one transaction. */
  private Optional<Instant> record(
      Delivery row, Status status, int attempts, String problem, Duration pause) {
    return database.inTransaction(
        () -> {
          // two rows that end at the same time must see each other, otherwise neither settles the
          // case
          Case locked = cases.lock(row.caseId()).orElseThrow();
          if (!outbox.record(row, status, attempts, problem)) {
            return Optional.of(clock.instant()); // the row was reopened while it was sent
          }
          if (status == Status.DELIVERED && row.kind() == Kind.CAPTURES) {
            openBundles(row.caseId());
            publisher.refresh(row.caseId());
          }
          settle(locked);
          return status == Status.PENDING
              ? Optional.of(clock.instant().plus(pause))
              : Optional.empty();
        });
  }

  /** Sends Bundles again: Observations stay preliminary until the archive has the captures. */
  private void openBundles(UUID caseId) {
    for (Delivery row : outbox.of(caseId)) {
      if (row.kind() == Kind.BUNDLE && row.status() != Status.REPLACED) {
        outbox.open(caseId, row.kind(), row.destination());
      }
    }
  }

  /** Moves the case on once none of its rows is open. */
  private void settle(Case c) {
    List<Delivery> rows = outbox.of(c.id());
    if (rows.stream().anyMatch(row -> row.status().isOpen())) {
      return;
    }
    Optional<Delivery> dead = rows.stream().filter(r -> r.status() == Status.DEAD).findFirst();
    Event event = dead.isPresent() ? Event.GIVEN_UP : Event.ALL_DELIVERED;
    // a case that changed in the meantime is attributed again and settles with its new rows
    if (c.state().on(event).isPresent()) {
      cases.apply(c.id(), event, dead.map(Delivery::problem).orElse(c.reason()));
    }
  }
}
