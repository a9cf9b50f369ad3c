package org.m2ib.api;

import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The scopes of an access token: those of SMART App Launch 1 and 2 for a system, {@code
 * system/Observation.read} and {@code system/Observation.rs}, and this service's own for {@code
 * /api}. A scope that is restricted by a query ({@code ?}) or that is meant for a patient or a user
 * opens nothing.
 *
 * @param names as the token has them
 */
public record AccessScopes(Set<String> names) {
  private static final String API_READ = "m2ib/api.read";
  private static final String API_WRITE = "m2ib/api.write";
  private static final Pattern SMART =
      Pattern.compile("system/(\\*|[A-Za-z]+)\\.(read|write|\\*|c?r?u?d?s?)");

  /**
   * @param texts each with one scope or several, separated by spaces
   */
  public static AccessScopes parse(Collection<String> texts) {
    return new AccessScopes(
        texts.stream()
            .flatMap(text -> Arrays.stream(text.strip().split(" +")))
            .collect(Collectors.toUnmodifiableSet()));
  }

  /**
   * @param interaction one of {@code c r u d s}: create, read, update, delete, search
   */
  public boolean allows(String resourceType, char interaction) {
    return names.stream().anyMatch(name -> allows(name, resourceType, interaction));
  }

  private static boolean allows(String name, String resourceType, char interaction) {
    Matcher scope = SMART.matcher(name);
    if (!scope.matches() || !Set.of("*", resourceType).contains(scope.group(1))) {
      return false;
    }
    String interactions =
        switch (scope.group(2)) {
          case "read" -> "rs";
          case "write" -> "cud";
          case "*" -> "cruds";
          default -> scope.group(2);
        };
    return interactions.indexOf(interaction) >= 0;
  }

  public boolean allowsApi(boolean reading) {
    return names.contains(apiScope(reading));
  }

  /** Returns the scope that {@code /api} asks for. */
  public static String apiScope(boolean reading) {
    return reading ? API_READ : API_WRITE;
  }
}
