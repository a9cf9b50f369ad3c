package org.m2ib.worklist;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.Database;
import org.m2ib.worklist.WorklistQuery.Known;
import org.m2ib.worklist.WorklistQuery.Sort;
import org.m2ib.worklist.WorklistQuery.Sql;
import org.m2ib.worklist.WorklistQuery.Terms;

/** Finds, filters, sorts and pages the rows of the worklist. */
public final class Worklist {
  /** Up to so many matches are counted, and found by the filter; more are found by the order. */
  public static final int COUNTED = 1000;

  /** How many words a beginning stands for at most, in the order of the alphabet. */
  private static final int MOST_TERMS = 200;

  /** Up to so many cases are listed by a term and then checked; more are checked one by one. */
  private static final int RARE = 5000;

  private final Database database;
  private final WorklistIndex index;

  public Worklist(Database database, WorklistIndex index) {
    this.database = database;
    this.index = index;
  }

  /**
   * A page.
   *
   * @param next cursor of the page behind it; null if it is the last
   * @param total number of matches; {@value #COUNTED} + 1 stands for more than {@value #COUNTED}
   * @param version of the latest change that the rows certainly show
   */
  public record Page(List<WorklistRow> rows, String next, int total, long version) {}

  /**
   * @param cursor {@link Page#next} of another page; null for the first
   * @param limit number of rows, from 1
   * @throws IllegalArgumentException if the cursor does not fit the query
   */
  public Page page(WorklistQuery query, String cursor, int limit) {
    Cursor after = cursor == null ? null : Cursor.of(cursor, query);
    long version = version();
    Known known = known(query);
    int total = count(query, known);
    List<Found> found = found(select(query, known, after, limit + 1, total <= COUNTED));
    boolean more = found.size() > limit;
    List<Found> shown = more ? found.subList(0, limit) : found;
    String next =
        more
            ? new Cursor(query.fingerprint(), shown.get(limit - 1).key(), last(shown)).encoded()
            : null;
    return new Page(shown.stream().map(Found::row).toList(), next, total, version);
  }

  private static UUID last(List<Found> shown) {
    return shown.get(shown.size() - 1).row().id();
  }

  /** The case behind another one in the list; the first if that one is not listed. */
  public Optional<WorklistRow> after(WorklistQuery query, UUID id) {
    index.catchUp();
    String key =
        database
            .list(
                (row, context) -> key(row.getObject("sort_key")),
                "select " + query.sort().column + " as sort_key from worklist where case_id = ?",
                id)
            .stream()
            .findFirst()
            .orElse(null);
    Cursor after = key == null ? null : new Cursor(query.fingerprint(), key, id);
    Known known = known(query);
    return found(select(query, known, after, 2, count(query, known) <= COUNTED)).stream()
        .map(Found::row)
        .filter(row -> !row.id().equals(id))
        .findFirst();
  }

  /** The rows of these cases, in no order. */
  public List<WorklistRow> rows(List<UUID> ids) {
    index.catchUp();
    List<WorklistRow> rows = new ArrayList<>();
    for (UUID id : ids) {
      rows.addAll(database.list(ROW, "select * from worklist where case_id = ?", id));
    }
    return rows;
  }

  /** The rows that changed behind a version, the latest change last. */
  public List<WorklistRow> changedSince(long version, int limit) {
    index.catchUp();
    return database.list(
        ROW, "select * from worklist where version > ? order by version limit ?", version, limit);
  }

  /** The version of the latest change. */
  public long version() {
    index.catchUp();
    return database
        .list((row, c) -> row.getLong(1), "select coalesce(max(version), 0) from worklist")
        .get(0);
  }

  /** The different values of a column of few values, for its filter. */
  public List<String> values(Sort sort) {
    return database.list(
        (row, context) -> row.getString(1),
        "select distinct %1$s from worklist where %1$s <> '' order by %1$s limit 100"
            .formatted(sort.column));
  }

  /** The devices that there are or were, for their filter. */
  public List<String> devices() {
    return database.list(
        (row, context) -> row.getString(1).substring(WorklistQuery.DEVICE.length()),
        "select distinct word from worklist_word where word like ? order by word limit 100",
        WorklistQuery.DEVICE + "%");
  }

  Known known(WorklistQuery query) {
    return new Known(
        query.terms().stream()
            .map(
                term -> term.endsWith("*") && !term.contains(":") ? beginning(term) : List.of(term))
            .map(any -> new Terms(any, isRare(any)))
            .toList(),
        query.patient() != null && isThere("patient_id = ?", query.patient()),
        query.patient() != null && isThere("patient like ?", query.beginning()),
        query.judgedBy() != null
            && isRare("select 1 from judgement where person = ?", query.judgedBy()));
  }

  private boolean isThere(String condition, String value) {
    return !database
        .list(
            (row, context) -> true, "select 1 from worklist where " + condition + " limit 1", value)
        .isEmpty();
  }

