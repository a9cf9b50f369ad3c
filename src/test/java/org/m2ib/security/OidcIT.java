package org.m2ib.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.accounts.Accounts;
import org.m2ib.boot.ServiceProfile;
import org.m2ib.peers.Browser;
import org.m2ib.peers.OauthServer;
import org.m2ib.peers.Peers;

/**
 * People who sign in at an OpenID provider that is not ours, which is another site for Chromium.
 */
@QuarkusTest
@TestProfile(OidcIT.People.class)
class OidcIT {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** The service with an OpenID provider. */
  public static final class People extends ServiceProfile {
    static final int SERVICE = port("test.m2ib.oidc.service");
    static final int PROVIDER = port("test.m2ib.oidc.provider");

    /** The same in all class loaders. */
    private static int port(String key) {
      return Integer.parseInt(
          (String)
              System.getProperties().computeIfAbsent(key, k -> String.valueOf(Peers.freePort())));
    }

    @Override
    public Map<String, String> getConfigOverrides() {
      Map<String, String> all = new HashMap<>(super.getConfigOverrides());
      all.put("quarkus.http.test-port", String.valueOf(SERVICE));
      all.put("m2ib.public-url", "http://127.0.0.1:" + SERVICE);
      all.put("m2ib.oidc.issuer", "http://localhost:" + PROVIDER);
      all.put("m2ib.oidc.client-id", "m2ib");
      all.put("m2ib.oidc.client-secret", "a-secret-of-the-test-only");
      all.put("m2ib.oidc.roles-claim", "groups");
      all.put("m2ib.oidc.roles", "radiologists=reviewer,it=administrator");
      all.put("m2ib.launch.smart.fhir-base", "http://localhost:" + PROVIDER + "/fhir");
      all.put("m2ib.launch.smart.client-id", "m2ib");
      all.put("m2ib.launch.smart.client-secret", "a-secret-of-the-test-only");
      return all;
    }
  }

  @TempDir Path folder;
  @Inject Accounts accounts;

  private static String url() {
    return "http://127.0.0.1:" + People.SERVICE;
  }

