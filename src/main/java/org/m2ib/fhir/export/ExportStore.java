package org.m2ib.fhir.export;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;
import org.m2ib.cases.Database;

/** The durable rows of bulk exports. */
public final class ExportStore {
  private static final RowMapper<Export> ROW =
      (row, context) ->
          new Export(
              row.getObject("id", UUID.class),
              row.getString("client"),
              row.getString("request"),
              List.of(row.getString("types").split(",")),
              row.getObject("changed_since", OffsetDateTime.class).toInstant(),
              row.getObject("transaction_time", OffsetDateTime.class).toInstant(),
              row.getObject("expires_at", OffsetDateTime.class).toInstant(),
              Export.Status.valueOf(row.getString("status")),
              row.getString("last_type"),
              row.getString("last_id"));

  private final Database database;

  public ExportStore(Database database) {
    this.database = database;
  }

  public void add(Export export) {
    database.with(
        h ->
            h.execute(
                """
                insert into fhir_export (id, client, request, types, changed_since,
                  transaction_time, expires_at, status, last_type, last_id)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                export.id(),
                export.client(),
                export.request(),
                String.join(",", export.types()),
                utc(export.since()),
                utc(export.transactionTime()),
                utc(export.expiresAt()),
                export.status().name(),
                export.lastType(),
                export.lastId()));
  }

  public Optional<Export> find(UUID id) {
    return database.list(ROW, "select * from fhir_export where id = ?", id).stream().findFirst();
  }

  /** Returns those whose files are not complete. */
  public List<Export> pending() {
    return database.list(ROW, "select * from fhir_export where status = 'PENDING'");
  }

  List<Export> expired(Instant now) {
    return database.list(ROW, "select * from fhir_export where expires_at <= ?", utc(now));
  }

  /** Returns the ids of all of them. */
  List<UUID> all() {
    return database.list(
        (row, context) -> row.getObject("id", UUID.class), "select id from fhir_export");
  }

  /** Returns what its files contain, by type. */
  public List<Export.File> files(UUID id) {
    return database.list(
        (row, context) ->
            new Export.File(
                row.getString("resource_type"), row.getLong("resources"), row.getLong("bytes")),
        "select * from fhir_export_file where export_id = ? order by resource_type",
        id);
  }

  /**
   * Records progress.
   *
   * @return false if it has been deleted
   */
  boolean advance(UUID id, String lastType, String lastId, Collection<Export.File> files) {
    return database.inTransaction(
        () ->
            database.with(
                h -> {
                  if (h.execute(
                          "update fhir_export set last_type = ?, last_id = ? where id = ?",
                          lastType,
                          lastId,
                          id)
                      == 0) {
                    return false;
                  }
                  h.execute("delete from fhir_export_file where export_id = ?", id);
                  for (Export.File file : files) {
                    h.execute(
                        "insert into fhir_export_file (export_id, resource_type, resources, bytes)"
                            + " values (?, ?, ?, ?)",
                        id,
                        file.type(),
                        file.resources(),
                        file.bytes());
                  }
                  return true;
                }));
  }

  void end(UUID id, Export.Status status) {
    database.with(
        h -> h.execute("update fhir_export set status = ? where id = ?", status.name(), id));
  }

  /** Returns whether there was one. */
  boolean delete(UUID id) {
    return database.with(h -> h.execute("delete from fhir_export where id = ?", id)) > 0;
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
