package org.m2ib.intake.hl7;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Settings of a listener on a free port of loopback, for tests. */
public final class TestHl7Settings {
  private TestHl7Settings() {}

  public static Hl7Settings of() {
    return of(0, 1 << 22, 64, Duration.ofMinutes(10), Duration.ofMinutes(1));
  }

  static Hl7Settings of(
      int port, int maxMessageBytes, int connections, Duration idle, Duration message) {
    return new Hl7Settings(
        "127.0.0.1",
        port,
        maxMessageBytes,
        100,
        Set.of(),
        List.of(),
        connections,
        idle,
        message,
        Optional.empty());
  }

  static Hl7Settings from(Set<String> facilities, List<String> authorities) {
    Hl7Settings s = of();
    return new Hl7Settings(
        s.host(),
        0,
        1 << 16,
        100,
        facilities,
        authorities,
        4,
        s.idleTimeout(),
        s.messageTimeout(),
        Optional.empty());
  }
}
