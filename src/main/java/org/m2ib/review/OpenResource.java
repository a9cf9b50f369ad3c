package org.m2ib.review;

import io.quarkus.qute.Location;
import io.quarkus.qute.Template;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.m2ib.api.Roles;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseStore;
import org.m2ib.pages.Frame;

/**
 * {@code GET /open}: the case of an accession number or a study, the most recently changed of
 * several of one study. An accession number of several studies leads to the worklist with all of
 * them, as nobody can know which was meant. Without a case, a page that waits for it.
 */
@RolesAllowed(Roles.READER)
@Blocking
@Path("/open")
@Produces("text/html;charset=UTF-8")
public class OpenResource {
  /** Cases that are looked at to see whether they are of one study. */
  private static final String MOST = "50";

  private final Instance<CaseStore> cases;
  private final Frame frame;
  private final Template waiting;

  @Inject
  public OpenResource(
      Instance<CaseStore> cases, Frame frame, @Location("waiting.html") Template waiting) {
    this.cases = cases;
    this.frame = frame;
    this.waiting = waiting;
  }

  @GET
  public Response open(
      @QueryParam("accession") String accession,
      @QueryParam("study") String study,
      @Context HttpHeaders request,
      @Context SecurityContext person) {
    if (accession == null && study == null) {
      return Response.seeOther(URI.create("/")).build();
    }
    CaseSearch search = CaseSearch.of(study, accession, null, null, null, MOST);
    List<Case> found = cases.get().search(search.query());
    if (found.stream()
            .map(c -> c.study().studyInstanceUid())
            .filter(Objects::nonNull)
            .distinct()
            .count()
        > 1) {
      String number = URLEncoder.encode(accession, StandardCharsets.UTF_8);
      return Response.seeOther(URI.create("/?accessionNumber=" + number)).build();
    }
    return found.isEmpty()
        ? frame.show(waiting.instance(), "waiting", request, person)
        : Response.seeOther(URI.create("/cases/" + found.get(0).id())).build();
  }
}
