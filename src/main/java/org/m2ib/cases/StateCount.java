package org.m2ib.cases;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * How many cases are in a state.
 *
 * @param oldest when the one that has been unchanged longest was last changed; null if there is
 *     none
 */
public record StateCount(CaseState state, long cases, Instant oldest) {

  /**
   * Every state, in order.
   *
   * @throws StorageUnavailableException when the database does not answer
   */
  public static List<StateCount> of(Database database) {
    List<StateCount> found =
        database.list(
            (row, context) ->
                new StateCount(
                    CaseState.valueOf(row.getString("state")),
                    row.getLong("n"),
                    row.getObject("oldest", OffsetDateTime.class).toInstant()),
            "select state, count(*) as n, min(updated_at) as oldest from cases group by state");
    return List.of(CaseState.values()).stream()
        .map(
            state ->
                found.stream()
                    .filter(count -> count.state() == state)
                    .findFirst()
                    .orElse(new StateCount(state, 0, null)))
        .toList();
  }
}
