package org.m2ib.administration;

import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.m2ib.accounts.Activity;
import org.m2ib.accounts.ActivityStore;
import org.m2ib.api.ProblemException;
import org.m2ib.api.Roles;

/** {@code GET /api/activity}: who did what. */
@RolesAllowed(Roles.ADMINISTRATOR)
@Path("/api/activity")
@Blocking
public class ActivityResource {
  private static final int USUAL = 100;
  private static final int MOST = 1000;

  private final Supplier<ActivityStore> store;

  @Inject
  public ActivityResource(Instance<ActivityStore> store) {
    this.store = store::get;
  }

  /**
   * @param next number for {@code before}, with which the list goes on; null at its end
   */
  record ActivityList(List<Activity> activity, Long next) {}

  /** The newest first. */
  @GET
  @Operation(operationId = "listActivity", summary = "Lists who did what, the newest first.")
  public ActivityList list(
      @Parameter(description = "Sign-in name of who did it.") @QueryParam("person") String person,
      @Parameter(description = "What was done.") @QueryParam("action") String action,
      @Parameter(description = "To what; with * at its end, all that begin so.")
          @QueryParam("subject")
          String subject,
      @Parameter(description = "Earliest time, ISO 8601 with offset.") @QueryParam("from")
          String from,
      @Parameter(description = "Time before which it was, ISO 8601 with offset.") @QueryParam("to")
          String to,
      @Parameter(description = "Number of the entry after which to go on.") @QueryParam("before")
          String before,
      @Parameter(description = "At most so many, 1 to 1000.") @QueryParam("limit") String limit) {
    ActivityStore.Filter filter =
        new ActivityStore.Filter(
            filled(person), filled(action), filled(subject), time("from", from), time("to", to));
    int most = (int) number("limit", limit, USUAL, MOST);
    List<Activity> found =
        store
            .get()
            .find(filter, number("before", before, Long.MAX_VALUE, Long.MAX_VALUE), most + 1);
    boolean more = found.size() > most;
    List<Activity> shown = more ? found.subList(0, most) : found;
    return new ActivityList(shown, more ? shown.get(most - 1).number() : null);
  }

  /** What a form sends for an empty field is no filter. */
  private static String filled(String given) {
    return given == null || given.isBlank() ? null : given.strip();
  }

  private static Instant time(String name, String given) {
    try {
      return filled(given) == null ? null : OffsetDateTime.parse(given.strip()).toInstant();
    } catch (DateTimeException e) {
      throw new ProblemException(
          400, name + ": must be a time such as 2026-01-31T08:00:00Z or 2026-01-31T08:00:00+01:00");
    }
  }

  private static long number(String name, String given, long usual, long most) {
    if (filled(given) == null) {
      return usual;
    }
    try {
      long number = Long.parseLong(given.strip());
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // answered below
    }
    throw new ProblemException(
        400, name + ": must be a number from 1" + (most == MOST ? " to " + MOST : ""));
  }
}
