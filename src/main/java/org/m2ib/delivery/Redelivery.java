package org.m2ib.delivery;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseState.Event;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.Delivery.Status;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.ReportStatus;

/** A person asks for another try. */
public final class Redelivery {
  private final Database database;
  private final ArrivalStore arrivals;
  private final CaseStore cases;
  private final Outbox outbox;

  public Redelivery(Database database, ArrivalStore arrivals, CaseStore cases, Outbox outbox) {
    this.database = database;
    this.arrivals = arrivals;
    this.cases = cases;
    this.outbox = outbox;
  }

  /**
   * Opens every dead letter again.
   *
   * @return how many cases that were
   */
  public int all() {
    List<UUID> ids =
        outbox.in(Status.DEAD, Integer.MAX_VALUE).stream()
            .map(Delivery::caseId)
            .distinct()
            .toList();
    int opened = 0;
    for (UUID id : ids) {
      opened += database.inTransaction(() -> openDead(id)) ? 1 : 0;
    }
    return opened;
  }

  private boolean openDead(UUID id) {
    Case c = cases.lock(id).orElseThrow();
    List<Delivery> dead =
        outbox.of(id).stream().filter(row -> row.status() == Status.DEAD).toList();
    // a case on its way (another row still waits) needs no transition; one that is attributed anew
    // opens its rows itself
    boolean onItsWay = c.state().awaitsDelivery();
    if (dead.isEmpty() || !(onItsWay || c.state() == CaseState.UNDELIVERED && retry(c))) {
      return false;
    }
    open(dead);
    return true;
  }

  /**
   * Sends all of one case again, delivered or not; one whose attribution failed or was skipped is
   * attributed again.
   *
   * @return false when its state has nothing to try again, or no destination was configured when it
   *     was done
   */
  public boolean one(UUID caseId) {
    return database.inTransaction(
        () -> {
          Case c = cases.lock(caseId).orElseThrow();
          List<Delivery> rows = outbox.of(caseId);
          return switch (c.state()) {
            case DELIVERED, UNDELIVERED -> {
              boolean retried = !rows.isEmpty() && retry(c);
              if (retried) {
                open(rows);
              }
              yield retried;
            }
            case FAILED, SKIPPED -> retry(c);
            default -> false;
          };
        });
  }

  /**
   * Attributes a case anew: the results of before are withdrawn, as an amended report's are.
   *
   * @param model by which
   * @return false when its state has no results to replace, or its report was cancelled
   */
  public boolean redo(UUID caseId, String model) {
    return database.inTransaction(
        () -> {
          Case c = cases.lock(caseId).orElseThrow();
          Optional<Case> again =
              isCancelled(c) ? Optional.empty() : cases.apply(caseId, Event.REDO, "");
          again.ifPresent(redone -> cases.setModel(caseId, redone.revision(), model));
          return again.isPresent();
        });
  }

  private void open(List<Delivery> rows) {
    rows.stream()
        .filter(row -> row.status() != Status.REPLACED)
        .forEach(row -> outbox.open(row.caseId(), row.kind(), row.destination()));
  }

  private boolean retry(Case c) {
    Event event =
        c.state() == CaseState.UNDELIVERED && isCancelled(c) ? Event.RETRY_WITHDRAWAL : Event.RETRY;
    // what was given up is no longer so; what a person should know of the results stays
    String reason = c.state() == CaseState.DELIVERED ? c.reason() : "";
    return cases.apply(c.id(), event, reason).isPresent();
  }

  private boolean isCancelled(Case c) {
    return c.reportArrival() != null
        && arrivals.get(c.reportArrival()).report().status() == ReportStatus.CANCELLED;
  }
}
