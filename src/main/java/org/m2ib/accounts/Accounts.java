package org.m2ib.accounts;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.m2ib.cases.StorageUnavailableException;
import org.m2ib.cases.UnstorableException;

/**
 * The users and their passwords. Whatever takes rights away from a user, or changes the password,
 * ends the user's sessions.
 */
public final class Accounts {
  /** The first administrator. */
  public static final String ADMIN = "admin";

  /** Names that no user can have: commands of this machine, and the service itself. */
  public static final Set<String> RESERVED = Set.of("service", "m2ib", "anonymous");

  private static final String SELF = "m2ib";
  private static final List<String> FIRST_ROLES = List.of("reviewer", "arbiter", "administrator");

  /**
   * The password with which {@link #ADMIN} begins.
   *
   * @param configured present if it is a setting, which always counts
   * @param generated makes one and keeps it where the operator finds it
   * @param forget removes what {@code generated} kept
   */
  public record FirstPassword(
      Optional<String> configured, Supplier<String> generated, Runnable forget) {}

  /** What a change needs first. */
  public static final class RefusedException extends RuntimeException {
    /** What refuses it. */
    public enum Why {
      NAME_TAKEN,
      PASSWORD_IS_SETTING,
      LAST_ADMINISTRATOR
    }

    private final Why why;

    RefusedException(Why why, String message) {
      super(message);
      this.why = why;
    }

    public Why why() {
      return why;
    }
  }

  private final UserStore users;
  private final SessionStore sessions;
  private final FirstPassword first;
  private final Passwords passwords = new Passwords();
  private final Map<String, User> latest = new ConcurrentHashMap<>();
  private boolean open;

  public Accounts(UserStore users, SessionStore sessions, FirstPassword first) {
    this.users = users;
    this.sessions = sessions;
    this.first = first;
  }

  /** Creates the first administrator, or gives it the configured password. */
  public synchronized void open() {
    if (open) {
      return;
    }
    Optional<User> admin = users.find(ADMIN);
    if (first.configured().isPresent()) {
      configure(admin, first.configured().get());
    } else if (admin.isEmpty()) {
      addAdmin(generated());
    } else if (admin.get().managed()) {
      users.setSecret(ADMIN, generated(), SELF);
      sessions.endAll(ADMIN);
    }
    open = true;
  }

  private UserStore.Secret generated() {
    return new UserStore.Secret(PasswordHash.of(first.generated().get()), true, false);
  }

  private void configure(Optional<User> admin, String password) {
    if (admin.isPresent()
        && admin.get().managed()
        && passwords.matches(password, admin.get().passwordHash())) {
      return;
    }
    UserStore.Secret secret = new UserStore.Secret(PasswordHash.of(password), false, true);
    if (!addAdmin(secret)) {
      users.setSecret(ADMIN, secret, SELF);
      users.setRights(ADMIN, admin.map(User::displayName).orElse(ADMIN), FIRST_ROLES, false, SELF);
      sessions.endAll(ADMIN);
    }
  }

  /** Returns false if there is one, perhaps since now, by another process on the database. */
  private boolean addAdmin(UserStore.Secret secret) {
    try {
      return users.add(ADMIN, "Administrator", FIRST_ROLES, secret, SELF);
    } catch (StorageUnavailableException | UnstorableException e) {
      if (users.find(ADMIN).isEmpty()) {
        throw e;
      }
      return false;
    }
  }

  /** As it is stored and compared. */
  public static String normalized(String name) {
    return name.strip().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the user if the password is right and the user not disabled; takes as long if not.
   * While the database does not respond, users count as they were, so that systems are told to try
   * again by what they asked for, not that their password is wrong.
   */
  public Optional<User> authenticate(String name, String password) {
    Optional<User> found = present(normalized(name));
    boolean right = passwords.matches(password, found.map(User::passwordHash).orElse(null));
    return found.filter(user -> right && !user.disabled());
  }

  private Optional<User> present(String name) {
    try {
      open();
      Optional<User> found = users.find(name);
      found.ifPresentOrElse(user -> latest.put(name, user), () -> latest.remove(name));
      return found;
    } catch (StorageUnavailableException e) {
      User user = latest.get(name);
      if (user == null) {
        throw e;
      }
      return Optional.of(user);
    }
  }

  /** Whether a user is a system, which has no pages on which to change a password. */
  public static boolean isSystem(List<String> roles) {
    return roles.equals(List.of("service"));
  }

  public List<User> all() {
    open();
    return users.all();
  }

  public Optional<User> find(String name) {
    open();
    return users.find(normalized(name));
  }

  /**
   * Adds a user and returns the password, which is kept nowhere.
   *
   * @throws RefusedException if the name is taken
   */
  public String add(String name, String displayName, List<String> roles, String by) {
    String password = Passwords.oneTime();
    UserStore.Secret secret =
        new UserStore.Secret(PasswordHash.of(password), !isSystem(roles), false);
    open();
    if (RESERVED.contains(name) || !users.add(name, displayName, roles, secret, by)) {
      throw new RefusedException(
          RefusedException.Why.NAME_TAKEN, "There is a user of this name already.");
    }
    return password;
  }

  /**
   * Gives a user a new password, which is returned and kept nowhere.
   *
   * @throws RefusedException if the password is a setting
   */
  public String reset(User user, String by) {
    if (user.managed()) {
      throw new RefusedException(
          RefusedException.Why.PASSWORD_IS_SETTING,
          "The password of this user is the setting m2ib.admin-password.");
    }
    String password = Passwords.oneTime();
    users.setSecret(
        user.name(),
        new UserStore.Secret(PasswordHash.of(password), !isSystem(user.roles()), false),
        by);
    sessions.endAll(user.name());
    return password;
  }

  /**
   * Changes name, roles or whether the user may sign in.
   *
   * @throws RefusedException if nobody could administer the service any more
   */
  public synchronized void change(
      User user, String displayName, List<String> roles, boolean disabled, String by) {
    boolean administers = roles.contains("administrator") && !disabled;
    boolean othersDo =
        users.all().stream()
            .filter(other -> !other.name().equals(user.name()) && !other.disabled())
            .anyMatch(other -> other.roles().contains("administrator"));
    if (!administers && !othersDo) {
      throw new RefusedException(
          RefusedException.Why.LAST_ADMINISTRATOR,
          "This is the last administrator; make another one first.");
    }
    users.setRights(user.name(), displayName, roles, disabled, by);
    if (disabled || !roles.equals(user.roles())) {
      sessions.endAll(user.name());
    }
  }

  /** Why a password was not changed. */
  public enum Unchanged {
    WRONG_PASSWORD,
    SAME,
    MANAGED,
    TOO_SHORT,
    TOO_LONG,
    HAS_THE_NAME,
    COMMON
  }

  /** Changes the password; present if it was not. */
  public Optional<Unchanged> changePassword(User user, String current, String next) {
    if (!passwords.matches(current, user.passwordHash())) {
      return Optional.of(Unchanged.WRONG_PASSWORD);
    }
    if (user.managed()) {
      return Optional.of(Unchanged.MANAGED);
    }
    if (current.equals(next)) {
      return Optional.of(Unchanged.SAME);
    }
    Optional<PasswordRules.Problem> problem = PasswordRules.check(next, user.name());
    if (problem.isPresent()) {
      return problem.map(found -> Unchanged.valueOf(found.name()));
    }
    users.setSecret(
        user.name(), new UserStore.Secret(PasswordHash.of(next), false, false), user.name());
    sessions.endAll(user.name());
    if (user.name().equals(ADMIN)) {
      first.forget().run();
    }
    return Optional.empty();
  }
}
