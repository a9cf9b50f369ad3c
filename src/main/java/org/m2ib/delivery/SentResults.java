package org.m2ib.delivery;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.Delivery.Kind;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;

/** Which results of a case concern a destination: routes may send them to different ones. */
public final class SentResults {
  private final CaseStore cases;
  private final ResultStore results;
  private final Outbox outbox;

  public SentResults(CaseStore cases, ResultStore results, Outbox outbox) {
    this.cases = cases;
    this.results = results;
    this.outbox = outbox;
  }

  /**
   * The results that were opened for the row's destination, also those withdrawn since; for {@link
   * Kind#REVOKED} only these. Without a route, every result of the case was.
   */
  List<StoredResult> of(Delivery row) {
    List<StoredResult> all = results.of(row.caseId());
    if (cases.find(row.caseId()).orElseThrow().route() == null) {
      return all;
    }
    Set<UUID> sent = outbox.results(row.caseId(), row.destination());
    return all.stream()
        .filter(result -> sent.contains(result.id()))
        .filter(result -> result.withdrawn() || row.kind() != Kind.REVOKED)
        .toList();
  }
}
