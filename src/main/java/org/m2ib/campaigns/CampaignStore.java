package org.m2ib.campaigns;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;
import org.m2ib.cases.Database;
import org.m2ib.judging.OwnReports;
import org.m2ib.judging.Stage;

/** Campaigns, their samples and who judges what. A sample does not change once it is drawn. */
public final class CampaignStore {
  private static final ObjectMapper JSON = new ObjectMapper().registerModule(new JavaTimeModule());
  private static final TypeReference<List<Stratum>> STRATA = new TypeReference<>() {};
  private final Database database;

  public CampaignStore(Database database) {
    this.database = database;
  }

  /** The sentences that a stratum is drawn from. */
  public List<Draw.Candidate> candidates(Filter filter) {
    List<String> conditions = new ArrayList<>(List.of("not r.withdrawn"));
    List<Object> arguments = new ArrayList<>();
    add(conditions, arguments, "r.alarm = ?", filter.alarm());
    add(conditions, arguments, "c.model = ?", filter.model());
    add(conditions, arguments, "r.similarity >= ?", filter.similarityFrom());
    add(conditions, arguments, "r.similarity <= ?", filter.similarityTo());
    add(
        conditions,
        arguments,
        "c.created_at >= ?",
        filter.from() == null ? null : filter.from().atStartOfDay().atOffset(ZoneOffset.UTC));
    add(
        conditions,
        arguments,
        "c.created_at < ?",
        filter.to() == null
            ? null
            : filter.to().plusDays(1).atStartOfDay().atOffset(ZoneOffset.UTC));
    String image =
        "exists (select 1 from arrival a where a.study_instance_uid = c.study_instance_uid and"
            + " a.kind = 'IMAGE' and ";
    add(conditions, arguments, image + "a.modality = ?)", filter.modality());
    add(conditions, arguments, image + "a.calling_ae_title = ?)", filter.callingAeTitle());
    add(
        conditions,
        arguments,
        """
        exists (select 1 from held_series s join held_study t on s.study = t.id
          where t.study_instance_uid = c.study_instance_uid and s.body_part_examined = ?)
        """,
        filter.bodyPart());
    return database.list(
        (row, context) ->
            new Draw.Candidate(
                row.getObject("case_id", UUID.class),
                row.getObject("id", UUID.class),
                row.getInt("position")),
        "select r.case_id, r.id, r.position from result r join cases c on r.case_id = c.id where "
            + String.join(" and ", conditions),
        arguments.toArray());
  }

  private static void add(
      List<String> conditions, List<Object> arguments, String condition, Object value) {
    if (value != null) {
      conditions.add(condition);
      arguments.add(value);
    }
  }

  /**
   * Draws and stores a campaign.
   *
   * @param authors nobody is given their own report
   * @throws IllegalArgumentException if there is nothing to draw from; nothing is stored
   */
  public List<Item> create(Campaign campaign, OwnReports authors) {
    return database.inTransaction(
        () -> {
          Draw draw =
              new Draw(
                  campaign,
                  (person, caseId) -> !Boolean.TRUE.equals(authors.isOwn(authors(caseId), person)));
          List<Item> items =
              draw.sample(campaign.strata().stream().map(s -> candidates(s.filter())).toList());
          if (items.isEmpty()) {
            throw new IllegalArgumentException("strata: there is no sentence in any of them");
          }
          insert(campaign);
          database.with(
              h -> {
                var rows =
                    h.prepareBatch(
                        """
                        insert into campaign_item (campaign, number, stratum, case_id, result_id,
                          position, readers)
                        values (:campaign, :number, :stratum, :caseId, :resultId,
                          :position, :readers)
                        """);
                items.forEach(item -> rows.bindMethods(item).bind("campaign", campaign.id()).add());
                return rows.execute();
              });
          List<Assignment> assigned = draw.assign(items);
          database.with(
              h -> {
                var rows =
                    h.prepareBatch(
                        """
                        insert into campaign_assignment (campaign, person, place, item)
                        values (:campaign, :person, :place, :item)
                        """);
                assigned.forEach(a -> rows.bindMethods(a).bind("campaign", campaign.id()).add());
                return rows.execute();
              });
          return items;
        });
  }

  private List<String> authors(UUID caseId) {
    return database
        .list(
            (row, context) -> row.getString("authors"),
            """
            select a.authors from cases c join arrival a on a.id = c.report_arrival
            where c.id = ? and a.authors is not null
            """,
            caseId)
        .stream()
        .flatMap(String::lines)
        .toList();
  }

