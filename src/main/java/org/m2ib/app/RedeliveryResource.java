package org.m2ib.app;

import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.delivery.Redelivery;
import org.m2ib.review.Answers;

/** {@code POST /api/redelivery} and {@code /api/cases/{id}/redelivery}: another try. */
@Path("/api")
@Blocking
public class RedeliveryResource {
  private final Supplier<Redelivery> redelivery;
  private final Supplier<CaseStore> cases;

  @Inject
  public RedeliveryResource(Instance<Redelivery> redelivery, Instance<CaseStore> cases) {
    this.redelivery = redelivery::get;
    this.cases = cases::get;
  }

  RedeliveryResource(Redelivery redelivery, CaseStore cases) {
    this.redelivery = () -> redelivery;
    this.cases = () -> cases;
  }

  /** All dead letters; answers how many cases that were. */
  @POST
  @Path("redelivery")
  public Response all() {
    return Answers.of(() -> Answers.ok(Map.of("cases", redelivery.get().all())));
  }

  /** One case; 409 where it has nothing to try again. */
  @POST
  @Path("cases/{id}/redelivery")
  public Response one(@PathParam("id") String id) {
    return Answers.of(
        () -> {
          Case c = find(id);
          if (!redelivery.get().one(c.id())) {
            throw new Answers.Problem(409, "nothing to try again in state " + why(c.state()));
          }
          return Answers.ok(Map.of("cases", 1));
        });
  }

  private static String why(CaseState state) {
    return state == CaseState.DELIVERED
        ? "DELIVERED: no destination was configured when it was attributed"
        : state.name();
  }

  private Case find(String id) {
    try {
      return cases.get().find(UUID.fromString(id)).orElseThrow(RedeliveryResource::unknown);
    } catch (IllegalArgumentException e) {
      throw unknown();
    }
  }

  private static Answers.Problem unknown() {
    return new Answers.Problem(404, "there is no case with this id");
  }
}
