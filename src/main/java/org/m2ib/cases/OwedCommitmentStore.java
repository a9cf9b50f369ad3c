package org.m2ib.cases;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.mapper.RowMapper;

/** Answers that senders wait for after they asked for storage commitment. */
public final class OwedCommitmentStore {
  private static final int AT_ONCE = 20;

  /**
   * Longer than an attempt takes; one that was begun and neither succeeded nor failed is due then.
   */
  static final Duration LEASE = Duration.ofMinutes(2);

  /** Pauses after the first failures; later ones are an hour. */
  private static final List<Duration> PAUSES =
      List.of(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(10));

  /** Three after the first within a quarter of an hour, and one an hour for a day. */
  static final int MOST_ATTEMPTS = 28;

  private final Database database;
  private final Clock clock;

  public OwedCommitmentStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Records a request, with its first attempt in progress. The same transaction of the same sender
   * replaces what it had asked before.
   */
  public OwedCommitment open(
      String callingAeTitle,
      String calledAeTitle,
      String transactionUid,
      List<OwedCommitment.Instance> instances) {
    OwedCommitment owed =
        new OwedCommitment(
            UUID.randomUUID(), callingAeTitle, calledAeTitle, transactionUid, instances, 1);
    Instant now = clock.instant();
    database.inTransaction(
        () -> {
          database.with(
              h ->
                  h.execute(
                      "delete from owed_commitment where calling_ae_title = ? and transaction_uid = ?",
                      callingAeTitle,
                      transactionUid));
          database.with(
              h ->
                  h.execute(
                      """
                      insert into owed_commitment (id, calling_ae_title, called_ae_title,
                        transaction_uid, instances, attempts, problem, asked_at, next_at)
                      values (?, ?, ?, ?, ?, ?, '', ?, ?)
                      """,
                      owed.id(),
                      callingAeTitle,
                      calledAeTitle,
                      transactionUid,
                      lines(instances),
                      owed.attempts(),
                      at(now),
                      at(now.plus(LEASE))));
        });
    return owed;
  }

  /** Takes the attempts that are due, so that no other process makes them. */
  public List<OwedCommitment> take() {
    Instant now = clock.instant();
    return database
        .list(
            ROW,
            "select * from owed_commitment where next_at <= ? order by next_at, id limit ?",
            at(now),
            AT_ONCE)
        .stream()
        .map(row -> take(row, now))
        .flatMap(Optional::stream)
        .toList();
  }

  private Optional<OwedCommitment> take(OwedCommitment row, Instant now) {
    int attempts = row.attempts() + 1;
    int taken =
        database.with(
            h ->
                h.execute(
                    """
                    update owed_commitment set attempts = ?, next_at = ?
                    where id = ? and attempts = ? and next_at <= ?
                    """,
                    attempts,
                    at(now.plus(LEASE)),
                    row.id(),
                    row.attempts(),
                    at(now)));
    return taken == 0
        ? Optional.empty()
        : Optional.of(
            new OwedCommitment(
                row.id(),
                row.callingAeTitle(),
                row.calledAeTitle(),
                row.transactionUid(),
                row.instances(),
                attempts));
  }

  /** The sender has its answer. */
  public void answered(UUID id) {
    database.with(h -> h.execute("delete from owed_commitment where id = ?", id));
  }

  /**
   * Records why an attempt failed.
   *
   * @return whether it was the last one
   */
  public boolean failed(OwedCommitment tried, String problem) {
    boolean last = tried.attempts() >= MOST_ATTEMPTS;
    OffsetDateTime next = last ? null : at(clock.instant().plus(pause(tried.attempts())));
    database.with(
        h ->
            h.execute(
                "update owed_commitment set problem = ?, next_at = ? where id = ?",
                problem,
                next,
                tried.id()));
    return last;
  }

  /**
   * Gives an attempt back that was taken and not made: it does not count, and is due again soon.
   */
  public void giveBack(OwedCommitment taken) {
    database.with(
        h ->
            h.execute(
                "update owed_commitment set attempts = attempts - 1, next_at = ? where id = ? and attempts = ?",
                at(clock.instant().plus(PAUSES.get(0))),
                taken.id(),
                taken.attempts()));
  }

  private static Duration pause(int attempts) {
    return attempts <= PAUSES.size() ? PAUSES.get(attempts - 1) : Duration.ofHours(1);
  }

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private static String lines(List<OwedCommitment.Instance> instances) {
    return instances.stream()
        .map(one -> one.sopClassUid() + " " + one.sopInstanceUid())
        .collect(Collectors.joining("\n"));
  }

  private static final RowMapper<OwedCommitment> ROW =
      (row, context) ->
          new OwedCommitment(
              row.getObject("id", UUID.class),
              row.getString("calling_ae_title"),
              row.getString("called_ae_title"),
              row.getString("transaction_uid"),
              row.getString("instances")
                  .lines()
                  .map(line -> line.split(" "))
                  .map(line -> new OwedCommitment.Instance(line[0], line[1]))
                  .toList(),
              row.getInt("attempts"));
}
