package org.m2ib.cases;

import java.util.List;
import java.util.UUID;

/** What patient messages did to cases; rows are never changed. */
public final class CaseHistory {
  private final Database database;
  private final ArrivalStore arrivals;

  CaseHistory(Database database, ArrivalStore arrivals) {
    this.database = database;
    this.arrivals = arrivals;
  }

  /**
   * @param arrival the message, with the patients it names
   * @param effect what it did to the case, without patient data
   */
  public record Entry(Arrival arrival, String effect) {}

  /** Records an entry. */
  public void add(UUID caseId, long arrival, String effect) {
    database.with(
        h ->
            h.execute(
                "insert into case_history (case_id, arrival, effect) values (?, ?, ?)",
                caseId,
                arrival,
                effect));
  }

  /** Those of a case, the oldest first. */
  public List<Entry> of(UUID caseId) {
    return database.list(
        (row, context) -> new Entry(arrivals.get(row.getLong("arrival")), row.getString("effect")),
        "select arrival, effect from case_history where case_id = ? order by number",
        caseId);
  }
}
