package org.m2ib.fhir.store;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The order of a search's matches (FHIR R4 search.html#sort). The id is always the last key, so a
 * page can begin after any row, whatever is added or removed meanwhile.
 *
 * @param keys without the id at the end
 */
public record ResourceSort(List<Key> keys) {
  /** By id. */
  public static final ResourceSort BY_ID = new ResourceSort(List.of());

  /** A column of a resource's row. */
  public enum Column {
    ID("id", false),
    UPDATED("updated_at", true),
    /** A resource without a date is the oldest. */
    DATE("sort_date", true),
    /** Its first code or type in the order of letters. */
    CODE("sort_code", false);

    private final String sql;
    private final boolean time;

    Column(String sql, boolean time) {
      this.sql = sql;
      this.time = time;
    }

    private String text(ResultSet row) throws SQLException {
      return time
          ? row.getObject(sql, OffsetDateTime.class).toInstant().toString()
          : row.getString(sql);
    }

    private Object value(String text) {
      if (text.indexOf('\0') >= 0 || time && !text.matches("\\d{4}-.*")) {
        throw new IllegalArgumentException("not a place of this order");
      }
      return time ? Instant.parse(text).atOffset(ZoneOffset.UTC) : text;
    }
  }

  public record Key(Column column, boolean descending) {}

  /** The keys, and the id in the direction of the first: an index can be read in one direction. */
  private List<Key> all() {
    List<Key> all = new ArrayList<>(keys);
    if (keys.stream().noneMatch(key -> key.column() == Column.ID)) {
      all.add(new Key(Column.ID, !keys.isEmpty() && keys.get(0).descending()));
    }
    return all;
  }

  String orderBy() {
    return all().stream()
        .map(key -> "r." + key.column().sql + (key.descending() ? " desc" : ""))
        .collect(Collectors.joining(", ", " order by ", ""));
  }

  /** Returns the place of a row, to continue after it. */
  String place(ResultSet row) throws SQLException {
    if (keys.isEmpty()) {
      return row.getString(Column.ID.sql);
    }
    List<String> values = new ArrayList<>();
    for (Key key : all()) {
      values.add(key.column().text(row));
    }
    String joined = String.join("\n", values);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(joined.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Returns a condition for the rows after a place, and adds its values.
   *
   * @throws IllegalArgumentException if the place is not of this order
   */
  String after(String place, Map<String, Object> bindings) {
    List<Key> all = all();
    String[] values =
        keys.isEmpty()
            ? new String[] {place}
            : new String(Base64.getUrlDecoder().decode(place), StandardCharsets.UTF_8)
                .split("\n", -1);
    if (values.length != all.size()) {
      throw new IllegalArgumentException("not a place of this order");
    }
    List<String> alternatives = new ArrayList<>();
    StringBuilder equal = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      Key key = all.get(i);
      try {
        bindings.put("after" + i, key.column().value(values[i]));
      } catch (DateTimeException e) {
        throw new IllegalArgumentException("not a place of this order");
      }
      String column = "r." + key.column().sql;
      String beyond = column + (key.descending() ? " < " : " > ") + ":after" + i;
      alternatives.add("(" + equal + beyond + ")");
      equal.append(column).append(" = :after").append(i).append(" and ");
    }
    Key first = all.get(0);
    // implied by the alternatives, and what lets the database begin at that place of the index
    String bound =
        "r." + first.column().sql + (first.descending() ? " <= " : " >= ") + ":after0 and ";
    return " and " + bound + "(" + String.join(" or ", alternatives) + ")";
  }
}