  private boolean isRare(List<String> any) {
    String matches =
        "select 1 from worklist_term where term in (" + WorklistQuery.places(any) + ")";
    return any.isEmpty() || isRare(matches, any.toArray());
  }

  private boolean isRare(String select, Object... arguments) {
    String counted = "select count(*) from (" + select + " limit " + (RARE + 1) + ") c";
    return database.list((row, context) -> row.getInt(1), counted, arguments).get(0) <= RARE;
  }

  private List<String> beginning(String word) {
    return database.list(
        (row, context) -> row.getString(1),
        "select distinct word from worklist_word where word like ? and word not like '%:%'"
            + " order by word limit "
            + MOST_TERMS,
        WorklistQuery.like(word.substring(0, word.length() - 1)));
  }

  private int count(WorklistQuery query, Known known) {
    Sql counted = counted(query, known);
    return database
        .list((row, c) -> row.getInt(1), counted.text(), counted.arguments().toArray())
        .get(0);
  }

  private List<Found> found(Sql sql) {
    return database.list(
        (row, context) -> new Found(ROW.map(row, context), key(row.getObject("sort_key"))),
        sql.text(),
        sql.arguments().toArray());
  }

  private record Found(WorklistRow row, String key) {}

  static Sql counted(WorklistQuery query, Known known) {
    Sql where = query.where(true, known);
    return new Sql(
        "select count(*) from (select 1 from worklist w"
            + (where.text().isEmpty() ? "" : " where " + where.text())
            + " limit "
            + (COUNTED + 1)
            + ") c",
        where.arguments());
  }

  /**
   * @param few whether the filter has few matches: these are found by it and then sorted; else rows
   *     are read in order from an index until enough match
   */
  static Sql select(WorklistQuery query, Known known, Cursor after, int limit, boolean few) {
    Sql where = query.where(few, known);
    List<Object> arguments = new ArrayList<>(where.arguments());
    String column = query.sort().column;
    boolean down = query.descending() && query.sort() != Sort.RANDOM;
    String matching = where.text();
    String from =
        few && !matching.isEmpty()
            ? "(select * from worklist w where " + matching + " limit " + (COUNTED + 1) + ") w"
            : "worklist w";
    List<String> conditions = new ArrayList<>();
    if (!few && !matching.isEmpty()) {
      conditions.add(matching);
    }
    if (after != null) {
      Object value = value(query.sort(), after.value());
      String compare = down ? "<" : ">";
      conditions.add("%1$s %2$s= ? and (%1$s %2$s ? or case_id %2$s ?)".formatted(column, compare));
      arguments.addAll(List.of(value, value, after.id()));
    }
    String direction = down ? " desc" : "";
    return new Sql(
        "select w.*, w."
            + column
            + " as sort_key from "
            + from
            + (conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions))
            + " order by %1$s%2$s, case_id%2$s limit %3$d".formatted(column, direction, limit),
        arguments);
  }

  private static String key(Object value) {
    return value instanceof OffsetDateTime time
        ? time.toInstant().toString()
        : value instanceof java.sql.Timestamp stamp
            ? stamp.toInstant().toString()
            : String.valueOf(value);
  }

  /**
   * @throws IllegalArgumentException if the text is no value of the column
   */
  private static Object value(Sort sort, String text) {
    try {
      return switch (sort) {
        case UPDATED -> Instant.parse(text).atOffset(ZoneOffset.UTC);
        case SENTENCES, ALARMS, UNJUDGED, RANDOM -> Integer.valueOf(text);
        case SIMILARITY, DISCORDANCE -> Double.valueOf(text);
        default -> text;
      };
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("cursor: not one of this list. Leave it out to begin.");
    }
  }

  private static Double number(double stored) {
    return stored == WorklistIndex.NONE ? null : stored;
  }

  static final RowMapper<WorklistRow> ROW =
      (row, context) ->
          new WorklistRow(
              row.getObject("case_id", UUID.class),
              row.getLong("version"),
              row.getString("patient_name"),
              row.getString("patient_id"),
              row.getString("accession"),
              row.getString("study_instance_uid"),
              row.getString("study_date"),
              row.getString("modality"),
              row.getString("view_position"),
              row.getString("body_part"),
              row.getString("model"),
              row.getInt("sentences"),
              row.getInt("alarms"),
              row.getString("alarm_kinds").isEmpty()
                  ? List.of()
                  : List.of(row.getString("alarm_kinds").split(" ")),
              number(row.getDouble("similarity")),
              number(row.getDouble("discordance")),
              row.getInt("judged"),
              row.getString("assigned"),
              CaseState.valueOf(row.getString("state")),
              row.getString("reason"),
              row.getString("picture"),
              row.getObject("updated_at", OffsetDateTime.class).toInstant());
}
