package org.m2ib.accounts;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.m2ib.base.Digests;
import org.m2ib.cases.Database;

/** The links of other systems that were opened; each counts once. */
public final class LaunchStore {
  private final Database database;
  private final Clock clock;

  public LaunchStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Takes a link's nonce; false if it was taken before.
   *
   * @param expires when the link loses its force, and the nonce can be forgotten
   */
  public synchronized boolean take(String nonce, Instant expires) {
    return database.inTransaction(
        () -> {
          database.with(
              h ->
                  h.execute(
                      "delete from launch where expires_at < ?",
                      clock.instant().atOffset(ZoneOffset.UTC)));
          return database.with(
                  h ->
                      h.execute(
                          "insert into launch (nonce_hash, expires_at) select ?, ?"
                              + " where not exists (select 1 from launch where nonce_hash = ?)",
                          Digests.sha256(nonce),
                          expires.atOffset(ZoneOffset.UTC),
                          Digests.sha256(nonce)))
              == 1;
        });
  }
}
