package org.m2ib.review;

import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.SetAsideArrival;

/** {@code /api/arrivals}: what was acknowledged and could not be paired, and another try. */
@Path("/api/arrivals")
@Blocking
public class ArrivalsResource {
  private static final String SET_ASIDE = "set-aside";
  private static final int MOST = 1000;

  private final Supplier<ArrivalStore> arrivals;

  /** Looked up on the first request: the commands that serve nothing open no storage. */
  @Inject
  public ArrivalsResource(Instance<ArrivalStore> arrivals) {
    this.arrivals = arrivals::get;
  }

  ArrivalsResource(ArrivalStore arrivals) {
    this.arrivals = () -> arrivals;
  }

  /**
   * The first {@value #MOST} that are set aside, in order of arrival, and how many there are.
   *
   * @param state {@value #SET_ASIDE}; no others are listed
   */
  @GET
  public Response search(@QueryParam("state") String state) {
    return Answers.of(
        () -> {
          if (!SET_ASIDE.equals(state)) {
            throw new Answers.Problem(400, "state: must be " + SET_ASIDE);
          }
          List<SetAsideArrival> found = arrivals.get().setAside(MOST);
          Map<String, Object> json = new LinkedHashMap<>();
          json.put("arrivals", found.stream().map(ArrivalsResource::json).toList());
          json.put("total", arrivals.get().aside());
          return Answers.ok(json);
        });
  }

  /** All that are set aside go to pairing again; answers how many that were. */
  @POST
  @Path("retry")
  public Response retry() {
    return Answers.of(() -> Answers.ok(Map.of("arrivals", arrivals.get().retry())));
  }

  /** One goes to pairing again; 404 where it is not set aside. */
  @POST
  @Path("{id:[0-9]{1,18}}/retry")
  public Response retry(@PathParam("id") long id) {
    return Answers.of(
        () -> {
          if (!arrivals.get().retry(id)) {
            throw new Answers.Problem(404, "arrival " + id + " is not set aside");
          }
          return Answers.ok(Map.of("arrivals", 1));
        });
  }

  private static Map<String, Object> json(SetAsideArrival arrival) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", arrival.id());
    json.put("kind", arrival.kind());
    json.put("receivedAt", arrival.receivedAt().toString());
    json.put("setAsideAt", arrival.setAsideAt().toString());
    json.put("reason", arrival.reason());
    json.put("studyInstanceUid", arrival.studyInstanceUid());
    json.put("accessionNumber", arrival.accessionNumber());
    json.put("orderNumber", arrival.orderNumber());
    json.put("sopInstanceUid", arrival.sopInstanceUid());
    json.put("reportId", arrival.reportId());
    json.put("links", Map.of("retry", "/api/arrivals/" + arrival.id() + "/retry"));
    return json;
  }
}
