package org.m2ib.fhir.subscription;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.jdbi.v3.core.mapper.RowMapper;
import org.m2ib.cases.Database;
import org.m2ib.fhir.subscription.Subscribed.Event;
import org.m2ib.fhir.subscription.Subscribed.Status;

/** The durable rows of subscriptions and of their events. */
public final class SubscriptionStore {
  private static final int BATCH = 200;

  /** Of the events of one subscription that it has been notified of. */
  static final int KEPT = 1000;

  private static final RowMapper<Subscribed> ROW =
      (row, context) ->
          new Subscribed(
              row.getString("id"),
              row.getString("client"),
              row.getString("base"),
              row.getString("body"),
              Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
              row.getString("error"),
              row.getInt("failures"),
              row.getLong("events"),
              row.getObject("updated_at", OffsetDateTime.class).toInstant());

  private static final RowMapper<Event> EVENT =
      (row, context) ->
          new Event(
              row.getLong("number"),
              row.getString("resource_type"),
              row.getString("resource_id"),
              row.getInt("version"));

  private final Database database;
  private final Clock clock;

  public SubscriptionStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Adds a subscription, or replaces the body of the one with its id. */
  public Subscribed put(String id, String client, String base, String body, Status status) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    OffsetDateTime time = now.atOffset(ZoneOffset.UTC);
    return database.inTransaction(
        () -> {
          int updated =
              database.with(
                  h ->
                      h.execute(
                          """
                          update fhir_subscription set base = ?, body = ?, status = ?, error = '',
                            failures = 0, updated_at = ?
                          where id = ?
                          """,
                          base,
                          body,
                          status.name(),
                          time,
                          id));
          if (updated == 0) {
            database.with(
                h ->
                    h.execute(
                        """
                        insert into fhir_subscription (id, client, base, body, status, error,
                          failures, events, updated_at)
                        values (?, ?, ?, ?, ?, '', 0, 0, ?)
                        """,
                        id,
                        client,
                        base,
                        body,
                        status.name(),
                        time));
          }
          return find(id).orElseThrow();
        });
  }

  public Optional<Subscribed> find(String id) {
    return database.list(ROW, "select * from fhir_subscription where id = ?", id).stream()
        .findFirst();
  }

  public List<Subscribed> all() {
    return database.list(ROW, "select * from fhir_subscription order by id");
  }

  /** Returns those that are to be notified. */
  public List<Subscribed> live() {
    return database.list(ROW, "select * from fhir_subscription where status <> 'OFF' order by id");
  }

  /** Returns whether there was one. */
  public boolean delete(String id) {
    return database.with(h -> h.execute("delete from fhir_subscription where id = ?", id)) > 0;
  }

  /** Records how an attempt went, unless the subscription has been changed meanwhile. */
  void attempted(Subscribed before, Status status, String error, int failures) {
    database.with(
        h ->
            h.execute(
                """
                update fhir_subscription set status = ?, error = ?, failures = ?
                where id = ? and status = ? and updated_at = ?
                """,
                status.name(),
                error,
                failures,
                before.id(),
                before.status().name(),
                before.updatedAt().atOffset(ZoneOffset.UTC)));
  }

  /** Returns the oldest events that it has not been notified of. */
  List<Event> events(String id, int most) {
    return database.list(
        EVENT,
        """
        select e.* from fhir_event e join fhir_subscription s on s.id = e.subscription_id
        where s.id = ? and e.number > s.notified order by e.number limit ?
        """,
        id,
        most);
  }

  /**
   * Returns the oldest of its events, whether it has been notified of them or not.
   *
   * @param first their lowest number
   * @param last their highest number
   */
  public List<Event> events(String id, long first, long last, int most) {
    return database.list(
        EVENT,
        """
        select * from fhir_event where subscription_id = ? and number between ? and ?
        order by number limit ?
        """,
        id,
        first,
        last,
        most);
  }

  /** Records how far it has been notified, and forgets the oldest events. */
  void notified(String id, long lastNumber) {
    database.inTransaction(
        () ->
            database.with(
                h -> {
                  h.execute(
                      "update fhir_subscription set notified = ? where id = ?", lastNumber, id);
                  return h.execute(
                      "delete from fhir_event where subscription_id = ? and number <= ?",
                      id,
                      lastNumber - KEPT);
                }));
  }

  private record Change(long id, String type, String resourceId, int version) {}

  /**
   * Compares the oldest changes with all subscriptions and replaces them by events, as one
   * transaction.
   *
   * @param matches whether a subscription is about a changed resource
   * @return whether there were any changes
   */
  boolean dispatch(BiPredicate<Subscribed, Event> matches) {
    return database.inTransaction(
        () -> {
          List<Change> changes =
              database.list(
                  (row, context) ->
                      new Change(
                          row.getLong("id"),
                          row.getString("resource_type"),
                          row.getString("resource_id"),
                          row.getInt("version")),
                  "select * from fhir_change order by id limit ?",
                  BATCH);
          List<Subscribed> live = changes.isEmpty() ? List.of() : live();
          for (Change change : changes) {
            Event event = new Event(0, change.type(), change.resourceId(), change.version());
            live.stream()
                .filter(one -> matches.test(one, event))
                .forEach(one -> add(one.id(), event));
            database.with(h -> h.execute("delete from fhir_change where id = ?", change.id()));
          }
          return !changes.isEmpty();
        });
  }

  private void add(String id, Event event) {
    database.with(
        h -> {
          h.execute("update fhir_subscription set events = events + 1 where id = ?", id);
          return h.execute(
              """
              insert into fhir_event (subscription_id, number, resource_type, resource_id, version)
              select id, events, ?, ?, ? from fhir_subscription where id = ?
              """,
              event.type(),
              event.id(),
              event.version(),
              id);
        });
  }
}
