package org.m2ib.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.m2ib.base.SuppliedClock;
import org.m2ib.cases.Database;
import org.m2ib.cases.TestDatabase;

class SessionStoreTest {
  private final Database database = TestDatabase.h2();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final SessionStore sessions =
      new SessionStore(
          database, new SuppliedClock(() -> now), Duration.ofMinutes(30), Duration.ofHours(12));

  private String begin(String person) {
    return sessions.begin(person, "Mia Wolf", List.of("reader"), "10.0.0.1", "token");
  }

  @Test
  void aSessionSaysWhoItIs() {
    Session session = sessions.use(begin("mia")).orElseThrow();
    assertThat(session.person()).isEqualTo("mia");
    assertThat(session.roles()).containsExactly("reader");
    assertThat(session.mustChange()).isFalse();
    assertThat(sessions.use("guessed")).isEmpty();
  }

  @Test
  void usedItLastsUntilItsLimit() {
    String used = begin("mia");
    for (int minutes = 20; minutes < 720; minutes += 20) {
      now = now.plus(Duration.ofMinutes(20));
      assertThat(sessions.use(used)).as("after %d minutes", minutes).isPresent();
    }
    now = now.plus(Duration.ofMinutes(25));
    assertThat(sessions.use(used)).as("after twelve hours").isEmpty();
  }

  @Test
  void anUnusedSessionEnds() {
    String id = begin("mia");
    now = now.plus(Duration.ofMinutes(31));
    assertThat(sessions.use(id)).isEmpty();
    assertThat(sessions.of("mia")).isEmpty();
  }

  @Test
  void oneIsEndedOrAllOfAPerson() {
    String one = begin("mia");
    String two = begin("mia");
    String other = begin("eva");
    assertThat(sessions.of("mia")).hasSize(2);
    sessions.end(one);
    assertThat(sessions.use(one)).isEmpty();
    assertThat(sessions.use(two)).isPresent();
    sessions.endAll("mia");
    assertThat(sessions.use(two)).isEmpty();
    assertThat(sessions.use(other)).isPresent();
  }

  @Test
  void theIdOfASessionIsNotStored() {
    String id = begin("mia");
    List<String> stored =
        database.list(
            (row, context) -> row.getString("id_hash"), "select id_hash from user_session");
    assertThat(stored).hasSize(1).doesNotContain(id);
  }

  @Test
  void someoneFromAnIdentityProviderIsNotTheUserOfThatName() {
    UserStore users = new UserStore(database, Clock.systemUTC());
    users.add("mia", "Mia", List.of("administrator"), new UserStore.Secret("x", true, false), "a");
    assertThat(sessions.use(begin("mia")).orElseThrow().roles()).containsExactly("reader");
  }
}
