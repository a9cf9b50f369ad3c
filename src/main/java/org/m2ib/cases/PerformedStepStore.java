package org.m2ib.cases;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What modalities and archives told about the instances of studies: performed procedure steps
 * (DICOM PS3.4 F) and availability notifications (PS3.4 R), which have the state {@code AVAILABLE}.
 */
public final class PerformedStepStore {
  private static final String IN_PROGRESS = "IN PROGRESS";

  private final Database database;
  private final Clock clock;

  public PerformedStepStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * @param instances SOP Instance UIDs
   * @return false if there is a row with this UID
   */
  public boolean add(String uid, String studyInstanceUid, String state, List<String> instances) {
    return database.inTransaction(
        () -> {
          if (state(uid).isPresent()) {
            return false;
          }
          database.with(
              h ->
                  h.execute(
                      """
                      insert into performed_step (uid, study_instance_uid, state, instances, told_at)
                      values (?, ?, ?, ?, ?)
                      """,
                      uid,
                      studyInstanceUid,
                      state,
                      String.join("\n", instances),
                      clock.instant().atOffset(ZoneOffset.UTC)));
          return true;
        });
  }

  public Optional<String> state(String uid) {
    return database
        .list(
            (row, context) -> row.getString(1),
            "select state from performed_step where uid = ?",
            uid)
        .stream()
        .findFirst();
  }

  /** Ends a step that is in progress. */
  public void end(String uid, String state, List<String> instances) {
    database.with(
        h ->
            h.execute(
                "update performed_step set state = ?, instances = ?, told_at = ?"
                    + " where uid = ? and state = 'IN PROGRESS'",
                state,
                String.join("\n", instances),
                clock.instant().atOffset(ZoneOffset.UTC),
                uid));
  }

  private record Step(String state, String instances) {}

  /**
   * The SOP Instance UIDs of everything that a study was said to have.
   *
   * @return empty if nothing was said, or a step is still in progress
   */
  public Set<String> instances(String studyInstanceUid) {
    List<Step> steps =
        database.list(
            (row, context) -> new Step(row.getString(1), row.getString(2)),
            "select state, instances from performed_step where study_instance_uid = ?",
            studyInstanceUid);
    Set<String> instances = new HashSet<>();
    for (Step step : steps) {
      if (step.state().equals(IN_PROGRESS)) {
        return Set.of();
      }
      step.instances().lines().forEach(instances::add);
    }
    return instances;
  }
}
