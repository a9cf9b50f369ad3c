package org.m2ib.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.text.Normalizer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.m2ib.accounts.Accounts.Unchanged;
import org.m2ib.cases.Database;
import org.m2ib.cases.StorageUnavailableException;
import org.m2ib.cases.TestDatabase;

class AccountsTest {
  private static final String GENERATED = "generated-for-the-test";
  private static final String CHOSEN = "seven blue herons";

  private final Database database = TestDatabase.h2();
  private final UserStore users = new UserStore(database, Clock.systemUTC());
  private final SessionStore sessions =
      new SessionStore(database, Clock.systemUTC(), Duration.ofMinutes(30), Duration.ofHours(12));
  private int forgotten;

  private Accounts accounts(String configured) {
    return new Accounts(
        users,
        sessions,
        new Accounts.FirstPassword(
            Optional.ofNullable(configured), () -> GENERATED, () -> forgotten++));
  }

  private final Accounts accounts = accounts(null);

  private User user(String name) {
    return users.find(name).orElseThrow();
  }

  @Test
  void theFirstAdministratorsGeneratedPasswordMustBeChangedAndIsThenForgotten() {
    User admin = accounts.authenticate("admin", GENERATED).orElseThrow();
    assertThat(admin.mustChange()).isTrue();

    assertThat(accounts.changePassword(admin, GENERATED, CHOSEN)).isEmpty();

    assertThat(forgotten).isEqualTo(1);
    assertThat(accounts.authenticate("admin", GENERATED)).isEmpty();
    assertThat(accounts(null).authenticate("admin", CHOSEN).orElseThrow().mustChange()).isFalse();
  }

  @Test
  void aPasswordIsTheSameHoweverAKeyboardWritesItsAccents() {
    String composed = "größere Öfen für Ä";
    String apart = Normalizer.normalize(composed, Normalizer.Form.NFD);
    assertThat(apart).isNotEqualTo(composed);
    User admin = accounts.authenticate("admin", GENERATED).orElseThrow();
    assertThat(accounts.changePassword(admin, GENERATED, apart)).isEmpty();
    assertThat(accounts(null).authenticate("admin", composed)).isPresent();
    assertThat(accounts(null).authenticate("admin", apart)).isPresent();
    assertThat(accounts(null).authenticate("admin", "grosere Ofen fur A")).isEmpty();
    assertThat(PasswordRules.check("ｐａｓｓｗｏｒｄ１２３４", "ada")).contains(PasswordRules.Problem.COMMON);
  }

  @Test
  void aPasswordThatWasHashedAsItWasTypedStillOpens() {
    // argon2id of "ﬁne blue herons" with its ligature, as it was hashed before
    String hash =
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$KMxeXeeg6mzqp4d8jJYG2wPEeH69WABhrZy/vPkFgOE";
    assertThat(new Passwords().matches("ﬁne blue herons", hash)).isTrue();
    assertThat(new Passwords().matches("other blue herons", hash)).isFalse();
  }

  @Test
  void aConfiguredPasswordAlwaysCountsAndCannotBeChangedOnAPage() {
    accounts.open();
    Accounts configured = accounts("configured-one");
    User admin = configured.authenticate("admin", "configured-one").orElseThrow();
    assertThat(admin.mustChange()).isFalse();
    assertThat(configured.authenticate("admin", GENERATED)).isEmpty();
    assertThat(configured.changePassword(admin, "configured-one", CHOSEN))
        .contains(Unchanged.MANAGED);
    assertThatThrownBy(() -> configured.reset(admin, "x")).hasMessageContaining("setting");

    String session = sessions.begin(admin, "a");
    accounts("configured-one").open();
    assertThat(sessions.use(session)).isPresent();
    accounts("configured-two").open();
    assertThat(sessions.use(session)).as("another password").isEmpty();
  }

  @Test
  void withoutTheSettingItsPasswordOpensNothingAnyMore() {
    accounts("configured-one").open();
    assertThat(accounts.authenticate("admin", "configured-one")).isEmpty();
    assertThat(accounts.authenticate("admin", GENERATED).orElseThrow().mustChange()).isTrue();
  }

  @Test
  void aNewUserGetsAPasswordOnceThatMustBeChanged() {
    String password = accounts.add("mia.wolf", "Mia Wolf", List.of("reviewer"), "admin");

    User mia = accounts.authenticate(" Mia.Wolf ", password).orElseThrow();
    assertThat(mia.mustChange()).isTrue();
    assertThat(mia.createdBy()).isEqualTo("admin");
    assertThat(mia.passwordHash()).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    assertThat(mia.toString()).doesNotContain("argon2");
    assertThat(accounts.authenticate("mia.wolf", password + "x")).isEmpty();
    assertThatThrownBy(() -> accounts.add("mia.wolf", "", List.of("reader"), "admin"))
        .hasMessageContaining("already");
    assertThatThrownBy(() -> accounts.add("service", "", List.of("reader"), "admin"))
        .hasMessageContaining("already");
  }

