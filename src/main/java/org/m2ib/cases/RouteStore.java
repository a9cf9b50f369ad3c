package org.m2ib.cases;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Optional;

/** The routes that cases took, by the SHA-256 of what they say; never changed nor deleted. */
public final class RouteStore {
  private final Database database;
  private final Clock clock;

  public RouteStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Keeps a route.
   *
   * @param hash SHA-256 of the body
   */
  public void keep(String hash, String body) {
    database.with(
        h ->
            h.execute(
                """
                    insert into route (hash, body, first_used_at)
                    select ?, ?, cast(? as timestamp with time zone)
                    where not exists (select 1 from route where hash = ?)
                    """,
                hash,
                body,
                clock.instant().atOffset(ZoneOffset.UTC),
                hash));
  }

  public Optional<String> find(String hash) {
    return database
        .list(
            (row, context) -> row.getString("body"), "select body from route where hash = ?", hash)
        .stream()
        .findFirst();
  }
}
