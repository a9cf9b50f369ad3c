package org.m2ib.administration;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.m2ib.accounts.Accounts;
import org.m2ib.api.JsonBody;
import org.m2ib.api.ProblemException;
import org.m2ib.api.Roles;

/**
 * The body that adds or changes a user.
 *
 * @param name in lower case; only of a new user
 * @param roles in the order of {@link Roles#ALL}
 */
record UserBody(String name, String displayName, List<String> roles, boolean disabled) {
  private static final Set<String> FIELDS = Set.of("name", "displayName", "roles", "disabled");
  private static final String NAME = "[a-z0-9][a-z0-9._@-]{1,63}";
  private static final int MOST_DISPLAY = 100;

  /**
   * @throws ProblemException 415 or 400, saying what is wrong and what is allowed
   */
  static UserBody read(MediaType type, byte[] body, boolean isNew) {
    JsonBody.requireJson(type);
    JsonNode json = JsonBody.object(body, "");
    json.fieldNames()
        .forEachRemaining(
            field -> {
              if (!FIELDS.contains(field)
                  || field.equals("name") != isNew && field.equals("name")) {
                throw new ProblemException(
                    400,
                    "body: unknown field; the fields are displayName, roles and disabled"
                        + (isNew ? ", and name" : ""));
              }
            });
    String name = Accounts.normalized(json.path("name").asText(""));
    if (isNew && !name.matches(NAME)) {
      throw new ProblemException(
          400, "name", "2 to 64 of a-z, 0-9, point, underscore, @ and hyphen, not at its start");
    }
    String displayName = json.path("displayName").asText("").strip();
    if (displayName.isEmpty()
        || displayName.length() > MOST_DISPLAY
        || displayName.chars().anyMatch(Character::isISOControl)) {
      throw new ProblemException(400, "displayName", "1 to " + MOST_DISPLAY + " characters");
    }
    JsonNode disabled = json.path("disabled");
    if (!disabled.isMissingNode() && !disabled.isBoolean()) {
      throw new ProblemException(400, "disabled", "must be true or false");
    }
    return new UserBody(name, displayName, roles(json.path("roles")), disabled.asBoolean());
  }

  private static List<String> roles(JsonNode json) {
    List<String> given = new ArrayList<>();
    json.forEach(role -> given.add(role.asText()));
    if (given.isEmpty() || !Roles.ALL.containsAll(given)) {
      throw new ProblemException(400, "roles", "must be one or several of " + Roles.ALL);
    }
    if (given.contains(Roles.SERVICE) && Set.copyOf(given).size() > 1) {
      throw new ProblemException(400, "roles", "service is for systems and stands alone");
    }
    return Roles.ALL.stream().filter(given::contains).toList();
  }
}
