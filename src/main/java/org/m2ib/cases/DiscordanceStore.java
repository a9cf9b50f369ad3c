package org.m2ib.cases;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;

/** Discordances with their judgements, and the threshold that a site accepted. */
public final class DiscordanceStore {
  private final Database database;
  private final Clock clock;

  public DiscordanceStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * How a case's were computed.
   *
   * @param calibrated whether the model has coefficients
   * @param milliseconds that it took
   */
  public record Run(boolean calibrated, long milliseconds) {}

  /**
   * A page of the queue.
   *
   * @param judged whether judged ones are wanted; null for all
   * @param least lowest rank
   * @param kind code; null for all
   * @param after the last of the page before; null for the first page
   */
  public record Query(Boolean judged, double least, String kind, Place after, int limit) {}

  /** A place in the queue. */
  public record Place(double rank, UUID id) {}

  /** A judged one: the latest verdict, and the log-odds that were seen. */
  public record Judged(String verdict, double logOdds) {}

  public Optional<Run> run(UUID caseId) {
    return database
        .list(
            (row, context) -> new Run(row.getBoolean("calibrated"), row.getLong("milliseconds")),
            "select * from discordance_run where case_id = ?",
            caseId)
        .stream()
        .findFirst();
  }

  /**
   * Replaces those of a case, if it has not changed since attribution began. One that was found
   * before keeps its time and its judgement.
   *
   * @throws OutdatedCaseException if it has; nothing is stored
   */
  public void replace(Case attributed, Run run, List<StoredDiscordance> found) {
    UUID caseId = attributed.id();
    database.inTransaction(
        () ->
            database.with(
                h -> {
                  if (h.select(
                          """
                          select 1 from cases
                          where id = ? and revision = ? and state = 'ATTRIBUTING' for update
                          """,
                          caseId,
                          attributed.revision())
                      .mapTo(Integer.class)
                      .findFirst()
                      .isEmpty()) {
                    throw new OutdatedCaseException(caseId);
                  }
                  Map<UUID, StoredDiscordance> before = new HashMap<>();
                  database
                      .list(ROW, "select * from discordance where case_id = ?", caseId)
                      .forEach(row -> before.put(row.id(), row));
                  h.execute("update discordance set holds = false where case_id = ?", caseId);
                  for (StoredDiscordance one : found) {
                    StoredDiscordance old = before.get(one.id());
                    h.execute("delete from discordance where id = ?", one.id());
                    h.createUpdate(
                            """
                            insert into discordance (id, case_id, kind, finding, result_id, place,
                              image, log_odds, queue_rank, body, found_at, holds, verdict)
                            values (:id, :caseId, :kind, :finding, cast(:resultId as uuid), :place, :image,
                              :logOdds, :rank, :body, :found, true, :said)
                            """)
                        .bindMethods(one)
                        .bind("found", (old == null ? one : old).foundAt().atOffset(ZoneOffset.UTC))
                        .bind("said", old == null ? null : old.verdict())
                        .execute();
                  }
                  h.execute(
                      "update cases set discordance = ?, "
                          + CaseStore.LISTED_AGAIN
                          + " where id = ?",
                      score(run, found),
                      caseId);
                  h.execute("delete from discordance_run where case_id = ?", caseId);
                  return h.execute(
                      """
                      insert into discordance_run (case_id, calibrated, milliseconds) values (?, ?, ?)
                      """,
                      caseId,
                      run.calibrated(),
                      run.milliseconds());
                }));
  }

  /** The score of a case: that of its most doubtful; null if none could be scored. */
  private static Double score(Run run, List<StoredDiscordance> found) {
    return run.calibrated()
        ? found.stream()
            .map(StoredDiscordance::score)
            .filter(Objects::nonNull)
            .max(Double::compare)
            .orElse(0.0)
        : null;
  }

  /** Those of a case that hold, the most doubtful first. */
  public List<StoredDiscordance> of(UUID caseId) {
    return database.list(
        ROW,
        "select * from discordance where case_id = ? and holds order by queue_rank desc, id",
        caseId);
  }

  public Optional<StoredDiscordance> find(UUID id) {
    return database.list(ROW, "select * from discordance where id = ? and holds", id).stream()
        .findFirst();
  }

  /** A page of those that hold and whose case's results do, the most doubtful first. */
  public List<StoredDiscordance> queue(Query query) {
    StringBuilder sql =
        new StringBuilder(
            """
            select d.* from discordance d join cases c on c.id = d.case_id
            where d.holds and d.queue_rank >= :least
              and c.state not in ('MISMATCHED', 'WITHDRAWING', 'CANCELLED', 'SKIPPED', 'EXPIRED')
            """);
    if (query.judged() != null) {
      sql.append(query.judged() ? " and d.verdict is not null" : " and d.verdict is null");
    }
    if (query.kind() != null) {
      sql.append(" and d.kind = :kind");
    }
    if (query.after() != null) {
      sql.append(" and (d.queue_rank < :rank or d.queue_rank = :rank and d.id > :id)");
    }
    sql.append(" order by d.queue_rank desc, d.id limit :limit");
    return database.with(
        h -> {
          var select =
              h.createQuery(sql.toString())
                  .bind("least", query.least())
                  .bind("limit", query.limit());
          if (query.kind() != null) {
            select.bind("kind", query.kind());
          }
          if (query.after() != null) {
            select.bind("rank", query.after().rank()).bind("id", query.after().id());
          }
          return select.map(ROW).list();
        });
  }

  /** Adds a person's judgement; the latest counts. */
  public void judge(StoredDiscordance one, String verdict, String person) {
    database.inTransaction(
        () ->
            database.with(
                h -> {
                  h.execute(
                      """
                      insert into discordance_judgement
                        (id, discordance_id, verdict, log_odds, person, judged_at)
                      values (?, ?, ?, ?, ?, ?)
                      """,
                      UUID.randomUUID(),
                      one.id(),
                      verdict,
                      one.logOdds(),
                      person,
                      now());
                  return h.execute(
                      "update discordance set verdict = ? where id = ?", verdict, one.id());
                }));
  }

  /** The latest judgement of each that has a score, also of those that no longer hold. */
  public List<Judged> judged() {
    return database.list(
        (row, context) -> new Judged(row.getString("verdict"), row.getDouble("log_odds")),
        """
        select verdict, log_odds from discordance_judgement j
        where log_odds is not null and number =
          (select max(number) from discordance_judgement k where k.discordance_id = j.discordance_id)
        """);
  }

  /** The score that was accepted last; empty if none was. */
  public Optional<Double> threshold() {
    return database
        .list(
            (row, context) -> row.getDouble("score"),
            "select score from discordance_threshold order by number desc limit 1")
        .stream()
        .findFirst();
  }

  public void accept(double score, String person) {
    database.with(
        h ->
            h.execute(
                "insert into discordance_threshold (score, person, accepted_at) values (?, ?, ?)",
                score,
                person,
                now()));
  }

  private OffsetDateTime now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC);
  }

  private static final RowMapper<StoredDiscordance> ROW =
      (row, context) ->
          new StoredDiscordance(
              row.getObject("id", UUID.class),
              row.getObject("case_id", UUID.class),
              row.getString("kind"),
              row.getString("finding"),
              row.getObject("result_id", UUID.class),
              row.getObject("place", Integer.class),
              row.getObject("image", Integer.class),
              row.getObject("log_odds", Double.class),
              row.getDouble("queue_rank"),
              row.getString("body"),
              row.getObject("found_at", OffsetDateTime.class).toInstant(),
              row.getString("verdict"));
}
