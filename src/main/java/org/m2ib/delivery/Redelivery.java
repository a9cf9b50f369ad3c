package org.m2ib.delivery;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseState.Event;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.ReportStatus;

/** A person asks for another try. */
public final class Redelivery {
  private static final int BATCH = 10_000;

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
    return database.inTransaction(
        () -> {
          Set<UUID> ids = new HashSet<>();
          for (Delivery row : outbox.in(Delivery.Status.DEAD, BATCH)) {
            outbox.open(row.caseId(), row.kind(), row.destination());
            ids.add(row.caseId());
          }
          ids.forEach(id -> retry(cases.find(id).orElseThrow()));
          return ids.size();
        });
  }

  /**
   * Sends all of one case again; one whose attribution failed or was skipped is attributed again.
   *
   * @return false when its state has nothing to try again
   */
  public boolean one(UUID caseId) {
    return database.inTransaction(
        () -> {
          Case c = cases.find(caseId).orElseThrow();
          List<Delivery> rows = outbox.of(caseId);
          boolean retried = retry(c);
          if (retried && c.state() != CaseState.FAILED && c.state() != CaseState.SKIPPED) {
            rows.forEach(row -> outbox.open(caseId, row.kind(), row.destination()));
          }
          return retried;
        });
  }

  private boolean retry(Case c) {
    boolean withdrawal =
        c.state() == CaseState.UNDELIVERED
            && c.reportArrival() != null
            && arrivals.get(c.reportArrival()).report().status() == ReportStatus.CANCELLED;
    Event event = withdrawal ? Event.RETRY_WITHDRAWAL : Event.RETRY;
    return c.state().on(event).isPresent() && cases.apply(c.id(), event, "").isPresent();
  }
}
