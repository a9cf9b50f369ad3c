package org.m2ib.administration;

import java.time.Instant;
import java.util.List;
import org.m2ib.accounts.Session;
import org.m2ib.accounts.User;

/** What {@code /api/users} and {@code /api/session} answer. */
final class UserAnswers {
  private UserAnswers() {}

  record UserList(List<UserEntry> users) {}

  /**
   * @param managed whether the password is a setting of the service
   * @param sessions number of sessions that go on
   */
  record UserEntry(
      String name,
      String displayName,
      List<String> roles,
      boolean disabled,
      boolean mustChange,
      boolean managed,
      int sessions,
      Instant createdAt,
      String createdBy,
      Instant changedAt,
      String changedBy) {

    static UserEntry of(User user, int sessions) {
      return new UserEntry(
          user.name(),
          user.displayName(),
          user.roles(),
          user.disabled(),
          user.mustChange(),
          user.managed(),
          sessions,
          user.createdAt(),
          user.createdBy(),
          user.changedAt(),
          user.changedBy());
    }
  }

  /**
   * A password that is shown only here.
   *
   * @param name of its user
   */
  record NewPassword(String name, String password) {}

  /**
   * Who is signed in.
   *
   * @param roles with those that they include
   * @param conference whether names and identifiers are hidden in this session
   */
  record SignedIn(
      String name,
      String displayName,
      List<String> roles,
      boolean conference,
      List<Place> sessions) {}

  /**
   * Where the person is signed in.
   *
   * @param current whether it is the session that asks
   */
  record Place(String address, Instant startedAt, Instant seenAt, boolean current) {
    static Place of(Session session, Session current) {
      return new Place(
          session.address(),
          session.startedAt(),
          session.seenAt(),
          current != null && session.number() == current.number());
    }
  }
}
