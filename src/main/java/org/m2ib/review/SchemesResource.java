package org.m2ib.review;

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
import org.m2ib.judging.JudgingPolicy;
import org.m2ib.judging.Scheme;

/** {@code /api/schemes}: what persons are asked of a sentence and its map. */
@RolesAllowed({Roles.READER, Roles.SERVICE})
@Path("/api/schemes")
@Blocking
public class SchemesResource {
  private final Supplier<JudgingPolicy> policy;

  /** Looked up on the first request, because commands without a server open no storage. */
  @Inject
  public SchemesResource(Instance<JudgingPolicy> policy) {
    this.policy = policy::get;
  }

  /**
   * @param readers how many persons judge each sentence independently
   * @param answerBeforeMap whether the page asks before it shows the map
   * @param schemes the usual one first; the retired ones, by which earlier judgements are read,
   *     last
   */
  record SchemeList(int readers, boolean answerBeforeMap, List<Scheme> schemes) {}

  /** The schemes of judging, and how this site judges. */
  @GET
  @Operation(operationId = "listSchemes", summary = "Lists the schemes of judging.")
  public SchemeList get() {
    JudgingPolicy judging = policy.get();
    return new SchemeList(judging.readers(), judging.beforeMap(), judging.schemes().withEarlier());
  }
}
