package org.m2ib.cases;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jdbi.v3.core.mapper.RowMapper;

/** History of the default model. Rows are never changed; they record who chose what, and when. */
public final class ModelSwitchStore {
  private final Database database;
  private final Clock clock;

  public ModelSwitchStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Stores a switch with the current time. */
  public void add(String model, boolean rollback, String person) {
    database.with(
        h ->
            h.execute(
                "insert into model_switch (model, rollback, person, switched_at)"
                    + " values (?, ?, ?, ?)",
                model,
                rollback,
                person,
                clock.instant().truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC)));
  }

  /** All, oldest first. */
  public List<ModelSwitch> all() {
    return database.list(ROW, "select * from model_switch order by number");
  }

  private static final RowMapper<ModelSwitch> ROW =
      (row, context) ->
          new ModelSwitch(
              row.getString("model"),
              row.getBoolean("rollback"),
              row.getString("person"),
              row.getObject("switched_at", OffsetDateTime.class).toInstant());
}
