package org.m2ib.cases;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;

/** Results, each committed when it is ready, so that a restart continues where it stopped. */
public final class ResultStore {
  private final Database database;

  public ResultStore(Database database) {
    this.database = database;
  }

  /**
   * Stores a result of attribution, if the case has not changed since attribution began.
   *
   * @throws OutdatedCaseException if it has; nothing is stored
   */
  public void save(Case attributed, StoredResult result) {
    database.inTransaction(
        () -> {
          boolean holds =
              database.with(
                  h ->
                      h.select(
                              """
                              select 1 from cases
                              where id = ? and revision = ? and state = 'ATTRIBUTING' for update
                              """,
                              attributed.id(),
                              attributed.revision())
                          .mapTo(Integer.class)
                          .findFirst()
                          .isPresent());
          if (!holds) {
            throw new OutdatedCaseException(attributed.id());
          }
          save(result);
        });
  }

  /** Sets a case's alarm from its valid results. */
  static final String ALARM =
      """
      alarm = exists (select 1 from result r
        where r.case_id = cases.id and not r.withdrawn and r.alarm)
      """;

  /** Stores a result, replacing one with the same identifier. */
  public void save(StoredResult result) {
    database.inTransaction(
        () ->
            database.with(
                h -> {
                  h.execute("delete from result where id = ?", result.id());
                  h.createUpdate(
                          """
                              insert into result (id, case_id, position, image_blob, body,
                                similarity, alarm, capture_blob, picture_blob, withdrawn)
                              values (:id, :caseId, :position, :imageBlob, :body, :similarity,
                                :alarm, :captureBlob, :pictureBlob, :withdrawn)
                              """)
                      .bindMethods(result)
                      .execute();
                  return h.execute(
                      """
                          update cases set %s, results_version = results_version + 1, indexed = false,
                            %s
                          where id = ?
                          """
                          .formatted(ALARM, CaseStore.LISTED_AGAIN),
                      result.caseId());
                }));
  }

  /**
   * Withdraws the results of a case that attribution did not make again, as {@link #save(Case,
   * StoredResult)}.
   *
   * @param current results that hold
   * @return number of withdrawn results of the case, also earlier ones
   */
  public int withdrawOthers(Case attributed, Set<UUID> current) {
    int withdrawn = 0;
    for (StoredResult stored : of(attributed.id())) {
      if (!current.contains(stored.id())) {
        withdrawn++;
        if (!stored.withdrawn()) {
          save(attributed, stored.withdraw());
        }
      }
    }
    return withdrawn;
  }

  public Optional<StoredResult> find(UUID id) {
    return query("where id = ?", id).stream().findFirst();
  }

  /** The result of a case that holds at a position; of others no body is read. */
  public Optional<StoredResult> find(UUID caseId, int position) {
    return query(
            "where case_id = ? and position = ? and not withdrawn order by id", caseId, position)
        .stream()
        .findFirst();
  }

  /** All results of a case in order, including withdrawn ones. */
  public List<StoredResult> of(UUID caseId) {
    return query("where case_id = ? order by withdrawn, position, id", caseId);
  }

  private List<StoredResult> query(String where, Object... arguments) {
    return database.list(ROW, "select * from result " + where, arguments);
  }

  private static final RowMapper<StoredResult> ROW =
      (row, context) ->
          new StoredResult(
              row.getObject("id", UUID.class),
              row.getObject("case_id", UUID.class),
              row.getInt("position"),
              row.getString("image_blob"),
              row.getString("body"),
              row.getObject("similarity", Double.class),
              row.getBoolean("alarm"),
              row.getString("capture_blob"),
              row.getString("picture_blob"),
              row.getBoolean("withdrawn"));
}
