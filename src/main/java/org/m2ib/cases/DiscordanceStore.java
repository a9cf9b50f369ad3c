package org.m2ib.cases;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.ToIntFunction;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** Discordances with their judgements, and the threshold that a site accepted. */
public final class DiscordanceStore {
  /** Number of the judgement that counts: the latest that is not undone. */
  private static final String COUNTING =
      "(select max(number) from discordance_judgement k where k.discordance_id = %s"
          + " and k.undone_at is null)";

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

  /** A person's judgement of one. */
  public record Judgement(UUID id, UUID discordance, String person) {}

  /** A judged one: the verdict that counts, and the log-odds that were seen. */
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
   * @param highest score, also of those that are not kept; null if nothing had one
   * @throws OutdatedCaseException if it has; nothing is stored
   */
  public void replace(Case attributed, Run run, Double highest, List<StoredDiscordance> found) {
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
                      highest,
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

  /** Those of a case that hold, the most doubtful first. */
  public List<StoredDiscordance> of(UUID caseId) {
    return database.list(
        ROW,
        "select * from discordance where case_id = ? and holds order by queue_rank desc, id",
        caseId);
  }

  /** Those that were found in a case at any time. */
  public List<KeptDiscordance> kept(UUID caseId) {
    return database.list(
        (row, context) -> new KeptDiscordance(ROW.map(row, context), row.getBoolean("holds")),
        "select * from discordance where case_id = ? order by queue_rank desc, id",
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

  /**
   * Adds a person's judgement; the latest that is not undone counts.
   *
   * @return its id
   */
  public UUID judge(StoredDiscordance one, String verdict, String person) {
    UUID id = UUID.randomUUID();
    changeVerdict(
        one.id(),
        h ->
            h.execute(
                """
                insert into discordance_judgement
                  (id, discordance_id, verdict, log_odds, person, judged_at)
                values (?, ?, ?, ?, ?, ?)
                """,
                id,
                one.id(),
                verdict,
                one.logOdds(),
                person,
                now()));
    return id;
  }

  /**
   * Undoes a judgement if it is the one that counts; the one before it counts then. The row stays.
   *
   * @return whether it was the one that counts
   */
  public boolean undo(UUID discordance, UUID judgement) {
    return changeVerdict(
            discordance,
            h ->
                h.execute(
                    "update discordance_judgement set undone_at = ? where id = ? and number = "
                        + COUNTING.formatted("?"),
                    now(),
                    judgement,
                    discordance))
        > 0;
  }

  /** Changes judgements of one, in turn with others, and keeps beside it the one that counts. */
  private int changeVerdict(UUID discordance, ToIntFunction<Handle> change) {
    return database.inTransaction(
        () ->
            database.with(
                h -> {
                  h.select("select 1 from discordance where id = ? for update", discordance)
                      .mapTo(Integer.class)
                      .findFirst();
                  int rows = change.applyAsInt(h);
                  h.execute(
                      """
                      update discordance set verdict =
                        (select verdict from discordance_judgement where number = %s) where id = ?
                      """
                          .formatted(COUNTING.formatted("?")),
                      discordance,
                      discordance);
                  return rows;
                }));
  }

  /** The judgement of one with this id, undone or not. */
  public Optional<Judgement> judgement(UUID discordance, UUID id) {
    return database
        .list(
            JUDGEMENT,
            "select * from discordance_judgement where discordance_id = ? and id = ?",
            discordance,
            id)
        .stream()
        .findFirst();
  }

  /** The judgements that count, by the id of what they judge; none for one that is not judged. */
  public Map<UUID, Judgement> counting(Collection<UUID> discordances) {
    Map<UUID, Judgement> counting = new HashMap<>();
    if (!discordances.isEmpty()) {
      database
          .with(
              h ->
                  h.createQuery(
                          "select * from discordance_judgement j where discordance_id in (<ids>)"
                              + " and number = "
                              + COUNTING.formatted("j.discordance_id"))
                      .bindList("ids", List.copyOf(discordances))
                      .map(JUDGEMENT)
                      .list())
          .forEach(judgement -> counting.put(judgement.discordance(), judgement));
    }
    return counting;
  }

  /** The judgement that counts of each that has a score, also of those that no longer hold. */
  public List<Judged> judged() {
    return database.list(
        (row, context) -> new Judged(row.getString("verdict"), row.getDouble("log_odds")),
        "select verdict, log_odds from discordance_judgement j where log_odds is not null and number = "
            + COUNTING.formatted("j.discordance_id"));
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

  private static final RowMapper<Judgement> JUDGEMENT =
      (row, context) ->
          new Judgement(
              row.getObject("id", UUID.class),
              row.getObject("discordance_id", UUID.class),
              row.getString("person"));
}
