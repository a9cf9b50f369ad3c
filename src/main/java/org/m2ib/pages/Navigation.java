package org.m2ib.pages;

import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import org.m2ib.api.Roles;

/** The pages that every page leads to, in the order of their worth. */
public final class Navigation {

  /**
   * @param page its name in {@link Frame#show} and, under {@code frame.page}, in the texts
   * @param roles those that open it; empty: everyone who is signed in
   */
  public record Entry(String page, String path, List<String> roles) {
    boolean opensFor(SecurityContext person) {
      return roles.isEmpty() || roles.stream().anyMatch(person::isUserInRole);
    }
  }

  /** A page that does not exist yet has no line. */
  static final List<Entry> ENTRIES =
      List.of(
          new Entry("worklist", "/", List.of()),
          new Entry("alarms", "/alarms", List.of()),
          new Entry("quality", "/quality", List.of()),
          new Entry("campaigns", "/campaigns", List.of()),
          new Entry("models", "/models", List.of()),
          new Entry("operations", "/operations", List.of(Roles.ADMINISTRATOR)),
          new Entry("administration", "/administration/users", List.of(Roles.ADMINISTRATOR)));

  private Navigation() {}

  static List<Entry> of(SecurityContext person) {
    return ENTRIES.stream().filter(entry -> entry.opensFor(person)).toList();
  }
}
