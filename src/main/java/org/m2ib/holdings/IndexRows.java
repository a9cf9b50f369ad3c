package org.m2ib.holdings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Update;
import org.m2ib.cases.Database;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;

/**
 * Writes the rows of the index, within one transaction. Each SOP instance is held once: the latest.
 */
final class IndexRows {
  private final Database database;
  private final Set<Long> changed = new TreeSet<>();

  IndexRows(Database database) {
    this.database = database;
  }

  /**
   * An object to be held.
   *
   * @param header its elements before the pixel data
   * @param caseId of a result's object; null for a received one, which says what study it is in
   */
  record Entry(DicomObject header, String blob, UUID caseId) {
    private static final int[] REQUIRED = {
      Tags.StudyInstanceUID, Tags.SeriesInstanceUID, Tags.SOPInstanceUID, Tags.SOPClassUID
    };

    /**
     * @throws org.m2ib.dicom.DicomException if it has not the identifiers of an object
     */
    void check() {
      for (int tag : REQUIRED) {
        header.requiredString(tag);
      }
    }
  }

  /** Puts the object in the place of an earlier one with its UID. */
  void put(Entry entry) {
    DicomObject header = entry.header();
    String uid = header.requiredString(Tags.SOPInstanceUID);
    String sopClass = header.requiredString(Tags.SOPClassUID);
    long study = study(entry);
    long series = series(study, entry);
    remove("sop_instance_uid = ?", uid);
    DicomObject attributes = Attributes.of(Level.INSTANCE, header);
    Map<String, Object> row = columns(Level.INSTANCE, attributes);
    row.put("series", series);
    row.put("sop_instance_uid", uid);
    row.put("sop_class_uid", sopClass);
    row.put("transfer_syntax_uid", header.transferSyntaxUid());
    row.put("blob", entry.blob());
    row.put("case_id", entry.caseId());
    insert(Level.INSTANCE, row);
    changed.add(study);
  }

  /** Forgets the objects of a case's results. */
  void removeCase(UUID caseId) {
    remove("case_id = ?", caseId);
  }

  private void remove(String where, Object argument) {
    changed.addAll(
        database.list(
            ID,
            "select study from held_series where id in (select series from held_instance where "
                + where
                + ")",
            argument));
    database.with(h -> h.execute("delete from held_instance where " + where, argument));
  }

  private long study(Entry entry) {
    String uid = entry.header().requiredString(Tags.StudyInstanceUID);
    return merge(Level.STUDY, "study_instance_uid = ?", List.of(uid), entry, Map.of());
  }

  private long series(long study, Entry entry) {
    String uid = entry.header().requiredString(Tags.SeriesInstanceUID);
    return merge(
        Level.SERIES,
        "study = ? and series_instance_uid = ?",
        List.of(study, uid),
        entry,
        Map.of("study", study));
  }

  /** A derived object repeats what its source said, perhaps not all of it. */
  private long merge(
      Level level, String where, List<Object> arguments, Entry entry, Map<String, Object> more) {
    DicomObject attributes = Attributes.of(level, entry.header());
    Optional<Stored> found =
        database
            .list(
                STORED,
                "select id, attributes from " + level.table + " where " + where,
                arguments.toArray())
            .stream()
            .findFirst();
    if (found.isEmpty()) {
      Map<String, Object> row = columns(level, attributes);
      row.putAll(more);
      return insert(level, row);
    }
    byte[] before = found.get().attributes();
    DicomObject merged =
        entry.caseId() == null
            ? Attributes.merged(DicomObject.ofBytes(before), attributes)
            : Attributes.merged(attributes, DicomObject.ofBytes(before));
    Map<String, Object> row = columns(level, merged);
    if (!Arrays.equals((byte[]) row.get("attributes"), before)) {
      String set = row.keySet().stream().map(c -> c + " = ?").collect(Collectors.joining(", "));
      List<Object> values = new ArrayList<>(row.values());
      values.add(found.get().id());
      database.with(
          h ->
              h.execute(
                  "update " + level.table + " set " + set + " where id = ?", values.toArray()));
    }
    return found.get().id();
  }

  private static Map<String, Object> columns(Level level, DicomObject attributes) {
    Map<String, Object> row = new LinkedHashMap<>();
    Key.columns(level).forEach(key -> row.put(key.column(), key.read(attributes)));
    row.put("attributes", attributes.toBytes());
    return row;
  }

  private long insert(Level level, Map<String, Object> row) {
    row.values().removeIf(Objects::isNull);
    String columns = String.join(", ", row.keySet());
    String marks = String.join(", ", Collections.nCopies(row.size(), "?"));
    String sql = "insert into " + level.table + " (" + columns + ") values (" + marks + ")";
    return database.with(
        h -> {
          Update insert = h.createUpdate(sql);
          int i = 0;
          for (Object value : row.values()) {
            insert.bind(i++, value);
          }
          return insert.executeAndReturnGeneratedKeys("id").mapTo(Long.class).one();
        });
  }

  /** Counts what changed studies have, and forgets empty ones. */
  void finish() {
    for (long study : changed) {
      execute(
          """
          update held_series set instance_count =
            (select count(*) from held_instance i where i.series = held_series.id)
          where study = ?
          """,
          study);
      execute("delete from held_series where study = ? and instance_count = 0", study);
      execute(
          """
          update held_study set
            series_count = (select count(*) from held_series e where e.study = held_study.id),
            instance_count =
              (select coalesce(sum(instance_count), 0) from held_series e
                where e.study = held_study.id)
          where id = ?
          """,
          study);
      execute("delete from held_study where id = ? and instance_count = 0", study);
      execute(
          "update held_study set modalities = ?, sop_classes = ? where id = ?",
          distinct("select distinct modality from held_series where study = ?", study),
          distinct(
              """
              select distinct sop_class_uid from held_instance
              where series in (select id from held_series where study = ?)
              """,
              study),
          study);
    }
  }

  private String distinct(String sql, long study) {
    return database.list((row, context) -> row.getString(1), sql, study).stream()
        .filter(Objects::nonNull)
        .sorted()
        .collect(Collectors.joining("\\"));
  }

  private void execute(String sql, Object... arguments) {
    database.with(h -> h.execute(sql, arguments));
  }

  private record Stored(long id, byte[] attributes) {}

  private static final RowMapper<Stored> STORED =
      (row, context) -> new Stored(row.getLong("id"), row.getBytes("attributes"));

  private static final RowMapper<Long> ID = (row, context) -> row.getLong(1);
}
