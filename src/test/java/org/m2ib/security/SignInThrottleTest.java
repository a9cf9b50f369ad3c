package org.m2ib.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.m2ib.base.SuppliedClock;

class SignInThrottleTest {
  private static final String HERE = "192.0.2.1";
  private static final String ELSEWHERE = "192.0.2.2";

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final SignInThrottle throttle = new SignInThrottle(new SuppliedClock(() -> now));
  private int guesses;

  private void guess(String address, int times) {
    for (int i = 0; i < times; i++) {
      throttle.failed(address, "admin", "guess " + guesses++);
    }
  }

  @Test
  void fewWrongPasswordsCostNothing() {
    guess(HERE, SignInThrottle.FREE - 1);
    assertThat(throttle.pause(HERE, "admin")).isZero();
  }

  @Test
  void aGuesserGetsFarFewerTriesThanAThousandInADay() {
    int tries = 0;
    for (int second = 0; second < 24 * 3600; second++) {
      for (int i = 0; i < 300 && throttle.pause(HERE, "admin") == 0; i++) {
        guess(HERE, 1);
        tries++;
      }
      now = now.plusSeconds(1);
    }
    assertThat(tries).isBetween(100, 400);
  }

  @Test
  void thePauseOfAnAddressEndsWithinFiveMinutesAndDoesNotHoldUpOthers() {
    guess(HERE, 60);
    assertThat(throttle.pause(HERE, "admin")).isBetween(2L, 301L);
    assertThat(throttle.pause(ELSEWHERE, "admin")).isZero();
    now = now.plus(Duration.ofMinutes(5));
    assertThat(throttle.pause(HERE, "admin")).isZero();
  }

  @Test
  void manyAddressesTogetherMakeAPauseForTheUserButNotWhereTheUserWasBefore() {
    throttle.succeeded(HERE);
    for (int i = 0; i < 2 * SignInThrottle.FREE_OF_USER; i++) {
      guess("198.51.100." + i, 1);
    }
    assertThat(throttle.pause("203.0.113.1", "admin")).isBetween(1L, 31L);
    assertThat(throttle.pause("203.0.113.1", "somebody-else")).isZero();
    assertThat(throttle.pause(HERE, "admin")).isZero();
    now = now.plusSeconds(31);
    assertThat(throttle.pause("203.0.113.1", "admin")).as("not for ever").isZero();
  }

  @Test
  void aClientThatRepeatsAnOldPasswordDoesNotKeepItsAddressOut() {
    for (int i = 0; i < 1000; i++) {
      throttle.failed(HERE, "admin", "the old one");
    }
    assertThat(throttle.pause(HERE, "admin")).isZero();
  }

  @Test
  void theRightPasswordForgetsTheWrongOnesOfItsAddress() {
    guess(HERE, SignInThrottle.FREE - 1);
    throttle.succeeded(HERE);
    guess(HERE, SignInThrottle.FREE - 1);
    assertThat(throttle.pause(HERE, "admin")).isZero();
  }

  @Test
  void ipV6AddressesOfOneNetworkAreOneSender() {
    for (int i = 0; i < 10; i++) {
      guess("2001:db8:0:1:0:0:0:" + i, 1);
    }
    assertThat(throttle.pause("2001:db8:0:1:0:0:0:ffff", "admin")).isPositive();
    assertThat(throttle.pause("2001:db8:0:2:0:0:0:1", "admin")).isZero();
  }

  @Test
  void whatItRemembersIsBounded() {
    for (int i = 0; i < 100_000; i++) {
      throttle.failed("10." + i, "user " + i, "guess");
      throttle.succeeded("10." + i);
    }
    assertThat(throttle.remembered()).isLessThanOrEqualTo(30_000);
  }
}
