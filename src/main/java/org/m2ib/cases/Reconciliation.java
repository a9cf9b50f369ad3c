package org.m2ib.cases;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.mapper.RowMapper;
import org.m2ib.cases.CaseState.Event;

/**
 * Compares the folder of objects with the database: after a power cut, a restored backup or a full
 * disk, either may lack what the other has. Runs at each start, in parallel to the service.
 */
public final class Reconciliation {
  private static final Logger LOG = Logger.getLogger(Reconciliation.class);

  /** The reason set on a case with a damaged image; a report's text is in its row. */
  public static final String IMAGE_DAMAGED =
      "a stored image is missing or damaged: send the study again, then try this case again";

  static final String RESULT_DAMAGED =
      "a stored capture or picture is missing: have the case attributed again";

  /**
   * The findings.
   *
   * @param damaged rows whose object is missing or has a different length than when received
   * @param orphans objects without a row, from refused or aborted messages; harmless
   */
  public record Found(long damaged, long orphans) {}

  private final Database database;
  private final Blobs blobs;
  private final CaseStore cases;
  private final Clock clock;
  private volatile Found found = new Found(0, 0);

  public Reconciliation(Database database, Blobs blobs, CaseStore cases, Clock clock) {
    this.database = database;
    this.blobs = blobs;
    this.cases = cases;
    this.clock = clock;
  }

  /** The findings of the last run. */
  public Found found() {
    return found;
  }

  /**
   * Checks every row and every object. A case that waits for attribution fails if its image is
   * damaged; any other case gets a reason.
   *
   * @throws StorageUnavailableException if the database or the folder cannot be read
   */
  public Found run() {
    Instant begun = clock.instant();
    References referenced = new References();
    Set<String> studies = new HashSet<>();
    Set<UUID> results = new HashSet<>();
    long[] damaged = {0};
    database.forEach(
        RECEIVED,
        row -> {
          referenced.add(row.blob());
          if (isDamaged(row)) {
            damaged[0]++;
            LOG.errorf("arrival %s: its object %s is missing or damaged", row.of(), row.blob());
            if (row.study() != null) {
              studies.add(row.study());
            }
          }
        },
        "select id, kind, blob, blob_bytes, study_instance_uid from arrival");
    database.forEach(
        MADE,
        row -> {
          referenced.add(row.blob());
          if (isDamaged(row)) {
            damaged[0]++;
            results.add(UUID.fromString(row.of()));
            LOG.errorf("case %s: its object %s is missing", row.of(), row.blob());
          }
        },
        """
        select case_id, capture_blob as blob from result where capture_blob <> ''
        union all
        select case_id, picture_blob from result
        """);
    studies.forEach(this::imageDamaged);
    results.forEach(id -> cases.setReason(id, RESULT_DAMAGED));
    found = new Found(damaged[0], orphans(referenced, begun));
    LOG.infof(
        "folder and database: %d objects missing or damaged, %d without a row",
        found.damaged(), found.orphans());
    return found;
  }

  /**
   * A row that refers to an object.
   *
   * @param of the arrival's number, or the case's id
   * @param bytes its length, null if unknown
   * @param study of an image, else null
   */
  private record Row(String of, String blob, Long bytes, String study) {}

  private static final RowMapper<Row> RECEIVED =
      (row, context) ->
          new Row(
              row.getString("id"),
              row.getString("blob"),
              row.getObject("blob_bytes", Long.class),
              row.getString("kind").equals("IMAGE") ? row.getString("study_instance_uid") : null);

  private static final RowMapper<Row> MADE =
      (row, context) -> new Row(row.getString("case_id"), row.getString("blob"), null, null);

  private boolean isDamaged(Row row) {
    long size = blobs.size(row.blob());
    return size < 1 || row.bytes() != null && size != row.bytes();
  }

  private void imageDamaged(String study) {
    for (Case c : cases.sharing(new StudyKey(study, null, null, null, null, null))) {
      boolean failed =
          c.state() == CaseState.ATTRIBUTING
              && cases
                  .applyAt(c.id(), c.revision(), Event.ATTRIBUTION_FAILED, IMAGE_DAMAGED)
                  .isPresent();
      if (!failed) {
        cases.setReason(c.id(), IMAGE_DAMAGED);
      }
    }
  }

  private long orphans(References referenced, Instant begun) {
    referenced.sort();
    long[] orphans = {0};
    try {
      blobs.forEach(
          (hash, put) -> {
            // an object that arrives meanwhile exists before its row
            if (put.isBefore(begun) && !referenced.contains(hash)) {
              orphans[0]++;
            }
          });
    } catch (IOException | java.io.UncheckedIOException e) {
      throw new StorageUnavailableException("cannot read the folder of objects", e);
    }
    return orphans[0];
  }

  /** Hashes by their first 64 bits: a million of them take eight megabytes. */
  private static final class References {
    private long[] hashes = new long[1024];
    private int size;

    void add(String hash) {
      hashes = size == hashes.length ? Arrays.copyOf(hashes, size * 2) : hashes;
      hashes[size++] = key(hash);
    }

    void sort() {
      Arrays.sort(hashes, 0, size);
    }

    boolean contains(String hash) {
      return Arrays.binarySearch(hashes, 0, size, key(hash)) >= 0;
    }

    private static long key(String hash) {
      return Long.parseUnsignedLong(hash, 0, 16, 16);
    }
  }
}
