package org.m2ib.app;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes guessing passwords slow: after five wrong ones of an address there is a pause before each
 * further try, 1 s at first and twice as long each time, to 15 minutes. The service has one
 * account, so that an address stands for account and address. Sessions that are there go on.
 */
@ApplicationScoped
public class SignInThrottle {
  static final int FREE = 5;
  private static final Duration LONGEST = Duration.ofMinutes(15);
  private static final int MOST_ADDRESSES = 10_000;

  private record Failures(int count, Instant until) {}

  private final Clock clock;
  private final Map<String, Failures> byAddress =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
          return size() > MOST_ADDRESSES;
        }
      };

  public SignInThrottle() {
    this(Clock.systemUTC());
  }

  SignInThrottle(Clock clock) {
    this.clock = clock;
  }

  /** How many seconds an address has to wait before its next try; 0 for none. */
  synchronized long pause(String address) {
    Failures failures = byAddress.get(address);
    if (failures == null || !clock.instant().isBefore(failures.until())) {
      return 0;
    }
    return Duration.between(clock.instant(), failures.until()).toSeconds() + 1;
  }

  synchronized void failed(String address) {
    Failures before = byAddress.get(address);
    Instant now = clock.instant();
    boolean old = before == null || now.isAfter(before.until().plus(LONGEST));
    int count = old ? 1 : before.count() + 1;
    Duration pause =
        count < FREE ? Duration.ZERO : Duration.ofSeconds(1L << Math.min(20, count - FREE));
    byAddress.put(
        address, new Failures(count, now.plus(pause.compareTo(LONGEST) > 0 ? LONGEST : pause)));
  }

  synchronized void succeeded(String address) {
    byAddress.remove(address);
  }
}
