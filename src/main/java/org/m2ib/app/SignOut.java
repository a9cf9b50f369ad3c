package org.m2ib.app;

import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** {@code POST /sign-out}: the browser forgets its session. */
@Path("/sign-out")
public class SignOut {
  private final String cookie;

  public SignOut(@ConfigProperty(name = "quarkus.http.auth.form.cookie-name") String cookie) {
    this.cookie = cookie;
  }

  @POST
  public Response signOut() {
    NewCookie none =
        new NewCookie.Builder(cookie)
            .value("")
            .path("/")
            .maxAge(0)
            .httpOnly(true)
            .sameSite(NewCookie.SameSite.STRICT)
            .build();
    return Response.seeOther(URI.create(SignIn.PAGE)).cookie(none).build();
  }
}
