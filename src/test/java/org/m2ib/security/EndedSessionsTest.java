package org.m2ib.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndedSessionsTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(30);
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path folder;

  private EndedSessions at(Duration later) {
    return new EndedSessions(
        folder.resolve("ended-sessions"), TIMEOUT, Clock.fixed(START.plus(later), ZoneOffset.UTC));
  }

  @Test
  void anEndedSessionStaysEndedAfterARestart() throws Exception {
    at(Duration.ZERO).add("one");
    assertThat(at(Duration.ofMinutes(1)).has("one")).isTrue();
    assertThat(at(Duration.ofMinutes(1)).has("two")).isFalse();
    assertThat(Files.getPosixFilePermissions(folder.resolve("ended-sessions")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void sessionsWhoseCookiesHaveRunOutAreForgotten() throws Exception {
    at(Duration.ZERO).add("old");
    at(Duration.ofMinutes(20)).add("later");
    at(Duration.ofHours(2)).add("new");
    assertThat(Files.readAllLines(folder.resolve("ended-sessions")))
        .singleElement()
        .asString()
        .startsWith("new ");
  }

  @Test
  void aSessionIsKeptForAsLongAsACopyOfItsCookieCouldBeOfUse() {
    at(Duration.ZERO).add("old");
    EndedSessions later = at(TIMEOUT.plusMinutes(1));
    later.add("new");
    assertThat(later.has("old")).isTrue();
  }
}
