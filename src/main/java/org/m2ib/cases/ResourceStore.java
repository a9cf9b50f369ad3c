package org.m2ib.cases;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jdbi.v3.core.mapper.RowMapper;

/** The FHIR resources that the service gives out itself, by type and id. */
public final class ResourceStore {
  private final Database database;
  private final Clock clock;

  public ResourceStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Keeps a resource; one of the same type and id is replaced. */
  public void put(StoredResource resource) {
    database.inTransaction(
        () ->
            database
                .jdbi()
                .useHandle(
                    h -> {
                      h.execute(
                          "delete from fhir_resource where resource_type = ? and id = ?",
                          resource.type(),
                          resource.id());
                      h.createUpdate(
                              """
                              insert into fhir_resource (resource_type, id, patient_id,
                                study_instance_uid, code, date, body, updated_at)
                              values (:type, :id, :patientId, :studyInstanceUid, :code, :date,
                                :body, :now)
                              """)
                          .bindMethods(resource)
                          .bind("now", clock.instant().atOffset(ZoneOffset.UTC))
                          .execute();
                    }));
  }

  public Optional<StoredResource> find(String type, String id) {
    return Database.guard(
        () ->
            database
                .jdbi()
                .withHandle(
                    h ->
                        h.select(
                                "select * from fhir_resource where resource_type = ? and id = ?",
                                type,
                                id)
                            .map(ROW)
                            .findFirst()));
  }

  private static final RowMapper<StoredResource> ROW =
      (row, context) ->
          new StoredResource(
              row.getString("resource_type"),
              row.getString("id"),
              row.getString("patient_id"),
              row.getString("study_instance_uid"),
              row.getString("code"),
              row.getString("date"),
              row.getString("body"));
}
