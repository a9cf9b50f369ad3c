package org.m2ib.accounts;

import java.time.Instant;
import java.util.List;

/**
 * Who signs in with a password of this service.
 *
 * @param name sign-in name, in lower case
 * @param displayName for people to read
 * @param roles as given, without those that they include
 * @param passwordHash argon2id
 * @param mustChange whether nothing opens until the password is changed
 * @param managed whether the password is a setting of the service
 */
public record User(
    String name,
    String displayName,
    List<String> roles,
    String passwordHash,
    boolean mustChange,
    boolean managed,
    boolean disabled,
    Instant createdAt,
    String createdBy,
    Instant changedAt,
    String changedBy) {

  @Override
  public String toString() {
    return "user " + name;
  }
}
