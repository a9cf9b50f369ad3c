package org.m2ib.accounts;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;
import org.m2ib.cases.Database;

/** The users' rows. None is ever deleted: judgements and the activity log name them. */
public final class UserStore {
  private final Database database;
  private final Clock clock;

  public UserStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  public Optional<User> find(String name) {
    return database.list(ROW, "select * from users where name = ?", name).stream().findFirst();
  }

  /** All, by name. */
  public List<User> all() {
    return database.list(ROW, "select * from users order by name");
  }

  /** Adds a user; false if the name is taken. */
  boolean add(
      String name, String displayName, List<String> roles, Secret secret, String createdBy) {
    return database.inTransaction(
        () -> {
          if (find(name).isPresent()) {
            return false;
          }
          OffsetDateTime now = now();
          return database.with(
                  h ->
                      h.execute(
                          "insert into users (name, display_name, roles, password_hash, must_change,"
                              + " managed, disabled, created_at, created_by, changed_at, changed_by)"
                              + " values (?, ?, ?, ?, ?, ?, false, ?, ?, ?, ?)",
                          name,
                          displayName,
                          String.join(",", roles),
                          secret.hash(),
                          secret.mustChange(),
                          secret.managed(),
                          now,
                          createdBy,
                          now,
                          createdBy))
              == 1;
        });
  }

  /**
   * @param hash argon2id
   */
  record Secret(String hash, boolean mustChange, boolean managed) {}

  void setSecret(String name, Secret secret, String by) {
    database.with(
        h ->
            h.execute(
                "update users set password_hash = ?, must_change = ?, managed = ?, changed_at = ?,"
                    + " changed_by = ? where name = ?",
                secret.hash(),
                secret.mustChange(),
                secret.managed(),
                now(),
                by,
                name));
  }

  void setRights(String name, String displayName, List<String> roles, boolean disabled, String by) {
    database.with(
        h ->
            h.execute(
                "update users set display_name = ?, roles = ?, disabled = ?, changed_at = ?,"
                    + " changed_by = ? where name = ?",
                displayName,
                String.join(",", roles),
                disabled,
                now(),
                by,
                name));
  }

  private OffsetDateTime now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC);
  }

  static List<String> roles(String joined) {
    return Arrays.stream(joined.split(",")).filter(role -> !role.isEmpty()).toList();
  }

  private static final RowMapper<User> ROW =
      (row, context) ->
          new User(
              row.getString("name"),
              row.getString("display_name"),
              roles(row.getString("roles")),
              row.getString("password_hash"),
              row.getBoolean("must_change"),
              row.getBoolean("managed"),
              row.getBoolean("disabled"),
              row.getObject("created_at", OffsetDateTime.class).toInstant(),
              row.getString("created_by"),
              row.getObject("changed_at", OffsetDateTime.class).toInstant(),
              row.getString("changed_by"));
}