  @Test
  void aSystemsPasswordNeedNotBeChangedForItHasNoPage() {
    String password = accounts.add("ris", "RIS", List.of("service"), "admin");
    assertThat(accounts.authenticate("ris", password).orElseThrow().mustChange()).isFalse();
  }

  @Test
  void whatTakesRightsAwayEndsTheSessions() {
    String password = accounts.add("mia", "Mia", List.of("reviewer"), "admin");
    String one = sessions.begin(user("mia"), "a");
    accounts.change(user("mia"), "Mia W.", List.of("reviewer"), false, "admin");
    assertThat(sessions.use(one)).as("another display name").isPresent();

    accounts.change(user("mia"), "Mia", List.of("reader"), false, "admin");
    assertThat(sessions.use(one)).as("other roles").isEmpty();

    String two = sessions.begin(user("mia"), "a");
    accounts.change(user("mia"), "Mia", List.of("reader"), true, "admin");
    assertThat(sessions.use(two)).as("disabled").isEmpty();
    assertThat(accounts.authenticate("mia", password)).isEmpty();

    accounts.change(user("mia"), "Mia", List.of("reader"), false, "admin");
    String three = sessions.begin(user("mia"), "a");
    String next = accounts.reset(user("mia"), "admin");
    assertThat(sessions.use(three)).as("reset").isEmpty();

    String four = sessions.begin(user("mia"), "a");
    assertThat(accounts.changePassword(user("mia"), next, CHOSEN)).isEmpty();
    assertThat(sessions.use(four)).as("password changed").isEmpty();
  }

  @Test
  void whileTheDatabaseIsDownUsersWhoWereSeenCountAsTheyWere() {
    AtomicBoolean down = new AtomicBoolean();
    Database failing =
        TestDatabase.h2(
            () -> {
              if (down.get()) {
                AccountsTest.<RuntimeException>fail(new SQLException("down"));
              }
            });
    Accounts some =
        new Accounts(
            new UserStore(failing, Clock.systemUTC()),
            sessions,
            new Accounts.FirstPassword(Optional.of("configured-one"), () -> "", () -> {}));
    assertThat(some.authenticate("admin", "configured-one")).isPresent();
    down.set(true);
    assertThat(some.authenticate("admin", "configured-one")).isPresent();
    assertThat(some.authenticate("admin", "configured-two")).isEmpty();
    assertThatThrownBy(() -> some.authenticate("mia", "x"))
        .isInstanceOf(StorageUnavailableException.class);
  }

  /** Throws what a driver throws, undeclared. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void fail(Throwable failure) throws E {
    throw (E) failure;
  }

  @Test
  void theLastAdministratorStays() {
    accounts.open();
    User admin = user("admin");
    assertThatThrownBy(() -> accounts.change(admin, "A", List.of("reader"), false, "admin"))
        .hasMessageContaining("last administrator");
    assertThatThrownBy(() -> accounts.change(admin, "A", admin.roles(), true, "admin"))
        .hasMessageContaining("last administrator");
    accounts.add("eva", "Eva", List.of("administrator"), "admin");
    accounts.change(admin, "A", admin.roles(), true, "admin");
    assertThat(user("admin").disabled()).isTrue();
  }

  @Test
  void aPasswordIsChangedOnlyByWhoKnowsItAndNotToWhatIsGuessed() {
    String given = accounts.add("mia.wolf", "Mia Wolf", List.of("reader"), "admin");
    User mia = user("mia.wolf");
    assertThat(accounts.changePassword(mia, "wrong", CHOSEN)).contains(Unchanged.WRONG_PASSWORD);
    assertThat(accounts.changePassword(mia, given, given)).contains(Unchanged.SAME);
    assertThat(accounts.changePassword(mia, given, "short")).contains(Unchanged.TOO_SHORT);
    assertThat(accounts.changePassword(mia, given, "a MIA.WOLF a b c"))
        .contains(Unchanged.HAS_THE_NAME);
    for (String common :
        List.of(
            "Password1234!",
            "passwordpassword",
            "123456789012",
            "aaaaaaaaaaaaaa",
            "1qaz2wsx3edc",
            "2026-Radiology-2026")) {
      assertThat(accounts.changePassword(mia, given, common)).as(common).contains(Unchanged.COMMON);
    }
    for (String good : List.of("zwölf Bärenbrüder", "kvx wpd jqy mzt", "x9$Lm2#Qw7!z")) {
      assertThat(PasswordRules.check(good, "mia.wolf")).as(good).isEmpty();
    }
  }
}
