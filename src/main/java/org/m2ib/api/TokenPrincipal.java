package org.m2ib.api;

import java.security.Principal;

/**
 * A system that is identified by an access token.
 *
 * @param name client id, else subject
 * @param scopes what the token opens
 */
public record TokenPrincipal(String name, AccessScopes scopes) implements Principal {
  @Override
  public String getName() {
    return name;
  }
}
