package org.m2ib.administration;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.m2ib.accounts.Session;
import org.m2ib.accounts.SessionStore;
import org.m2ib.api.Roles;

/**
 * {@code POST /conference} begins or ends conference mode in the session, and shows the page again.
 */
@RolesAllowed(Roles.READER)
@Path("/conference")
@Blocking
public class ConferenceResource {
  private final SecurityIdentity identity;
  private final Instance<SessionStore> sessions;

  @Inject
  public ConferenceResource(SecurityIdentity identity, Instance<SessionStore> sessions) {
    this.identity = identity;
    this.sessions = sessions;
  }

  @POST
  public Response set(
      @FormParam("on") @DefaultValue("false") boolean on, @HeaderParam("Referer") String referer) {
    String id = identity.getAttribute(Session.ID);
    if (id != null) {
      sessions.get().setConference(id, on);
    }
    return Response.seeOther(URI.create(path(referer))).build();
  }

  /** Path and query of the page that asked; the start if it is not known. */
  private static String path(String referer) {
    try {
      URI page = URI.create(referer == null ? "/" : referer);
      String path = page.getRawPath();
      String query = page.getRawQuery() == null ? "" : "?" + page.getRawQuery();
      return path == null || !path.matches("/(?![/\\\\]).*|/") ? "/" : path + query;
    } catch (IllegalArgumentException e) {
      return "/";
    }
  }
}
