package org.m2ib.cases;

import java.util.EnumMap;
import java.util.Map;

/**
 * How many rows there are, counted by one query.
 *
 * @param cases in each state; every state is there
 * @param outbox in each status; every status is there
 * @param setAside arrivals that pairing could not process
 */
public record RowCounts(
    Map<CaseState, Long> cases, Map<Delivery.Status, Long> outbox, long setAside) {
  static final String SQL =
      """
      select 'cases', state, count(*) from cases group by state
      union all select 'outbox', status, count(*) from outbox group by status
      union all select 'arrivals', '', (%s)
      """
          .formatted(ArrivalStore.ASIDE_COUNT);

  /**
   * Asks the database.
   *
   * @throws StorageUnavailableException when it does not answer
   */
  public static RowCounts of(Database database) {
    Map<CaseState, Long> cases = zeros(CaseState.class);
    Map<Delivery.Status, Long> outbox = zeros(Delivery.Status.class);
    long[] aside = {0};
    database.list(
        (row, context) -> {
          long count = row.getLong(3);
          switch (row.getString(1)) {
            case "cases" -> cases.put(CaseState.valueOf(row.getString(2)), count);
            case "outbox" -> outbox.put(Delivery.Status.valueOf(row.getString(2)), count);
            default -> aside[0] = count;
          }
          return count;
        },
        SQL);
    return new RowCounts(cases, outbox, aside[0]);
  }

  private static <E extends Enum<E>> Map<E, Long> zeros(Class<E> type) {
    Map<E, Long> zeros = new EnumMap<>(type);
    for (E value : type.getEnumConstants()) {
      zeros.put(value, 0L);
    }
    return zeros;
  }
}
