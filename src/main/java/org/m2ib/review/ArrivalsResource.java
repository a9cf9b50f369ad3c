package org.m2ib.review;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.m2ib.api.ProblemException;
import org.m2ib.api.Recorded;
import org.m2ib.api.Refusal;
import org.m2ib.api.Roles;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.SetAsideArrival;

/**
 * {@code /api/arrivals}: arrivals that were acknowledged but could not be paired, and retrying
 * them.
 */
@RolesAllowed({Roles.ADMINISTRATOR, Roles.SERVICE})
@Path("/api/arrivals")
@Blocking
public class ArrivalsResource {
  private static final String SET_ASIDE = "set-aside";
  private static final int MOST = 1000;

  private final Supplier<ArrivalStore> arrivals;

  /** Looked up on the first request, because commands without a server open no storage. */
  @Inject
  public ArrivalsResource(Instance<ArrivalStore> arrivals) {
    this.arrivals = arrivals::get;
  }

  ArrivalsResource(ArrivalStore arrivals) {
    this.arrivals = () -> arrivals;
  }

  /**
   * @param total number set aside; the list ends at {@value #MOST}
   */
  record SetAsideList(List<SetAsideEntry> arrivals, long total) {}

  record SetAsideEntry(@JsonUnwrapped SetAsideArrival arrival, RetryLink links) {
    SetAsideEntry(SetAsideArrival arrival) {
      this(arrival, new RetryLink("/api/arrivals/" + arrival.id() + "/retry"));
    }
  }

  record RetryLink(String retry) {}

  /**
   * @param arrivals number that are paired again
   */
  record RetriedArrivals(int arrivals) {}

  /**
   * The first {@value #MOST} that are set aside, in order of arrival, and their total number.
   *
   * @param state {@value #SET_ASIDE}; no others are listed
   */
  @GET
  @Operation(
      operationId = "listArrivals",
      summary = "Lists what was acknowledged but could not be paired, in order of arrival.")
  public SetAsideList search(
      @Parameter(
              required = true,
              description = "The only value is set-aside.",
              schema = @Schema(type = SchemaType.STRING, enumeration = SET_ASIDE))
          @QueryParam("state")
          String state) {
    if (!SET_ASIDE.equals(state)) {
      throw new ProblemException(400, "state: must be " + SET_ASIDE);
    }
    return new SetAsideList(
        arrivals.get().setAside(MOST).stream().map(SetAsideEntry::new).toList(),
        arrivals.get().aside());
  }

  /** Pairs all set-aside arrivals again; answers with their number. */
  @POST
  @Path("retry")
  @Operation(operationId = "retryArrivals", summary = "Pairs everything that is set aside again.")
  @Recorded(action = "arrivals-retried", subject = "all")
  public RetriedArrivals retry() {
    return new RetriedArrivals(arrivals.get().retry());
  }

  /** Pairs one again; 404 if it is not set aside. */
  @POST
  @Path("{id:[0-9]{1,18}}/retry")
  @Operation(operationId = "retryArrival", summary = "Pairs one arrival again.")
  @Recorded(action = "arrivals-retried", subject = "arrival/{id}")
  public RetriedArrivals retry(
      @Parameter(description = "Id of the arrival.") @PathParam("id") long id) {
    if (!arrivals.get().retry(id)) {
      throw new ProblemException(404, Refusal.ARRIVAL_GONE, "arrival " + id + " is not set aside");
    }
    return new RetriedArrivals(1);
  }
}
