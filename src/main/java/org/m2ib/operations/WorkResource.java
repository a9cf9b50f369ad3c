package org.m2ib.operations;

import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.m2ib.api.Roles;
import org.m2ib.cases.Database;
import org.m2ib.cases.StateCount;

/** {@code GET /api/work}: how many cases are in each state, and the oldest of each. */
@RolesAllowed({Roles.ADMINISTRATOR, Roles.SERVICE})
@Path("/api/work")
@Blocking
public class WorkResource {
  private final Supplier<Database> database;

  @Inject
  public WorkResource(Instance<Database> database) {
    this.database = database::get;
  }

  record WorkInStates(List<StateCount> states) {}

  /** Every state, in the order in which a case goes through them. */
  @GET
  @Operation(
      operationId = "getWork",
      summary = "Counts the cases in each state, with the time of the one longest unchanged.")
  public WorkInStates work() {
    return new WorkInStates(StateCount.of(database.get()));
  }
}
