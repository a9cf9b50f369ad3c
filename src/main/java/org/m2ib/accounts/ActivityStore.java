package org.m2ib.accounts;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.mapper.RowMapper;
import org.m2ib.cases.Database;

/** The activity log. Rows are never changed, and removed only when they are older than is kept. */
public final class ActivityStore {
  private static final int MOST_NAME = 64;
  private static final int MOST_SUBJECT = 200;

  private static final Duration DAY = Duration.ofDays(1);

  private final AtomicReference<Instant> nextRemoval = new AtomicReference<>(Instant.MIN);
  private volatile Duration retention;
  private final Database database;
  private final Clock clock;

  public ActivityStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * What to look for; null for anything.
   *
   * @param subject the whole subject, or its beginning followed by {@code *}
   * @param from earliest time
   * @param to time before which it was
   */
  public record Filter(String person, String action, String subject, Instant from, Instant to) {}

  /** From now on removes, once a day, what is older. */
  public void keep(Duration age) {
    retention = age;
  }

  /** Adds an entry with the current time; texts that are too long are cut. */
  public void add(String person, String address, String action, String subject) {
    Instant now = clock.instant();
    Instant due = nextRemoval.get();
    if (retention != null && !now.isBefore(due) && nextRemoval.compareAndSet(due, now.plus(DAY))) {
      removeOlderThan(retention);
    }
    database.with(
        h ->
            h.execute(
                "insert into activity (happened_at, person, address, action, subject)"
                    + " values (?, ?, ?, ?, ?)",
                time(clock.instant().truncatedTo(ChronoUnit.MILLIS)),
                cut(person, 100),
                cut(address, MOST_NAME),
                cut(action, MOST_NAME),
                cut(subject, MOST_SUBJECT)));
  }

  /**
   * The newest first.
   *
   * @param before number of the entry after which to go on; {@link Long#MAX_VALUE} for the newest
   * @param limit at most so many
   */
  public List<Activity> find(Filter filter, long before, int limit) {
    StringBuilder sql = new StringBuilder("select * from activity where number < ?");
    List<Object> arguments = new ArrayList<>(List.of(before));
    add(sql, arguments, "person = ?", filter.person());
    add(sql, arguments, "action = ?", filter.action());
    String subject = filter.subject();
    if (subject != null && subject.endsWith("*")) {
      String start = subject.substring(0, subject.length() - 1).replaceAll("[!%_]", "!$0");
      add(sql, arguments, "subject like ? escape '!'", start + "%");
    } else {
      add(sql, arguments, "subject = ?", subject);
    }
    add(sql, arguments, "happened_at >= ?", filter.from() == null ? null : time(filter.from()));
    add(sql, arguments, "happened_at < ?", filter.to() == null ? null : time(filter.to()));
    sql.append(" order by number desc limit ").append(limit);
    return database.list(ROW, sql.toString(), arguments.toArray());
  }

  private static void add(StringBuilder sql, List<Object> arguments, String part, Object value) {
    if (value != null) {
      sql.append(" and ").append(part);
      arguments.add(value);
    }
  }

  /** Removes what is older; returns how many. */
  public int removeOlderThan(Duration age) {
    return database.with(
        h ->
            h.execute(
                "delete from activity where happened_at < ?", time(clock.instant().minus(age))));
  }

  private static OffsetDateTime time(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most);
  }

  private static final RowMapper<Activity> ROW =
      (row, context) ->
          new Activity(
              row.getLong("number"),
              row.getObject("happened_at", OffsetDateTime.class).toInstant(),
              row.getString("person"),
              row.getString("address"),
              row.getString("action"),
              row.getString("subject"));
}
