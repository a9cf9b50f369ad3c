package org.m2ib.cases;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * An attempt for a case that is due, in a table with {@code case_id}, {@code attempts} and {@code
 * next_at}.
 *
 * @param attempts number of earlier ones
 */
public record DueAttempt(UUID caseId, int attempts) {
  static final RowMapper<DueAttempt> ROW =
      (row, context) ->
          new DueAttempt(row.getObject("case_id", UUID.class), row.getInt("attempts"));

  /**
   * Takes the attempt, so that no other process makes it.
   *
   * @param until when it is due again if this process ends meanwhile
   * @return false if another process has taken it
   */
  boolean take(Database database, String table, Instant now, Instant until) {
    return database.with(
            h ->
                h.execute(
                    "update "
                        + table
                        + " set attempts = attempts + 1, next_at = ?"
                        + " where case_id = ? and attempts = ? and next_at <= ?",
                    until.atOffset(ZoneOffset.UTC),
                    caseId,
                    attempts,
                    now.atOffset(ZoneOffset.UTC)))
        == 1;
  }

  /**
   * Gives a taken attempt back that could not be made: it does not count.
   *
   * @param next when it is due again
   */
  void giveBack(Database database, String table, Instant next) {
    database.with(
        h ->
            h.execute(
                "update "
                    + table
                    + " set attempts = attempts - 1, next_at = ?"
                    + " where case_id = ? and attempts = ?",
                next.atOffset(ZoneOffset.UTC),
                caseId,
                attempts + 1));
  }
}