  private static HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path));
    return CLIENT.send(
        (headers.length == 0 ? request : request.headers(headers)).build(),
        BodyHandlers.ofString());
  }

  /** From the service's page to the provider's, and there as someone. */
  private static void signIn(Browser browser, String name) {
    browser.find("a[href='/sign-in/oidc']").click();
    browser.await("the provider's page", "document.querySelector('[name=login]') !== null");
    browser.find("[name=login]").sendKeys(name);
    browser.find("[name=password]").sendKeys("any");
    browser.find("button[type=submit]").click();
    browser.await(
        "the provider's question",
        "document.querySelector('[name=prompt][value=consent]') !== null");
    browser.find("button[type=submit]").click();
    browser.await(
        "the way back",
        "location.host === '127.0.0.1:%d' && location.pathname !== '%s'"
                .formatted(People.SERVICE, Provider.RETURN)
            + " || document.querySelector('[role=alert]') !== null");
  }

  @Test
  void peopleSignInAtTheProviderWithTheirRolesAndOutAgain() throws Exception {
    try (OauthServer server = OauthServer.startForPeople(folder, People.PROVIDER, url());
        Browser browser = Browser.start(url())) {
      browser.open("/models");
      signIn(browser, "mia.wolf");
      browser.await("the page asked for", "location.pathname === '/models'");
      String who = browser.text(".user");
      assertThat(who).contains("mia.wolf");
      browser.run(
          "fetch('/api/session').then(a => a.text()).then(text => { window.session = text; })");
      browser.await("the session", "window.session !== undefined");
      assertThat((String) browser.run("return window.session"))
          .contains("Dr mia.wolf", "\"reader\"", "\"reviewer\"")
          .doesNotContain("administrator");
      browser.open("/administration/users");
      assertThat(browser.text("h1")).isEqualTo("Not allowed");

      anElectronicRecordOpensWhatIsOpenInIt(browser);

      browser.open("/models");
      browser.run("document.querySelector('form.session').submit()");
      browser.await("the provider's question", "location.port === '" + People.PROVIDER + "'");
      browser.find("button[name=logout]").click();
      browser.await("the way back", "location.pathname === '/sign-in'");
      browser.open("/models");
      assertThat(browser.path()).isEqualTo("/sign-in");

      signIn(browser, "stranger");
      assertThat(browser.text("h1")).isEqualTo("No role");
      assertThat(browser.text("[role=alert]")).contains("stranger", "m2ib.oidc.roles");
    }
    anUnknownOrLateSignInIsBegunAgain();
    aLaunchOfAnotherRecordIsRefused();
    aProviderThatIsDownIsNamed();
  }

  private static void anElectronicRecordOpensWhatIsOpenInIt(Browser browser) {
    for (Map.Entry<String, String> launch :
        Map.of(
                "study", "/open?study=1.2.826.0.1.3680043.8.498.77",
                "patient", "/?patient=P77",
                "nothing", "Nothing to open")
            .entrySet()) {
      browser.open(SmartLaunch.START + "?launch=" + launch.getKey() + "&iss=" + record());
      browser.await(
          "the record's question, or the way back",
          "document.querySelector('[name=prompt][value=consent]') !== null"
              + " || location.port === '%d'".formatted(People.SERVICE));
      if (!browser.all("[name=prompt][value=consent]").isEmpty()) {
        browser.find("button[type=submit]").click();
      }
      browser.await(
          launch.getValue(),
          "location.pathname + location.search === '%1$s' || document.querySelector('h1')?.textContent === '%1$s'"
              .formatted(launch.getValue()));
    }
  }

  private static String record() {
    return "http://localhost:" + People.PROVIDER + "/fhir";
  }

  private static void aLaunchOfAnotherRecordIsRefused() throws Exception {
    for (String query :
        List.of("", "?launch=a", "?iss=" + record(), "?launch=a&iss=http://b/fhir")) {
      HttpResponse<String> answer = get(SmartLaunch.START + query);
      assertThat(answer.statusCode()).as(query).isEqualTo(403);
      assertThat(answer.body()).contains("Launch not accepted");
    }
    HttpResponse<String> late =
        get(SmartLaunch.RETURN + "?state=a&code=x", "Cookie", "m2ib-smart=a");
    assertThat(late.statusCode()).isEqualTo(400);
    assertThat(late.body()).contains("The launch took too long");
  }

  private static void anUnknownOrLateSignInIsBegunAgain() throws Exception {
    for (String query : List.of("", "?code=x", "?state=a&code=x", "?state=a&error=access_denied")) {
      HttpResponse<String> answer = get(Provider.RETURN + query, "Cookie", "m2ib-oidc=b");
      assertThat(answer.statusCode()).as(query).isEqualTo(400);
      assertThat(answer.body()).contains("Signing in took too long", "href=\"/sign-in/oidc\"");
    }
  }

  private static void aProviderThatIsDownIsNamed() throws Exception {
    HttpResponse<String> begun = get(Provider.START);
    String cookie = begun.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
    String state = cookie.substring(cookie.indexOf('=') + 1);
    String location = begun.headers().firstValue("Location").orElseThrow();
    assertThat(location).contains("code_challenge_method=S256", "state=" + state, "nonce=");
    String back = Provider.RETURN + "?code=x&state=" + state;
    assertThat(get(back, "Cookie", "m2ib-oidc=other").statusCode()).as("stolen").isEqualTo(400);
    HttpResponse<String> answer = get(back, "Cookie", cookie);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("does not respond", "password of admin");
    assertThat(get(back, "Cookie", cookie).statusCode()).as("once only").isEqualTo(400);
  }

  @Test
  void ofThePasswordsOfThisServiceOnlyThoseOfAdminAndOfSystemsAreLeft() throws Exception {
    String person = accounts.add("local", "Local", List.of("reader"), "admin");
    String system = accounts.add("ris", "RIS", List.of("service"), "admin");
    assertThat(status("local", person)).isEqualTo(401);
    assertThat(status("ris", system)).isEqualTo(200);
    assertThat(status("admin", ServiceProfile.PASSWORD)).isEqualTo(200);
  }

  private static int status(String name, String password) throws Exception {
    byte[] credentials = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    return get(
            "/api/cases",
            "Authorization",
            "Basic " + Base64.getEncoder().encodeToString(credentials))
        .statusCode();
  }
}
