package org.m2ib.administration;

import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.m2ib.accounts.Accounts;
import org.m2ib.accounts.Accounts.RefusedException;
import org.m2ib.accounts.SessionStore;
import org.m2ib.accounts.User;
import org.m2ib.administration.UserAnswers.NewPassword;
import org.m2ib.administration.UserAnswers.UserEntry;
import org.m2ib.administration.UserAnswers.UserList;
import org.m2ib.api.ActivityLog;
import org.m2ib.api.ProblemException;
import org.m2ib.api.Refusal;
import org.m2ib.api.Roles;

/** {@code /api/users}: who signs in with a password of this service. */
@RolesAllowed(Roles.ADMINISTRATOR)
@Path("/api/users")
@Blocking
public class UsersResource {
  private static final String USER = "Sign-in name of the user.";

  private final Supplier<Accounts> accounts;
  private final Supplier<SessionStore> sessions;
  private final ActivityLog activity;

  @Inject
  public UsersResource(
      Instance<Accounts> accounts, Instance<SessionStore> sessions, ActivityLog activity) {
    this.accounts = accounts::get;
    this.sessions = sessions::get;
    this.activity = activity;
  }

  /** All, by name. */
  @GET
  @Operation(operationId = "listUsers", summary = "Lists the users.")
  public UserList all() {
    return new UserList(accounts.get().all().stream().map(this::entry).toList());
  }

  private UserEntry entry(User user) {
    return UserEntry.of(user, sessions.get().of(user.name()).size());
  }

  /** Adds a user, with a password that only this answer has. */
  @POST
  @Operation(operationId = "addUser", summary = "Adds a user and answers with a password.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = UserBody.class)))
  @APIResponse(
      responseCode = "201",
      description = "The password.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = NewPassword.class)))
  @APIResponse(responseCode = "409", description = "The name is taken.")
  public Response add(@Context HttpHeaders headers, @Context SecurityContext who, byte[] body) {
    UserBody sent = UserBody.read(headers.getMediaType(), body, true);
    String password =
        refusable(() -> accounts.get().add(sent.name(), sent.displayName(), sent.roles(), by(who)));
    activity.record("user-added", "user/" + sent.name());
    return Response.created(URI.create("/api/users/" + sent.name()))
        .type(MediaType.APPLICATION_JSON_TYPE)
        .entity(new NewPassword(sent.name(), password))
        .build();
  }

  /** Changes a user; other roles and disabling end the user's sessions. */
  @POST
  @Path("{user}")
  @Operation(operationId = "changeUser", summary = "Changes name, roles or disables a user.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = UserBody.class)))
  @APIResponseSchema(value = UserEntry.class, responseCode = "200", responseDescription = "OK")
  @APIResponse(responseCode = "409", description = "It is the last administrator.")
  public UserEntry change(
      @Parameter(description = USER) @PathParam("user") String name,
      @Context HttpHeaders headers,
      @Context SecurityContext who,
      byte[] body) {
    UserBody sent = UserBody.read(headers.getMediaType(), body, false);
    User user = find(name);
    refusable(
        () -> {
          accounts.get().change(user, sent.displayName(), sent.roles(), sent.disabled(), by(who));
          return null;
        });
    activity.record(
        sent.disabled() && !user.disabled() ? "user-disabled" : "user-changed",
        "user/" + user.name());
    return entry(find(name));
  }

  /** Gives a user a new password and ends the user's sessions. */
  @POST
  @Path("{user}/password")
  @Operation(operationId = "resetPassword", summary = "Gives a user a new password.")
  @APIResponseSchema(value = NewPassword.class, responseCode = "200", responseDescription = "OK")
  @APIResponse(responseCode = "409", description = "The password is a setting of the service.")
  @Consumes(MediaType.APPLICATION_JSON) // no body; another site's form cannot send this type
  public NewPassword reset(
      @Parameter(description = USER) @PathParam("user") String name, @Context SecurityContext who) {
    User user = find(name);
    String password = refusable(() -> accounts.get().reset(user, by(who)));
    activity.record("password-reset", "user/" + user.name());
    return new NewPassword(user.name(), password);
  }

  private User find(String name) {
    return accounts
        .get()
        .find(name)
        .orElseThrow(
            () ->
                new ProblemException(404, Refusal.USER_UNKNOWN, "There is no user of this name."));
  }

  private static String by(SecurityContext who) {
    return who.getUserPrincipal().getName();
  }

  private static <T> T refusable(Supplier<T> change) {
    try {
      return change.get();
    } catch (RefusedException e) {
      throw new ProblemException(409, refusal(e), e.getMessage());
    }
  }

  private static Refusal refusal(RefusedException e) {
    return switch (e.why()) {
      case NAME_TAKEN -> Refusal.USER_NAME_TAKEN;
      case PASSWORD_IS_SETTING -> Refusal.PASSWORD_IS_SETTING;
      case LAST_ADMINISTRATOR -> Refusal.LAST_ADMINISTRATOR;
    };
  }
}
