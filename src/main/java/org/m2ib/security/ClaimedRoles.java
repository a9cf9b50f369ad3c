package org.m2ib.security;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.m2ib.api.Roles;

/**
 * The roles that an identity provider's claim stands for.
 *
 * @param claim its name, with points between the names of nested objects ({@code
 *     realm_access.roles})
 * @param roles by value of the claim
 */
record ClaimedRoles(String claim, Map<String, Set<String>> roles) {

  /**
   * @param mapping each {@code VALUE=role}; without any, values are the roles' own names
   * @throws IllegalArgumentException if one names no role
   */
  static ClaimedRoles of(String claim, List<String> mapping) {
    Map<String, Set<String>> roles = new java.util.HashMap<>();
    for (String entry : mapping) {
      int equals = entry.lastIndexOf('=');
      String role = entry.substring(equals + 1).strip();
      if (equals < 1 || !PEOPLE.contains(role)) {
        throw new IllegalArgumentException(
            "m2ib.oidc.roles: " + entry + " is not VALUE=role with one of " + PEOPLE);
      }
      roles.computeIfAbsent(entry.substring(0, equals).strip(), v -> new TreeSet<>()).add(role);
    }
    if (mapping.isEmpty()) {
      PEOPLE.forEach(role -> roles.put(role, Set.of(role)));
    }
    return new ClaimedRoles(claim, Map.copyOf(roles));
  }

  /** What people can be. */
  private static final List<String> PEOPLE =
      Roles.ALL.stream().filter(role -> !role.equals(Roles.SERVICE)).toList();

  /** Returns the roles, in the order of {@link Roles#ALL}; none if no value is known. */
  List<String> of(Map<String, Object> claims) {
    Object found = claims.get(claim);
    if (found == null) {
      found = claims;
      for (String name : claim.split("\\.")) {
        found = found instanceof Map<?, ?> object ? object.get(name) : null;
      }
    }
    Set<String> given = new TreeSet<>();
    for (String value : values(found)) {
      given.addAll(roles.getOrDefault(value, Set.of()));
    }
    return Roles.ALL.stream().filter(given::contains).toList();
  }

  private static List<String> values(Object claim) {
    List<String> values = new ArrayList<>();
    if (claim instanceof Collection<?> several) {
      several.forEach(one -> values.add(String.valueOf(one)));
    } else if (claim instanceof String text) {
      values.add(text);
      values.addAll(List.of(text.split("[ ,]+")));
    }
    return values;
  }
}
