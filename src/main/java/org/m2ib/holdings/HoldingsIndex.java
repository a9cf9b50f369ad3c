package org.m2ib.holdings;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.mapper.RowMapper;
import org.m2ib.base.Threads;
import org.m2ib.base.Traces;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Database;
import org.m2ib.cases.IndexWork;
import org.m2ib.cases.StorageUnavailableException;
import org.m2ib.dicom.DicomObject;

/**
 * Keeps the index up with what was received and made. Reception does not wait for it: each query
 * does, and a background thread, so that a query finds everything that was acknowledged before it.
 */
public final class HoldingsIndex implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(HoldingsIndex.class);
  private static final int BATCH = 100;
  private static final Duration PAUSE = Duration.ofSeconds(20);

  /** Those in which the results of the last attribution are valid everywhere. */
  private static final String PUBLISHED =
      "('DELIVERING', 'DELIVERED', 'UNDELIVERED', 'WITHDRAWING', 'CANCELLED', 'MISMATCHED')";

  private final Database database;
  private final Blobs blobs;
  private final ResultFiles results;
  private final IndexWork work;
  private final ScheduledExecutorService background =
      Executors.newSingleThreadScheduledExecutor(Threads.named("index of holdings"));

  /** The objects of a case's results that hold. */
  public interface ResultFiles {
    /**
     * @return SHA-256 of each object's file
     * @throws IOException if one cannot be built or stored
     */
    List<String> of(UUID caseId) throws IOException;
  }

  /**
   * @param patience how long a query waits for the index, which a service of before has to build
   */
  public HoldingsIndex(Database database, Blobs blobs, ResultFiles results, Duration patience) {
    this.database = database;
    this.blobs = blobs;
    this.results = results;
    this.work =
        new IndexWork(
            () -> arrivals() | cases(),
            patience,
            "the index of what the service holds is being built; ask again in a while");
  }

  /** Indexes in the background from now on, so that a query has little to wait for. */
  public void start() {
    background.scheduleWithFixedDelay(this::indexAll, 0, PAUSE.toSeconds(), TimeUnit.SECONDS);
  }

  private void indexAll() {
    try {
      while (!background.isShutdown() && step()) {
        // the next part
      }
    } catch (RuntimeException e) { // the database is away: after the pause
      LOG.error("what was received cannot be indexed", Traces.withoutMessages(e));
    }
  }

  /** Returns when the last part is indexed; an interrupt would close the embedded database. */
  @Override
  public void close() {
    background.shutdown();
    try {
      background.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Returns when everything that was received or made before the call is indexed.
   *
   * @throws StorageUnavailableException if that takes longer than the patience, or the database
   *     fails
   */
  void catchUp() {
    work.catchUp();
  }

  /**
   * Indexes a part of what is not indexed yet.
   *
   * @return false if there was nothing
   */
  boolean step() {
    return work.step();
  }

  private record Received(long id, String blob, boolean dicom) {}

  private boolean arrivals() {
    List<Received> waiting =
        database.list(
            RECEIVED,
            """
            select id, blob, kind, source from arrival where not indexed order by id limit %d
            """
                .formatted(BATCH));
    if (waiting.isEmpty()) {
      return false;
    }
    List<IndexRows.Entry> entries = new ArrayList<>();
    for (Received received : waiting) {
      if (received.dicom()) {
        read(received.blob(), null, entries);
      }
    }
    change(
        entries,
        rows ->
            waiting.forEach(
                received ->
                    database.with(
                        h ->
                            h.execute(
                                "update arrival set indexed = true where id = ?", received.id()))));
    return true;
  }

  private record Made(UUID caseId, int version) {}

  private boolean cases() {
    List<Made> waiting =
        database.list(
            MADE,
            "select id, results_version from cases where not indexed and state in "
                + PUBLISHED
                + " limit "
                + BATCH);
    for (Made made : waiting) {
      List<IndexRows.Entry> entries = new ArrayList<>();
      try {
        results.of(made.caseId()).forEach(blob -> read(blob, made.caseId(), entries));
      } catch (IOException | RuntimeException e) {
        LOG.errorf(Traces.withoutMessages(e), "case %s: its objects cannot be held", made.caseId());
      }
      change(
          entries,
          rows -> {
            database.with(
                h ->
                    h.execute(
                        "update cases set indexed = true where id = ? and results_version = ?",
                        made.caseId(),
                        made.version()));
            rows.removeCase(made.caseId());
          });
    }
    return !waiting.isEmpty();
  }

  private interface Step {
    void with(IndexRows rows);
  }

  private void change(List<IndexRows.Entry> entries, Step before) {
    database.inTransaction(
        () -> {
          database.list((row, context) -> row.getInt(1), "select id from holdings_lock for update");
          IndexRows rows = new IndexRows(database);
          before.with(rows);
          entries.forEach(rows::put);
          rows.finish();
        });
  }

  /** A file that is damaged, or no object of a series, is not held; the index goes on. */
  private void read(String blob, UUID caseId, List<IndexRows.Entry> entries) {
    try {
      DicomObject header = DicomObject.read(blobs.path(blob), h -> false);
      IndexRows.Entry entry = new IndexRows.Entry(header, blob, caseId);
      entry.check();
      entries.add(entry);
    } catch (IOException | RuntimeException e) {
      LOG.warnf("object %s cannot be queried: it cannot be read or names no series", blob);
    }
  }

  private static final RowMapper<Received> RECEIVED =
      (row, context) ->
          new Received(
              row.getLong("id"),
              row.getString("blob"),
              row.getString("kind").equals("IMAGE") || "dicom".equals(row.getString("source")));

  private static final RowMapper<Made> MADE =
      (row, context) -> new Made(row.getObject("id", UUID.class), row.getInt("results_version"));
}
