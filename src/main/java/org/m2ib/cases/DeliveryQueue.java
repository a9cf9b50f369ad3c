package org.m2ib.cases;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What is not done yet for one destination.
 *
 * @param waiting rows that are tried by themselves, those being tried among them
 * @param trying rows that a process is sending now
 * @param uncommitted rows whose archive has not committed to them yet
 * @param dead rows that were given up
 * @param oldest since when the longest waiting or uncommitted row has had new content; null if
 *     there is none
 * @param last the most recent problem of these rows; null if none had any
 */
public record DeliveryQueue(
    String destination,
    long waiting,
    long trying,
    long uncommitted,
    long dead,
    Instant oldest,
    Failure last) {

  /**
   * @param problem without patient data
   */
  public record Failure(UUID caseId, String problem, Instant at) {}

  /** Delivered rows, by far the most, are not read: the index on the status finds the others. */
  private static final String UNDONE = "w.status in ('PENDING', 'UNCOMMITTED', 'DEAD')";

  /** That of a destination for which nothing waits. */
  public static DeliveryQueue empty(String destination) {
    return new DeliveryQueue(destination, 0, 0, 0, 0, null, null);
  }

  /**
   * By destination; one for which nothing waits has none.
   *
   * @throws StorageUnavailableException when the database does not answer
   */
  public static Map<String, DeliveryQueue> all(Database database) {
    Map<String, Failure> last = new LinkedHashMap<>();
    database.list(
        (row, context) ->
            last.put(
                row.getString("destination"),
                new Failure(
                    row.getObject("case_id", UUID.class),
                    row.getString("problem"),
                    row.getObject("updated_at", OffsetDateTime.class).toInstant())),
        """
        select * from (select w.destination, w.case_id, w.problem, w.updated_at, row_number() over
            (partition by w.destination order by w.updated_at desc, w.id) as place
          from outbox w where %s and w.problem <> '') latest where place = 1
        """
            .formatted(UNDONE));
    Map<String, DeliveryQueue> queues = new LinkedHashMap<>();
    List<DeliveryQueue> found =
        database.list(
            (row, context) -> {
              OffsetDateTime oldest = row.getObject("oldest", OffsetDateTime.class);
              return new DeliveryQueue(
                  row.getString("destination"),
                  row.getLong("waiting"),
                  row.getLong("trying"),
                  row.getLong("uncommitted"),
                  row.getLong("dead"),
                  oldest == null ? null : oldest.toInstant(),
                  last.get(row.getString("destination")));
            },
            """
            select w.destination,
              count(case when w.status = 'PENDING' then 1 end) as waiting,
              count(case when w.status = 'PENDING' and t.picked then 1 end) as trying,
              count(case when w.status = 'UNCOMMITTED' then 1 end) as uncommitted,
              count(case when w.status = 'DEAD' then 1 end) as dead,
              min(case when w.status <> 'DEAD' then w.opened_at end) as oldest
            from outbox w left join (select task_instance, true as picked from scheduled_tasks
              where picked and task_name like 'delivery-%%') t on t.task_instance = cast(w.id as varchar)
            where %s group by w.destination order by w.destination
            """
                .formatted(UNDONE));
    found.forEach(queue -> queues.put(queue.destination(), queue));
    return queues;
  }
}
