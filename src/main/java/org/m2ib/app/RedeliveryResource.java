package org.m2ib.app;

import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseStore;
import org.m2ib.delivery.Redelivery;

/** {@code POST /api/redelivery} and {@code /api/cases/{id}/redelivery}: another try. */
@Path("/api")
@Blocking
public class RedeliveryResource {
  private final Instance<Redelivery> redelivery;
  private final Instance<CaseStore> cases;

  @Inject
  public RedeliveryResource(Instance<Redelivery> redelivery, Instance<CaseStore> cases) {
    this.redelivery = redelivery;
    this.cases = cases;
  }

  /** All dead letters. */
  @POST
  @Path("redelivery")
  public Response all() {
    return answer(200, Map.of("cases", redelivery.get().all()));
  }

  /** One case; 409 where its state has nothing to try again. */
  @POST
  @Path("cases/{id}/redelivery")
  public Response one(@PathParam("id") String id) {
    Optional<Case> found = find(id);
    if (found.isEmpty()) {
      return answer(404, Map.of("detail", "there is no case with this id"));
    }
    return redelivery.get().one(found.get().id())
        ? answer(200, Map.of("cases", 1))
        : answer(409, Map.of("detail", "nothing to try again in state " + found.get().state()));
  }

  private Optional<Case> find(String id) {
    try {
      return cases.get().find(UUID.fromString(id));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Response answer(int status, Map<String, Object> body) {
    return Response.status(status).type(MediaType.APPLICATION_JSON).entity(body).build();
  }
}