  private void insert(Campaign campaign) {
    database.with(
        h ->
            h.createUpdate(
                    """
                    insert into campaign (id, question, scheme, version, blind, double_share,
                      one_per_case, seed, strata, readers, deadline, created_by, created_at)
                    values (:id, :question, :scheme, :version, :blind, :doubleShare,
                      :onePerCase, :seed, :drawn, :persons, cast(:until as timestamp with time zone),
                      :createdBy, :created)
                    """)
                .bindMethods(campaign)
                .bind("drawn", json(campaign.strata()))
                .bind("persons", json(campaign.readers()))
                .bind("until", utc(campaign.deadline()))
                .bind("created", utc(campaign.createdAt()))
                .execute());
  }

  /** Ends a campaign: nothing more is taken. */
  public void close(UUID id, Instant now) {
    database.with(
        h ->
            h.execute(
                "update campaign set closed_at = ? where id = ? and closed_at is null",
                utc(now),
                id));
  }

  public Optional<Campaign> find(UUID id) {
    return database.list(ROW, "select * from campaign where id = ?", id).stream().findFirst();
  }

  /** The latest first. */
  public List<Campaign> all() {
    return database.list(ROW, "select * from campaign order by created_at desc, id");
  }

  public List<Item> items(UUID campaign) {
    return database.list(
        ITEM, "select * from campaign_item where campaign = ? order by number", campaign);
  }

  /** The results of the sample that reports no longer have, so that they cannot be judged. */
  public Set<UUID> withdrawn(UUID campaign) {
    return new HashSet<>(
        database.list(
            (row, context) -> row.getObject("result_id", UUID.class),
            """
            select i.result_id from campaign_item i left join result r on r.id = i.result_id
            where i.campaign = ? and (r.id is null or r.withdrawn)
            """,
            campaign));
  }

  /** In each reader's own order. */
  public List<Assignment> assignments(UUID campaign) {
    return database.list(
        (row, context) ->
            new Assignment(row.getString("person"), row.getInt("place"), row.getInt("item")),
        "select * from campaign_assignment where campaign = ? order by person, place",
        campaign);
  }

  /** The item of a result that a person judges in a campaign. */
  public Optional<Item> item(UUID campaign, UUID resultId, String person) {
    return database
        .list(
            ITEM,
            """
            select i.* from campaign_item i join campaign_assignment a
              on a.campaign = i.campaign and a.item = i.number
            where i.campaign = ? and i.result_id = ? and a.person = ?
            """,
            campaign,
            resultId,
            person)
        .stream()
        .findFirst();
  }

  /** The results of a case that a person has still to judge in campaigns that take judgements. */
  public Set<UUID> awaited(UUID caseId, String person, Instant now) {
    return new HashSet<>(
        database.list(
            (row, context) -> row.getObject("result_id", UUID.class),
            """
            select i.result_id from campaign_item i
              join campaign_assignment a on a.campaign = i.campaign and a.item = i.number
              join campaign c on c.id = i.campaign
            where i.case_id = ? and a.person = ? and c.closed_at is null
              and (c.deadline is null or c.deadline > ?)
              and not exists (select 1 from judgement j where j.campaign = i.campaign
                and j.result_id = i.result_id and j.person = a.person and j.stage = ?
                and j.undone_at is null)
            """,
            caseId,
            person,
            utc(now),
            Stage.WITH_MAP.name()));
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> T read(String json, TypeReference<T> type) {
    try {
      return JSON.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Instant instant(OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }

  private static final RowMapper<Item> ITEM =
      (row, context) ->
          new Item(
              row.getInt("number"),
              row.getString("stratum"),
              row.getObject("case_id", UUID.class),
              row.getObject("result_id", UUID.class),
              row.getInt("position"),
              row.getInt("readers"));

  private static final RowMapper<Campaign> ROW =
      (row, context) ->
          new Campaign(
              row.getObject("id", UUID.class),
              row.getString("question"),
              row.getString("scheme"),
              row.getString("version"),
              row.getBoolean("blind"),
              row.getDouble("double_share"),
              row.getBoolean("one_per_case"),
              row.getLong("seed"),
              read(row.getString("strata"), STRATA),
              read(row.getString("readers"), new TypeReference<>() {}),
              instant(row.getObject("deadline", OffsetDateTime.class)),
              row.getString("created_by"),
              row.getObject("created_at", OffsetDateTime.class).toInstant(),
              instant(row.getObject("closed_at", OffsetDateTime.class)));
}
