package org.m2ib.judging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;

/**
 * Judgements. Rows are never deleted: they remain when a result is withdrawn, and an undone one is
 * marked.
 */
public final class JudgementStore {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<LinkedHashMap<String, String>> ANSWERS =
      new TypeReference<>() {};

  private final Database database;
  private final Clock clock;

  public JudgementStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** The current time as it is stored. */
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Stores a judgement. The cast says to PostgreSQL what an absent campaign is. */
  public void add(Judgement made) {
    database.inTransaction(
        () ->
            database.with(
                h -> {
                  h.createUpdate(
                          """
                          insert into judgement (id, case_id, result_id, scheme, version, answers, stage,
                            readers, arbitration, campaign, region, note, person, judged_at)
                          values (:id, :caseId, :resultId, :scheme, :version, :said, :stage,
                            :readers, :arbitration, cast(:campaign as uuid), :drawn, :note, :person,
                              :when)
                          """)
                      .bindMethods(made)
                      .bind("said", json(made.answers()))
                      .bind("drawn", made.region() == null ? null : json(made.region()))
                      .bind("when", made.at().atOffset(ZoneOffset.UTC))
                      .execute();
                  return CaseStore.listAgain(h, made.caseId());
                }));
  }

  /** Marks a judgement as undone now; has no effect if it already is. */
  public void undo(UUID id) {
    database.inTransaction(
        () -> {
          database.with(
              h ->
                  h.createUpdate(
                          "update judgement set undone_at = :when where id = :id and undone_at is null")
                      .bind("id", id)
                      .bind("when", clock.instant().atOffset(ZoneOffset.UTC))
                      .execute());
          find(id).ifPresent(j -> database.with(h -> CaseStore.listAgain(h, j.caseId())));
        });
  }

  public Optional<Judgement> find(UUID id) {
    return database.list(ROW, "select * from judgement where id = ?", id).stream().findFirst();
  }

  /** All of a case, the latest first, including those of withdrawn results. */
  public List<Judgement> of(UUID caseId) {
    return database.list(
        ROW, "select * from judgement where case_id = ? order by number desc", caseId);
  }

  /** Cases of which several persons judge a sentence independently, the latest judged first. */
  public List<UUID> readIndependently(int limit) {
    return database.list(
        (row, context) -> row.getObject("case_id", UUID.class),
        """
        select case_id from judgement where readers > 1 and undone_at is null
        group by case_id order by max(number) desc limit ?
        """,
        limit);
  }

  /** All of a campaign, the latest first. */
  public List<Judgement> ofCampaign(UUID campaign) {
    return database.list(
        ROW, "select * from judgement where campaign = ? order by number desc", campaign);
  }

  /** Those that hold and are of no campaign that still takes judgements, the latest first. */
  public List<Judgement> published(Instant now) {
    return database.list(
        ROW,
        """
        select * from judgement j where j.undone_at is null and (j.campaign is null or exists (
          select 1 from campaign c where c.id = j.campaign
            and (c.closed_at is not null or c.deadline <= ?)))
        order by j.number desc
        """,
        now.atOffset(ZoneOffset.UTC));
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> answers(String json) {
    try {
      return JSON.readValue(json, ANSWERS);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Region region(String json) {
    try {
      return json == null ? null : JSON.readValue(json, Region.class);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final RowMapper<Judgement> ROW =
      (row, context) ->
          new Judgement(
              row.getObject("id", UUID.class),
              row.getObject("case_id", UUID.class),
              row.getObject("result_id", UUID.class),
              row.getString("scheme"),
              row.getString("version"),
              answers(row.getString("answers")),
              Stage.valueOf(row.getString("stage")),
              row.getInt("readers"),
              row.getBoolean("arbitration"),
              row.getObject("campaign", UUID.class),
              region(row.getString("region")),
              row.getString("note"),
              row.getString("person"),
              row.getObject("judged_at", OffsetDateTime.class).toInstant(),
              row.getObject("undone_at") != null);
}
