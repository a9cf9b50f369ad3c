package org.m2ib.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.m2ib.accounts.Accounts;
import org.m2ib.accounts.SessionStore;
import org.m2ib.accounts.UserStore;
import org.m2ib.campaigns.SignInNames;
import org.m2ib.cases.Database;
import org.m2ib.cases.TestDatabase;
import org.m2ib.config.TestConfig;

class ReviewBeansTest {
  private final Database database = TestDatabase.h2();
  private final Accounts accounts =
      new Accounts(
          new UserStore(database, Clock.systemUTC()),
          new SessionStore(
              database, Clock.systemUTC(), Duration.ofMinutes(30), Duration.ofHours(12)),
          new Accounts.FirstPassword(Optional.empty(), () -> "seven blue herons", () -> {}));

  private SignInNames names(Map<String, String> settings) {
    return new ReviewBeans().signInNames(TestConfig.of(settings), accounts);
  }

  @Test
  void aNameIsUnknownUnlessAUserHasItWhoMaySignIn() {
    accounts.add("mia", "Mia", List.of("reviewer"), "admin");
    accounts.add("old", "Left", List.of("reviewer"), "admin");
    accounts.change(accounts.find("old").orElseThrow(), "Left", List.of("reviewer"), true, "admin");

    assertThat(names(Map.of()).unknown(List.of("ghost", "mia", "admin", "old", "Mia")))
        .containsExactly("ghost", "old", "Mia");
  }

  @Test
  void whereAnIdentityProviderKnowsTheUsersNoNameIsUnknown() {
    Map<String, String> provider = Map.of("m2ib.oidc.issuer", "https://provider.example");
    assertThat(names(provider).unknown(List.of("ghost"))).isEmpty();
  }
}
