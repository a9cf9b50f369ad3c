package org.m2ib.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.m2ib.cases.Database;
import org.m2ib.cases.EmptyPostgres;

/** The statements of this room on PostgreSQL. */
class AccountsPostgresIT {
  @RegisterExtension static final EmptyPostgres POSTGRES = new EmptyPostgres();

  @Test
  void usersSessionsLogAndLinksAreStored() throws Exception {
    Clock clock = Clock.systemUTC();
    Database database = Database.open(POSTGRES.database());
    UserStore users = new UserStore(database, clock);
    SessionStore sessions =
        new SessionStore(database, clock, Duration.ofMinutes(30), Duration.ofHours(12));
    Accounts accounts =
        new Accounts(
            users,
            sessions,
            new Accounts.FirstPassword(Optional.of("configured-one"), () -> "", () -> {}));
    String once = accounts.add("mia", "Mia Wölf", List.of("reviewer"), "admin");
    User mia = accounts.authenticate("mia", once).orElseThrow();
    String local = sessions.begin(mia, "10.0.0.1");
    String vouched = sessions.begin("eva", "Eva", List.of("reader"), "10.0.0.2", "token");
    assertThat(sessions.use(local).orElseThrow().roles()).containsExactly("reviewer");
    assertThat(sessions.use(vouched).orElseThrow().roles()).containsExactly("reader");
    sessions.setConference(local, true);
    assertThat(sessions.of("mia").get(0).conference()).isTrue();
    accounts.change(mia, "Mia", List.of("reader"), true, "admin");
    assertThat(sessions.use(local)).isEmpty();
    assertThat(sessions.use(vouched)).isPresent();

    ActivityStore activity = new ActivityStore(database, clock);
    activity.add("mia", "10.0.0.1", "case-opened", "case/1");
    activity.add("mia", "10.0.0.1", "case-opened", "case/2");
    ActivityStore.Filter filter =
        new ActivityStore.Filter(
            "mia", "case-opened", "case/*", Instant.EPOCH, Instant.now().plusSeconds(60));
    assertThat(activity.find(filter, Long.MAX_VALUE, 10))
        .extracting(Activity::subject)
        .containsExactly("case/2", "case/1");
    assertThat(activity.removeOlderThan(Duration.ofDays(1))).isZero();

    LaunchStore launches = new LaunchStore(database, clock);
    assertThat(launches.take("n", Instant.now().plusSeconds(60))).isTrue();
    assertThat(launches.take("n", Instant.now().plusSeconds(60))).isFalse();
  }
}
