package org.m2ib.security;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.m2ib.base.Digests;

/**
 * Slows down password guessing. After several wrong passwords, each further attempt has to wait: 1
 * s at first, then twice as long each time. An address has 5 free attempts and waits at most 5
 * minutes. A user has 100 over all addresses and waits at most 30 s; addresses that have signed in
 * before skip this wait.
 *
 * <p>Repeating the same wrong password does not count, so a client with an old password does not
 * lock out its address. Existing sessions are not affected. After 15 minutes without a guess,
 * everything is forgotten.
 */
@ApplicationScoped
public class SignInThrottle {
  private static final String SALT = UUID.randomUUID().toString();
  static final int FREE = 5;
  static final int FREE_OF_USER = 100;
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final Duration LONGEST_OF_USER = Duration.ofSeconds(30);
  private static final Duration FORGOTTEN = Duration.ofMinutes(15);
  private static final int MOST = 10_000;

  private record Failures(int count, Instant last, Instant until, String tried) {}

  private final Clock clock;
  private final Map<String, Failures> byAddress = latest();
  private final Map<String, Failures> byUser = latest();
  private final Map<String, Boolean> signedIn = latest();

  public SignInThrottle() {
    this(Clock.systemUTC());
  }

  SignInThrottle(Clock clock) {
    this.clock = clock;
  }

  /** Returns a map that keeps the most recently used entries. */
  private static <T> Map<String, T> latest() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
        return size() > MOST;
      }
    };
  }

  /**
   * Returns how many seconds an address must wait before its next attempt as this user; 0 for none.
   */
  synchronized long pause(String address, String user) {
    String network = network(address);
    long pause = pause(byAddress.get(network));
    return signedIn.containsKey(network) ? pause : Math.max(pause, pause(byUser.get(user)));
  }

  /** The same, if the user is not known yet. */
  synchronized long pause(String address) {
    return pause(byAddress.get(network(address)));
  }

  private long pause(Failures failures) {
    Instant now = clock.instant();
    return failures == null || !now.isBefore(failures.until())
        ? 0
        : Duration.between(now, failures.until()).toSeconds() + 1;
  }

  /**
   * @param tried hash of the wrong password
   */
  synchronized void failed(String address, String user, String tried) {
    String network = network(address);
    Failures before = byAddress.get(network);
    if (before != null && before.tried().equals(tried) && !isForgotten(before)) {
      return;
    }
    byAddress.put(network, next(before, FREE, LONGEST, tried));
    byUser.put(user, next(byUser.get(user), FREE_OF_USER, LONGEST_OF_USER, tried));
  }

  private Failures next(Failures before, int free, Duration longest, String tried) {
    Instant now = clock.instant();
    int count = before == null || isForgotten(before) ? 1 : before.count() + 1;
    Duration pause =
        count < free ? Duration.ZERO : Duration.ofSeconds(1L << Math.min(20, count - free));
    pause = pause.compareTo(longest) > 0 ? longest : pause;
    return new Failures(count, now, now.plus(pause), tried);
  }

  private boolean isForgotten(Failures failures) {
    return clock.instant().isAfter(failures.last().plus(FORGOTTEN));
  }

  /** Returns a keyed hash that identifies a password while this process runs. */
  static String digest(String password) {
    return Digests.sha256(SALT + password);
  }

  synchronized void succeeded(String address) {
    String network = network(address);
    byAddress.remove(network);
    signedIn.put(network, true);
  }

  /** Returns how many addresses and users are remembered, for tests. */
  synchronized int remembered() {
    return byAddress.size() + byUser.size() + signedIn.size();
  }

  /**
   * Returns the first four groups of an IPv6 address, because one sender controls all addresses
   * behind them.
   */
  private static String network(String address) {
    String[] groups = address.split(":");
    return groups.length < 8 ? address : String.join(":", Arrays.copyOf(groups, 4));
  }
}
