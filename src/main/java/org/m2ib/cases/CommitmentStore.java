package org.m2ib.cases;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.mapper.RowMapper;

/** Requests for storage commitment, and their answers. Rows are never deleted. */
public final class CommitmentStore {
  private final Database database;
  private final Clock clock;

  public CommitmentStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Records a request before it is made.
   *
   * @param objects SOP class UIDs by SOP Instance UID
   */
  public void open(String transactionUid, Delivery row, Map<String, String> objects) {
    database.with(
        h ->
            h.execute(
                """
                insert into storage_commitment (transaction_uid, delivery, opened, objects, failed,
                  requested_at)
                values (?, ?, ?, ?, '', ?)
                """,
                transactionUid,
                row.id(),
                row.opened(),
                lines(objects),
                now()));
  }

  /**
   * Records the answer; a later one replaces it.
   *
   * @param failed as in {@link Commitment}
   */
  public void answer(String transactionUid, Map<String, String> failed) {
    database.with(
        h ->
            h.execute(
                "update storage_commitment set answered_at = ?, failed = ? where transaction_uid = ?",
                now(),
                lines(failed),
                transactionUid));
  }

  public Optional<Commitment> find(String transactionUid) {
    return query("where transaction_uid = ?", transactionUid).stream().findFirst();
  }

  /** The last request for what the row now holds. */
  public Optional<Commitment> last(Delivery row) {
    return query(
            "where delivery = ? and opened = ? order by number desc limit 1",
            row.id(),
            row.opened())
        .stream()
        .findFirst();
  }

  private List<Commitment> query(String where, Object... arguments) {
    return database.list(ROW, "select * from storage_commitment " + where, arguments);
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }

  private static final RowMapper<Commitment> ROW =
      (row, context) ->
          new Commitment(
              row.getString("transaction_uid"),
              row.getObject("delivery", UUID.class),
              row.getInt("opened"),
              pairs(row.getString("objects")),
              instant(row.getObject("answered_at", OffsetDateTime.class)),
              pairs(row.getString("failed")));

  private static String lines(Map<String, String> pairs) {
    return pairs.entrySet().stream()
        .map(pair -> pair.getKey() + " " + pair.getValue())
        .collect(Collectors.joining("\n"));
  }

  private static Map<String, String> pairs(String lines) {
    return lines
        .lines()
        .map(line -> line.split(" "))
        .collect(Collectors.toMap(line -> line[0], line -> line[1]));
  }

  private static Instant instant(OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
