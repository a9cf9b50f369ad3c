package org.m2ib.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing in and out, and what stays closed, over HTTP. */
@QuarkusTest
@TestProfile(SignInTest.Profile.class)
class SignInTest {
  private static final String PASSWORD = "sign-in-password";
  private static final String PAGE = "text/html,application/xhtml+xml,*/*;q=0.8";
  private static final HttpClient CLIENT = HttpClient.newHttpClient(); // follows no redirect

  /** A database of its own in memory and a known password. */
  public static final class Profile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      try {
        return Map.of(
            "m2ib.data-dir",
            Files.createTempDirectory("sign-in").toString(),
            "m2ib.admin-password",
            PASSWORD,
            "quarkus.datasource.jdbc.url",
            "jdbc:h2:mem:sign-in;DB_CLOSE_DELAY=-1",
            "quarkus.datasource.jdbc.acquisition-timeout",
            "60S",
            "quarkus.http.test-port",
            "0");
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  @TestHTTPResource("/")
  URI base;

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path));
    return CLIENT.send(
        (headers.length == 0 ? request : request.headers(headers)).build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String type, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    return CLIENT.send(
        (headers.length == 0 ? request : request.headers(headers)).build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> signIn(String password, String... headers) throws Exception {
    return post(
        "/j_security_check",
        "application/x-www-form-urlencoded",
        "j_username=admin&j_password=" + password,
        headers);
  }

  /** The session cookie as the browser sends it back. */
  private String session() throws Exception {
    return setCookie(signIn(PASSWORD)).split(";")[0];
  }

  private static String setCookie(HttpResponse<String> answer) {
    return answer.headers().allValues("Set-Cookie").stream()
        .filter(cookie -> cookie.startsWith("m2ib-session="))
        .findFirst()
        .orElseThrow();
  }

  private static String location(HttpResponse<String> answer) {
    return answer.headers().firstValue("Location").map(l -> URI.create(l).toString()).orElse("");
  }

  private static String basic(String password) {
    byte[] credentials = ("admin:" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(credentials);
  }

  @Test
  void signedInByFormTheBrowserGetsACookieThatScriptsAndOtherSitesCannotUse() throws Exception {
    HttpResponse<String> answer = signIn(PASSWORD);

    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(location(answer)).endsWith("/").doesNotContain("sign-in");
    assertThat(setCookie(answer)).contains("HTTPOnly").contains("SameSite=Strict");
    String session = setCookie(answer).split(";")[0];
    assertThat(get("/api/cases", "Cookie", session).statusCode()).isEqualTo(200);
    assertThat(get("/fhir/Observation", "Cookie", session).statusCode()).isEqualTo(200);
    assertThat(get("/q/metrics", "Cookie", session).statusCode()).isEqualTo(200);
    assertThat(get("/models", "Cookie", session, "Accept", PAGE).body())
        .contains("<h1>Models</h1>", "Not for diagnostic use", "m2ib phantom model");
  }

  @Test
  void aWrongPasswordLeadsBackToThePageWithoutASession() throws Exception {
    HttpResponse<String> answer = signIn("guessed-password");

    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(location(answer)).endsWith("/sign-in?error");
    assertThat(answer.headers().allValues("Set-Cookie"))
        .noneMatch(cookie -> cookie.startsWith("m2ib-session="));
  }

  @ParameterizedTest
  @ValueSource(strings = {"m2ib-session=", "m2ib-session=AAAA", "m2ib-session=%s"})
  void aForgedOrDamagedCookieIsNoSession(String cookie) throws Exception {
    String session = session();
    String damaged = session.substring(session.indexOf('=') + 1, session.length() - 6) + "AAAAAA";
    assertThat(get("/api/cases", "Cookie", cookie.formatted(damaged)).statusCode()).isEqualTo(401);
  }

  @Test
  void aBrowserThatAsksForAPageIsSentToSignInAndBackToThePage() throws Exception {
    HttpResponse<String> asked = get("/cases/1?n=2", "Accept", PAGE);
    assertThat(asked.statusCode()).isEqualTo(302);
    assertThat(location(asked)).endsWith("/sign-in");

    String wanted = asked.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
    assertThat(location(signIn(PASSWORD, "Cookie", wanted))).endsWith("/cases/1?n=2");
  }

  @ParameterizedTest
  @CsvSource({
    "/api/cases,*/*",
    "/api/cases,text/html",
    "/fhir/Observation,application/fhir+json",
    "/fhir/Observation,text/html",
    "/q/metrics,text/html",
    "/,*/*",
    "/assets/case.js,*/*"
  })
  void everyOtherClientIsAskedForBasic(String path, String accept) throws Exception {
    HttpResponse<String> answer = get(path, "Accept", accept);

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate").orElse("").toLowerCase())
        .startsWith("basic");
  }

  @Test
  void aScriptWhoseSessionHasEndedIsNotMadeToOpenTheBrowsersOwnPasswordWindow() throws Exception {
    HttpResponse<String> answer = get("/api/cases", "X-Requested-With", "XMLHttpRequest");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
  }

  @Test
  void basicStillWorksAndAWrongPasswordIsNotForgivenForACookie() throws Exception {
    assertThat(get("/api/cases", "Authorization", basic(PASSWORD)).statusCode()).isEqualTo(200);
    assertThat(
            get("/api/cases", "Authorization", basic("wrong-password"), "Cookie", session())
                .statusCode())
        .isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/sign-in", "/sign-in?error", "/assets/sign-in/sign-in.css"})
  void whatThePageToSignInNeedsIsOpen(String path) throws Exception {
    assertThat(get(path, "Accept", PAGE).statusCode()).isIn(200, 404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/sign-in/../api/cases",
        "/sign-in/x",
        "/assets/sign-in/../case.js",
        "/assets/sign-in/%2e%2e/case.js",
        "/assets/case.js",
        "/cases/1",
        "/models"
      })
  void everythingElseIsClosed(String path) throws Exception {
    assertThat(get(path).statusCode()).isEqualTo(401);
  }

  @Test
  void aCopyOfTheCookieIsOfNoUseAfterSigningOut() throws Exception {
    String session = session();
    String other = session();
    post("/sign-out", "application/x-www-form-urlencoded", "", "Cookie", session);
    assertThat(get("/api/cases", "Cookie", session).statusCode()).isEqualTo(401);
    assertThat(get("/api/cases", "Cookie", other).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/cases", "/fhir/Observation", "/", "/models"})
  void patientDataIsNotStoredByBrowsersOrProxies(String path) throws Exception {
    HttpResponse<String> answer = get(path, "Authorization", basic(PASSWORD));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
  }

  @Test
  void aPlaceWantedUnderAnotherNameDoesNotTurnTheRightPasswordAway() throws Exception {
    String stale = "quarkus-redirect-location=http://other.example:1/cases/1";
    HttpResponse<String> answer = signIn(PASSWORD, "Cookie", stale);
    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(location(answer)).isEqualTo("/");
  }

  @Test
  void redirectsNameNoHost() throws Exception {
    assertThat(location(get("/", "Accept", PAGE))).isEqualTo("/sign-in");
    assertThat(location(signIn("guessed-password"))).isEqualTo("/sign-in?error");
    signIn(PASSWORD);
  }

  @Test
  void wrongPasswordsMakeAPauseInWhichTheRightOneIsNotTriedEither() throws Exception {
    String session = session();
    HttpResponse<String> answer = null;
    for (int i = 0; i < 30 && (answer == null || answer.statusCode() != 429); i++) {
      answer = get("/api/cases", "Authorization", basic("wrong-password"));
    }
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("Retry-After").orElse("")).matches("[1-9][0-9]*");
    assertThat(get("/api/cases", "Cookie", session).statusCode()).isEqualTo(200);
    org.m2ib.peers.Peers.await(
        "the end of the pause",
        java.time.Duration.ofMinutes(1),
        () -> {
          try {
            return get("/api/cases", "Authorization", basic(PASSWORD)).statusCode() == 200;
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void signedOutTheBrowserForgetsItsSession() throws Exception {
    String session = session();

    HttpResponse<String> answer =
        post("/sign-out", "application/x-www-form-urlencoded", "", "Cookie", session);

    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(location(answer)).endsWith("/sign-in");
    assertThat(setCookie(answer)).startsWith("m2ib-session=;").containsIgnoringCase("Max-Age=0");
  }

  @Test
  void signingOutWithoutASessionLeadsToSignInToo() throws Exception {
    HttpResponse<String> answer = post("/sign-out", "application/x-www-form-urlencoded", "");

    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(location(answer)).endsWith("/sign-in");
  }

  private static final String CASE = "/api/cases/00000000-0000-4000-8000-000000000000";
  private static final String JUDGEMENTS = CASE + "/sentences/0/judgements";
  private static final String REDO = CASE + "/redo";

  @Test
  void whatAnotherSitesPageMakesTheBrowserPostIsRefusedWhoeverIsSignedIn() throws Exception {
    for (List<String> sent :
        List.of(
            List.of("Sec-Fetch-Site", "cross-site"),
            List.of("Sec-Fetch-Site", "same-site"),
            List.of("Origin", "http://evil.example"),
            List.of("Origin", "null"))) {
      for (String path :
          List.of(
              JUDGEMENTS,
              "/api/redelivery",
              "/api/models/rollback",
              "/sign-out",
              "/j_security_check")) {
        HttpResponse<String> answer =
            post(
                path,
                "application/json",
                "{\"verdict\":\"agree\"}",
                "Authorization",
                basic(PASSWORD),
                sent.get(0),
                sent.get(1));
        assertThat(answer.statusCode()).as(path + " " + sent).isEqualTo(403);
        assertThat(answer.body()).contains("another site");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"Sec-Fetch-Site,same-origin", "Sec-Fetch-Site,none", "Origin,own"})
  void whatTheServicesOwnPagesPostIsTaken(String header, String value) throws Exception {
    String origin = base.toString().replaceAll("/$", "");
    HttpResponse<String> answer =
        post(
            JUDGEMENTS,
            "application/json",
            "{\"verdict\":\"agree\"}",
            "Cookie",
            session(),
            header,
            value.equals("own") ? origin : value);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404); // there is no such case
    assertThat(answer.body()).contains("there is no case");
  }

  /** A form of another site, in a browser that sends neither header: it cannot send JSON. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x"
      })
  void aFormIsNoJudgementEvenWithThePassword(String type) throws Exception {
    HttpResponse<String> answer =
        post(JUDGEMENTS, type, "{\"verdict\":\"agree\"}", "Authorization", basic(PASSWORD));
    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(answer.body()).contains("Content-Type: must be application/json");
    for (String path :
        List.of("/api/models/next/activate", "/api/models/rollback", REDO + "?model=default")) {
      assertThat(post(path, type, "", "Authorization", basic(PASSWORD)).statusCode())
          .as(path)
          .isEqualTo(415);
    }
  }
}
