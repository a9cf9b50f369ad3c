package org.m2ib.security;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes guessing passwords slow: after some wrong ones there is a pause before each further try, 1
 * s at first and twice as long each time. An address has 5 free and at most 5 minutes; a user, by
 * all addresses together, 100 and at most 30 s, which an address that has signed in before does not
 * wait for. The same wrong password again is no further guess, so that a client with an old
 * password does not keep its address out. Sessions that are there go on. A quarter of an hour
 * without a guess forgets all.
 */
@ApplicationScoped
public class SignInThrottle {
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

  /** Holds as many as are used last. */
  private static <T> Map<String, T> latest() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
        return size() > MOST;
      }
    };
  }

  /** How many seconds an address has to wait before its next try as this user; 0 for none. */
  synchronized long pause(String address, String user) {
    String network = network(address);
    long pause = pause(byAddress.get(network));
    return signedIn.containsKey(network) ? pause : Math.max(pause, pause(byUser.get(user)));
  }

  /** The same where it is not known yet as whom. */
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
   * @param tried a hash of the password that was wrong
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

  synchronized void succeeded(String address) {
    String network = network(address);
    byAddress.remove(network);
    signedIn.put(network, true);
  }

  /** How many addresses and users, for tests. */
  synchronized int remembered() {
    return byAddress.size() + byUser.size() + signedIn.size();
  }

  /** Of IPv6 the first four groups: one sender has all addresses behind them. */
  private static String network(String address) {
    String[] groups = address.split(":");
    return groups.length < 8 ? address : String.join(":", Arrays.copyOf(groups, 4));
  }
}
