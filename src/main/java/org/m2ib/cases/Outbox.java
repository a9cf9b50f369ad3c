package org.m2ib.cases;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;

/** Pending and past deliveries. Rows are never deleted, so they record the outcome. */
public final class Outbox {
  private final Database database;
  private final Clock clock;

  public Outbox(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** New content for a destination: opens its row, or reopens it. */
  public void open(UUID caseId, Delivery.Kind kind, String destination) {
    OffsetDateTime now = now();
    database.inTransaction(
        () ->
            database.with(
                h -> {
                  int changed =
                      h.execute(
                          """
                              update outbox set status = 'PENDING', attempts = 0, problem = '',
                                opened = opened + 1, opened_at = ?, updated_at = ?
                              where case_id = ? and kind = ? and destination = ?
                              """,
                          now,
                          now,
                          caseId,
                          kind.name(),
                          destination);
                  return changed > 0
                      ? changed
                      : h.execute(
                          """
                            insert into outbox (id, case_id, kind, destination, status, attempts,
                              problem, opened, opened_at, updated_at)
                            values (?, ?, ?, ?, 'PENDING', 0, '', 1, ?, ?)
                            """,
                          UUID.randomUUID(),
                          caseId,
                          kind.name(),
                          destination,
                          now,
                          now);
                }));
  }

  /**
   * Records the outcome of an attempt.
   *
   * @param tried the row as it was when the attempt began
   * @return false if it was reopened since; then nothing is recorded
   */
  public boolean record(Delivery tried, Delivery.Status status, int attempts, String problem) {
    int changed =
        database.with(
            h ->
                h.execute(
                    """
                                update outbox set status = ?, attempts = ?, problem = ?,
                                  updated_at = ?
                                where id = ? and status = ? and attempts = ? and opened = ?
                                """,
                    status.name(),
                    attempts,
                    problem,
                    now(),
                    tried.id(),
                    tried.status().name(),
                    tried.attempts(),
                    tried.opened()));
    return changed == 1;
  }

  /** Closes a row, whatever its status: nothing more is sent for it until it is opened again. */
  public void close(Delivery row, String why) {
    database.with(
        h ->
            h.execute(
                """
                    update outbox set status = 'REPLACED', problem = ?, opened = opened + 1,
                      updated_at = ? where id = ?
                    """,
                why,
                now(),
                row.id()));
  }

  /** Notes that a destination may get the results of a case that hold now. */
  public void noteResults(UUID caseId, String destination) {
    database.with(
        h ->
            h.execute(
                """
                    insert into sent_result (result_id, destination, case_id)
                    select r.id, ?, r.case_id from result r where r.case_id = ? and not r.withdrawn
                      and not exists (select 1 from sent_result s
                        where s.result_id = r.id and s.destination = ?)
                    """,
                destination,
                caseId,
                destination));
  }

  /** Notes that another destination has taken the place of one, with all that it may have got. */
  public void moveResults(UUID caseId, String from, String to) {
    noteResults(caseId, to);
    database.with(
        h ->
            h.execute(
                "delete from sent_result where case_id = ? and destination = ?", caseId, from));
  }

  /** The results of a case that a destination may have got. */
  public Set<UUID> results(UUID caseId, String destination) {
    return Set.copyOf(
        database.list(
            (row, context) -> row.getObject("result_id", UUID.class),
            "select result_id from sent_result where case_id = ? and destination = ?",
            caseId,
            destination));
  }

  /** How many rows wait for each destination. */
  public Map<String, Long> waiting() {
    Map<String, Long> waiting = new TreeMap<>();
    database
        .list(
            (row, context) -> Map.entry(row.getString("destination"), row.getLong("n")),
            "select destination, count(*) as n from outbox where status = 'PENDING'"
                + " group by destination")
        .forEach(entry -> waiting.put(entry.getKey(), entry.getValue()));
    return waiting;
  }

  public Optional<Delivery> find(UUID id) {
    return query("where id = ?", id).stream().findFirst();
  }

  public List<Delivery> of(UUID caseId) {
    return query("where case_id = ? order by kind, destination", caseId);
  }

  public List<Delivery> in(Delivery.Status status, int limit) {
    return query("where status = ? order by updated_at, id limit ?", status.name(), limit);
  }

  /** Those of a destination with a status, the longest unchanged first. */
  public List<Delivery> in(Delivery.Status status, String destination, int limit) {
    return query(
        "where status = ? and destination = ? order by updated_at, id limit ?",
        status.name(),
        destination,
        limit);
  }

  /** Destinations of the rows with a status. */
  public List<String> destinations(Delivery.Status status) {
    return database.list(
        (row, context) -> row.getString("destination"),
        "select distinct destination from outbox where status = ?",
        status.name());
  }

  private List<Delivery> query(String where, Object... arguments) {
    return database.list(ROW, "select * from outbox " + where, arguments);
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }

  private static final RowMapper<Delivery> ROW =
      (row, context) ->
          new Delivery(
              row.getObject("id", UUID.class),
              row.getObject("case_id", UUID.class),
              Delivery.Kind.valueOf(row.getString("kind")),
              row.getString("destination"),
              Delivery.Status.valueOf(row.getString("status")),
              row.getInt("attempts"),
              row.getString("problem"),
              row.getInt("opened"),
              row.getObject("updated_at", OffsetDateTime.class).toInstant());
}
