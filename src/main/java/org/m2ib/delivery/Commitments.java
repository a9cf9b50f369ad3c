package org.m2ib.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.m2ib.cases.Commitment;
import org.m2ib.cases.CommitmentStore;
import org.m2ib.cases.Delivery;
import org.m2ib.dicom.CommitmentReport;
import org.m2ib.dicom.CommitmentScu;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.SopReference;
import org.m2ib.dicom.StorageCommitment;
import org.m2ib.dicom.Uids;

/**
 * Requests for storage commitment (DICOM PS3.4 J) to the archives that give it. Every request has a
 * transaction of its own and is on disk before it is made.
 */
public final class Commitments {
  /** Most archives answer later, on an association of their own. */
  private static final Duration AT_ONCE = Duration.ofSeconds(1);

  private static final int UNMENTIONED = CommitmentReport.NO_SUCH_OBJECT_INSTANCE;

  private final Set<String> aeTitles;
  private final Duration timeout;
  private final CommitmentScu scu;
  private final CommitmentStore store;

  /**
   * @param aeTitles of the archives that are asked
   * @param timeout how long to wait for an answer before asking again, above 0
   */
  public Commitments(
      Set<String> aeTitles, Duration timeout, CommitmentScu scu, CommitmentStore store) {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException(
          "m2ib.delivery.commitment-timeout = " + timeout + ": must be above 0");
    }
    this.aeTitles = Set.copyOf(aeTitles);
    this.timeout = timeout;
    this.scu = scu;
    this.store = store;
  }

  Duration timeout() {
    return timeout;
  }

  boolean concern(RemoteAe archive) {
    return aeTitles.contains(archive.aeTitle());
  }

  /** The last request for what the row now holds. */
  Optional<Commitment> last(Delivery row) {
    return store.last(row);
  }

  /** The row of the outbox that an answer is about; empty if nothing was requested. */
  Optional<UUID> row(CommitmentReport report) {
    return store.find(report.transactionUid()).map(Commitment::delivery);
  }

  /**
   * Records an answer. An object that it does not mention is not promised.
   *
   * @return the request, as answered
   */
  Commitment answer(CommitmentReport report) {
    Commitment asked = store.find(report.transactionUid()).orElseThrow();
    Set<SopReference> committed = Set.copyOf(report.committed());
    Map<String, String> failed =
        references(asked.objects()).stream()
            .filter(object -> !committed.contains(object))
            .collect(
                Collectors.toMap(
                    SopReference::sopInstanceUid,
                    object -> "%04X".formatted(report.failed().getOrDefault(object, UNMENTIONED))));
    store.answer(report.transactionUid(), failed);
    return store.find(report.transactionUid()).orElseThrow();
  }

  /**
   * @param objects SOP class UIDs by SOP Instance UID
   * @param reports takes an answer that comes at once
   */
  void ask(
      Delivery row,
      RemoteAe archive,
      Map<String, String> objects,
      StorageCommitment.Reports reports) {
    String transaction = Uids.of(UUID.randomUUID());
    store.open(transaction, row, objects);
    scu.ask(archive, transaction, references(objects), AT_ONCE, reports);
  }

  /** When a row may be tried again whose objects the archive has not committed to. */
  Optional<Instant> notBefore(Delivery row, Backoff backoff) {
    return row.attempts() == 0
        ? Optional.empty()
        : last(row)
            .filter(asked -> asked.answeredAt() != null && !asked.isPromised())
            .map(asked -> row.updatedAt().plus(backoff.pause(row.attempts())));
  }

  DeliveryException unanswered(Delivery row) {
    return new DeliveryException(
        "%s: no answer to the request for storage commitment within %d s"
            .formatted(row.destination(), timeout.toSeconds()));
  }

  DeliveryException refused(Delivery row, Commitment answered) {
    return new DeliveryException(
        "%s: no storage commitment for %d of %d objects: failure reason %s"
            .formatted(
                row.destination(),
                answered.failed().size(),
                answered.objects().size(),
                answered.failed().values().stream()
                    .distinct()
                    .sorted()
                    .collect(Collectors.joining(", "))));
  }

  /** SOP class UIDs by SOP Instance UID. */
  static Map<String, String> classes(Collection<SopReference> objects) {
    return objects.stream()
        .collect(Collectors.toMap(SopReference::sopInstanceUid, SopReference::sopClassUid));
  }

  private static List<SopReference> references(Map<String, String> objects) {
    return objects.entrySet().stream()
        .map(object -> new SopReference(object.getValue(), object.getKey()))
        .toList();
  }
}
