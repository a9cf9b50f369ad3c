package org.m2ib.accounts;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;
import org.m2ib.base.Digests;
import org.m2ib.cases.Database;

/**
 * The sessions of pages. One that is ended, unused for too long, too old, or of a disabled user is
 * not found, whoever has a copy of its cookie. Only hashes of ids are stored.
 */
public final class SessionStore {
  private static final String SELECT =
      "select s.*, u.roles as user_roles, u.must_change from user_session s"
          + " left join users u on u.name = s.person and s.roles is null"
          + " where s.seen_at > ? and s.started_at > ?"
          + " and (s.roles is not null or u.disabled = false) and ";

  private final Database database;
  private final Clock clock;
  private final Duration idle;
  private final Duration limit;

  /**
   * @param idle time without a request after which a session ends
   * @param limit time after which it ends in any case
   */
  public SessionStore(Database database, Clock clock, Duration idle, Duration limit) {
    this.database = database;
    this.clock = clock;
    this.idle = idle;
    this.limit = limit;
  }

  /** Begins a session of a user and returns its id, a secret. */
  public String begin(User user, String address) {
    return begin(user.name(), user.displayName(), null, address, null);
  }

  /**
   * Begins a session of someone for whom an identity provider vouches.
   *
   * @param roles for as long as the session lasts
   */
  public String begin(
      String person, String displayName, List<String> roles, String address, String idToken) {
    String id = UUID.randomUUID().toString();
    OffsetDateTime now = time(clock.instant());
    database.with(
        h -> {
          h.execute(
              "delete from user_session where seen_at <= ? or started_at <= ?",
              time(clock.instant().minus(idle)),
              time(clock.instant().minus(limit)));
          return h.execute(
              "insert into user_session (id_hash, person, display_name, roles, address, started_at,"
                  + " seen_at, id_token) values (?, ?, ?, ?, ?, ?, ?, ?)",
              hash(id),
              person,
              displayName,
              roles == null ? null : String.join(",", roles),
              address,
              now,
              now,
              idToken);
        });
    return id;
  }

  /**
   * Finds a session that goes on, and notes that it is used.
   *
   * @return as it was before
   */
  public Optional<Session> use(String id) {
    Instant now = clock.instant();
    Optional<Session> found = select("s.id_hash = ?", hash(id)).stream().findFirst();
    if (found.isPresent() && found.get().isDue(now)) {
      database.with(
          h ->
              h.execute(
                  "update user_session set seen_at = ? where id_hash = ?", time(now), hash(id)));
    }
    return found;
  }

  /** Those of a person, the latest first. */
  public List<Session> of(String person) {
    return select("s.person = ? order by s.number desc", person);
  }

  private List<Session> select(String condition, Object argument) {
    Instant now = clock.instant();
    return database.list(
        ROW, SELECT + condition, time(now.minus(idle)), time(now.minus(limit)), argument);
  }

  public void end(String id) {
    database.with(h -> h.execute("delete from user_session where id_hash = ?", hash(id)));
  }

  /** Ends all sessions of a person. */
  public void endAll(String person) {
    database.with(h -> h.execute("delete from user_session where person = ?", person));
  }

  /** Hides or shows names and identifiers in a session. */
  public void setConference(String id, boolean conference) {
    database.with(
        h ->
            h.execute(
                "update user_session set conference = ? where id_hash = ?", conference, hash(id)));
  }

  private static String hash(String id) {
    return Digests.sha256(id);
  }

  private static OffsetDateTime time(Instant at) {
    return at.truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC);
  }

  private static final RowMapper<Session> ROW =
      (row, context) -> {
        String roles = row.getString("roles");
        return new Session(
            row.getLong("number"),
            row.getString("person"),
            row.getString("display_name"),
            UserStore.roles(roles == null ? row.getString("user_roles") : roles),
            roles == null && row.getBoolean("must_change"),
            row.getString("address"),
            row.getObject("started_at", OffsetDateTime.class).toInstant(),
            row.getObject("seen_at", OffsetDateTime.class).toInstant(),
            row.getString("id_token"),
            row.getBoolean("conference"));
      };
}
