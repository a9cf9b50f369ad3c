package org.m2ib.delivery;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
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

/** Retries deliveries on a user's request. */
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
   * Reopens every dead letter.
   *
   * @return the number of cases affected
   */
  public int all() {
    return openDead(outbox.in(Status.DEAD, Integer.MAX_VALUE), row -> true);
  }

  /**
   * Reopens the dead letters of one destination.
   *
   * @return the number of cases affected
   */
  public int to(String destination) {
    return openDead(
        outbox.in(Status.DEAD, destination, Integer.MAX_VALUE),
        row -> row.destination().equals(destination));
  }

  /**
   * Reopens one dead letter.
   *
   * @return false if it is none, or its case has begun anew
   */
  public boolean dead(UUID deliveryId) {
    return openDead(outbox.find(deliveryId).stream().toList(), row -> row.id().equals(deliveryId))
        > 0;
  }

  private int openDead(List<Delivery> rows, Predicate<Delivery> which) {
    int opened = 0;
    for (UUID id : rows.stream().map(Delivery::caseId).distinct().toList()) {
      opened += database.inTransaction(() -> openDead(id, which)) ? 1 : 0;
    }
    return opened;
  }

  private boolean openDead(UUID id, Predicate<Delivery> which) {
    Case c = cases.lock(id).orElseThrow();
    List<Delivery> dead =
        outbox.of(id).stream().filter(row -> row.status() == Status.DEAD).filter(which).toList();
    // a case still in delivery (another row is pending) needs no transition; one that is attributed
    // again opens its rows itself
    boolean onItsWay = c.state().awaitsDelivery();
    if (dead.isEmpty() || !(onItsWay || c.state() == CaseState.UNDELIVERED && retry(c))) {
      return false;
    }
    open(dead);
    return true;
  }

  /**
   * Sends all rows of a case again, delivered or not. A case whose attribution failed or was
   * skipped is attributed again, by the routes that are in force then.
   *
   * @return false if its state leaves nothing to retry, or no destination was configured when it
   *     was completed
   */
  public boolean one(UUID caseId) {
    return database.inTransaction(
        () -> {
          Case c = cases.lock(caseId).orElseThrow();
          List<Delivery> rows =
              outbox.of(caseId).stream().filter(row -> row.status() != Status.REPLACED).toList();
          return switch (c.state()) {
            case DELIVERED, UNDELIVERED -> {
              boolean retried = !rows.isEmpty() && retry(c);
              if (retried) {
                open(rows);
              }
              yield retried;
            }
            case FAILED, SKIPPED -> {
              cases.chooseRouteAgain(caseId);
              yield retry(c);
            }
            default -> false;
          };
        });
  }

  /**
   * Attributes a case again, by the routes that are in force then. The previous results are
   * withdrawn, as for an amended report.
   *
   * @param model name of the model to use
   * @return false if the case has no results to replace, or its report was cancelled
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
    rows.forEach(row -> outbox.open(row.caseId(), row.kind(), row.destination()));
  }

  private boolean retry(Case c) {
    Event event =
        c.state() == CaseState.UNDELIVERED && isCancelled(c) ? Event.RETRY_WITHDRAWAL : Event.RETRY;
    // reasons of failed deliveries no longer hold; remarks on the results do
    String reason = c.state() == CaseState.DELIVERED ? c.reason() : "";
    return cases.apply(c.id(), event, reason).isPresent();
  }

  private boolean isCancelled(Case c) {
    return c.reportArrival() != null
        && arrivals.get(c.reportArrival()).report().status() == ReportStatus.CANCELLED;
  }
}
