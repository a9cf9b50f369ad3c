package org.m2ib.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.m2ib.boot.ServiceProfile;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.StudyKey;
import org.m2ib.peers.Browser;
import org.openqa.selenium.WebElement;

/** Users, passwords, roles, the activity log and links of other systems, in Chromium. */
@QuarkusTest
@TestProfile(AccessPagesIT.Launched.class)
class AccessPagesIT {
  private static final String KEY = "0123456789abcdef0123456789abcdef";
  private static final String CHOSEN = "seven blue herons";

  /** The service with a key for links. */
  public static final class Launched extends ServiceProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      Map<String, String> all = new HashMap<>(super.getConfigOverrides());
      all.put("m2ib.launch.key", KEY);
      return all;
    }
  }

  @Inject CaseStore cases;

  @TestHTTPResource("/")
  URI base;

  private String caseOf(String study, String accession) {
    return cases
        .create(
            new StudyKey(study, accession, null, null, "P", null), CaseState.AWAITING_REPORT, null)
        .id()
        .toString();
  }

  private static String link(String target) throws Exception {
    String query =
        target
            + "&expires="
            + Instant.now().plusSeconds(300).getEpochSecond()
            + "&nonce="
            + UUID.randomUUID();
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(KEY.getBytes(), "HmacSHA256"));
    String signature = HexFormat.of().formatHex(mac.doFinal(query.getBytes()));
    return "/launch?" + query + "&signature=" + signature;
  }

  private static void signIn(Browser browser, String name, String password) {
    WebElement user = browser.find("#user");
    user.clear();
    user.sendKeys(name);
    browser.signIn(password);
  }

  private static void signOut(Browser browser) {
    browser.run("document.querySelector('form.session').submit()");
    browser.await("the page to sign in", "document.querySelector('#password') !== null");
  }

  private static void change(Browser browser, String present, String next) {
    browser.find("#current").sendKeys(present);
    browser.find("#new-password").sendKeys(next);
    browser.find("#again").sendKeys(next);
    browser.run("window.before = true");
    browser.find("form.card button").click();
    browser.await("the answer", "!window.before && document.readyState === 'complete'");
  }

  @Test
  void anAdministratorAddsAUserWhoChoosesAPasswordAndOpensWhatTheRolesOpen() throws Exception {
    try (Browser browser = Browser.start(base.toString().replaceAll("/$", "")).size(1280, 900)) {
      browser.open("/administration/users");
      signIn(browser, "admin", ServiceProfile.PASSWORD);
      browser.await("the users", "document.querySelectorAll('#users tr').length === 1");
      browser.find("#name").sendKeys("Mia.Wolf");
      browser.find("#display-name").sendKeys("<b>Mia</b> Wolf");
      browser.find("[name=role][value=reviewer]").click();
      browser.find("#user-form button[type=submit]").click();
      browser.await("the password", "document.querySelector('#one-time') !== null");
      String once = browser.text("#one-time");
      browser.await("the user", "document.querySelector('[data-user=\"mia.wolf\"]') !== null");
      assertThat(browser.text("[data-user='mia.wolf']")).contains("<b>Mia</b> Wolf", "Reviewer");
      assertThat(browser.console()).as("console").isEmpty();

      signOut(browser);
      signIn(browser, "mia.wolf", once);
      assertThat(browser.path()).isEqualTo("/password");
      browser.open("/models");
      assertThat(browser.path()).isEqualTo("/password");
      change(browser, once, "password1234");
      assertThat(browser.text("[role=alert]")).contains("among the first that are guessed");
      change(browser, once, CHOSEN);
      assertThat(browser.path()).isEqualTo("/");

      assertThat(browser.all("nav a[href='/administration/users']")).isEmpty();
      browser.open("/administration/users");
      assertThat(browser.text("h1")).isEqualTo("Not allowed");

      browser.open(link("accession=A%201"));
      browser.await("the page that waits", "location.pathname === '/open'");
      assertThat(browser.text("h1")).isEqualTo("No such case yet");
      String used = link("study=1.2.3");
      browser.open(used);
      browser.await("the page that waits", "location.pathname === '/open'");
      browser.open(used);
      assertThat(browser.text("[role=alert]")).contains("opened already");
      browser.open(link("study=1.2.3").replace("1.2.3", "1.2.4"));
      assertThat(browser.text("[role=alert]")).contains("not signed");

      // two studies of one accession number: which was meant is for the person to say
      String one = caseOf("1.2.31", "B 2");
      browser.open(link("accession=B%202"));
      browser.await("its case", "location.pathname === '/cases/" + one + "'");
      caseOf("1.2.32", "B 2");
      browser.open(link("accession=B%202"));
      browser.await("both", "document.querySelectorAll('#rows tr').length === 2");
      assertThat(browser.path()).isEqualTo("/?accessionNumber=B+2");

      browser.open("/models");
      browser.run("document.querySelector('form.conference').submit()");
      browser.await(
          "conference mode", "document.querySelector('form.conference [value=false]') !== null");
      assertThat(browser.path()).isEqualTo("/models");
      assertThat(fetched(browser, "/api/session")).contains("\"conference\":true");
      assertThat(fetched(browser, "/fhir/Observation")).contains("onference mode");

      signOut(browser);
      browser.open("/administration/activity?person=mia.wolf");
      signIn(browser, "admin", ServiceProfile.PASSWORD);
      browser.await("the log", "document.querySelectorAll('#activity tr').length > 2");
      assertThat(browser.text("#activity"))
          .contains("password-changed", "signed-in", "signed-out", "127.0.0.1");
    }
  }

  private static String fetched(Browser browser, String path) {
    browser.run(
        "window.got = undefined;"
            + " fetch(arguments[0]).then(a => a.text()).then(text => { window.got = text; })",
        path);
    browser.await("the answer", "window.got !== undefined");
    return (String) browser.run("return window.got");
  }
}
