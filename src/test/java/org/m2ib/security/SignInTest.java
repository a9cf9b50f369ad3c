package org.m2ib.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.m2ib.boot.ServiceProfile.PASSWORD;
import static org.m2ib.boot.ServiceProfile.basic;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.boot.ServiceProfile;
import org.m2ib.cases.Database;
import org.m2ib.peers.Peers;

/** Signing in and out, and what stays closed, over HTTP. */
@QuarkusTest
@TestProfile(ServiceProfile.SignIn.class)
class SignInTest {
  private static final String PAGE = "text/html,application/xhtml+xml,*/*;q=0.8";
  private static final HttpClient CLIENT = HttpClient.newHttpClient(); // follows no redirect

  @Inject Database database;

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

  @Test
  void errorsAreNotStoredEither() throws Exception {
    for (String path : List.of("/api/cases/1", "/api/cases/x/frames/1", "/fhir/Observation/x")) {
      HttpResponse<String> answer = get(path, "Authorization", basic(PASSWORD));
      assertThat(answer.headers().allValues("Cache-Control")).as(path).containsExactly("no-store");
      answer = get(path);
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.headers().allValues("Cache-Control")).as(path).containsExactly("no-store");
    }
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
    "/,*/*"
  })
  void everyOtherClientIsAskedForBasic(String path, String accept) throws Exception {
    HttpResponse<String> answer = get(path, "Accept", accept);

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate").orElse("").toLowerCase())
        .startsWith("basic");
  }

  @ParameterizedTest
  @CsvSource({
    "/api/cases,X-Requested-With,XMLHttpRequest",
    "/api/cases,Sec-Fetch-Mode,no-cors",
    "/api/worklist/events,Cookie,m2ib-session=ended",
    "/assets/case.js,Accept,*/*"
  })
  void aPageWhoseSessionHasEndedIsNotMadeToOpenTheBrowsersOwnPasswordWindow(
      String path, String header, String value) throws Exception {
    HttpResponse<String> answer = get(path, header, value);

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
  }

  @Test
  void aSessionThatIsUsedGetsANewCookieEachMinuteAndGoesOn() throws Exception {
    String cookie = session();
    assertThat(get("/api/cases", "Cookie", cookie).headers().allValues("Set-Cookie")).isEmpty();
    database.with(h -> h.execute("update user_session set seen_at = dateadd(minute, -2, seen_at)"));

    HttpResponse<String> answer = get("/api/cases", "Cookie", cookie);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(setCookie(answer)).contains("HTTPOnly").contains("SameSite=Strict");
    String renewed = setCookie(answer).split(";")[0];
    assertThat(renewed).isNotEqualTo(cookie);
    answer = get("/api/cases", "Cookie", renewed);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
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
  @ValueSource(
      strings = {
        "/api/cases",
        "/api/cases?limit=1",
        "/fhir/Observation",
        "/fhir/metadata",
        "/",
        "/models",
        "/cases/1",
        "/q/metrics"
      })
  void patientDataIsNotStoredByBrowsersOrProxies(String path) throws Exception {
    HttpResponse<String> answer = get(path, "Authorization", basic(PASSWORD));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://other.example:1/cases/1",
        "https://other.example/",
        "//other.example/",
        "/\\other.example/",
        "http://other.example@/",
        "javascript:alert(1)",
        "x",
        ""
      })
  void aStaleOrForeignPlaceDoesNotTurnTheRightPasswordAwayNorLeadElsewhere(String place)
      throws Exception {
    HttpResponse<String> answer = signIn(PASSWORD, "Cookie", "quarkus-redirect-location=" + place);
    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(location(answer)).isEqualTo("/");
    assertThat(setCookie(answer)).isNotEmpty();
  }

  /** But the pages of a FHIR search, whose links are whole addresses. */
  @Test
  void noAnswerRepeatsTheHostHeader() throws Exception {
    String host = "evil.example";
    for (String head :
        List.of(
            "GET / HTTP/1.1\r\nAccept: text/html",
            "GET /cases/1?n=2 HTTP/1.1\r\nAccept: text/html",
            "GET /sign-in?error HTTP/1.1\r\nAccept: text/html",
            "GET /fhir/metadata HTTP/1.1",
            "GET /fhir/Observation/x HTTP/1.1\r\nAuthorization: " + basic(PASSWORD),
            "GET /api/cases HTTP/1.1\r\nAuthorization: " + basic(PASSWORD),
            "GET /q/health HTTP/1.1",
            "POST /sign-out HTTP/1.1\r\nContent-Length: 0")) {
      String answer = raw(head + "\r\nHost: " + host + "\r\nX-Forwarded-Host: " + host);
      assertThat(answer).as(head).startsWith("HTTP/1.1 ").doesNotContain(host);
    }
    assertThat(raw("GET /cases/1?n=2 HTTP/1.1\r\nAccept: text/html\r\nHost: " + host))
        .contains("/sign-in")
        .containsPattern("quarkus-redirect-location=\"?/cases/1");
  }

  private String raw(String head) throws Exception {
    try (Socket socket = new Socket(base.getHost(), base.getPort())) {
      byte[] request = (head + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.UTF_8);
      socket.getOutputStream().write(request);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void redirectsNameNoHost() throws Exception {
    assertThat(location(get("/", "Accept", PAGE))).isEqualTo("/sign-in");
    assertThat(location(signIn("guessed-password"))).isEqualTo("/sign-in?error");
    signIn(PASSWORD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/j_security_check", "/cases/j_security_check", "/api/cases"})
  void wrongPasswordsMakeAPauseInWhichTheRightOneIsNotTriedEither(String path) throws Exception {
    String session = session();
    HttpResponse<String> answer = null;
    for (int i = 0; i < 30 && (answer == null || answer.statusCode() != 429); i++) {
      answer = tried(path, "wrong-password-" + i);
    }
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("Retry-After").orElse("")).matches("[1-9][0-9]*");
    if (path.endsWith("check")) {
      assertThat(answer.body()).contains("Too many wrong passwords", "Try again in");
    } else {
      assertThat(answer.body()).contains("\"status\":429", "Too many failed sign-ins", "notice");
    }
    assertThat(get("/api/cases", "Cookie", session).statusCode()).isEqualTo(200);
    Peers.await(
        "the end of the pause",
        Duration.ofMinutes(1),
        () -> {
          HttpResponse<String> right = tried(path, PASSWORD);
          return right.statusCode() == 200
              || right.headers().allValues("Set-Cookie").toString().contains("m2ib-session=");
        });
  }

  /** By form or by Basic. */
  private HttpResponse<String> tried(String path, String password) throws Exception {
    return path.endsWith("check")
        ? post(path, "application/x-www-form-urlencoded", "j_username=admin&j_password=" + password)
        : get(path, "Authorization", basic(password));
  }

  @Test
  void theLogSaysWhoSignedInOrOutOrWasRefusedAndNeverAPassword() throws Exception {
    List<String> lines = new CopyOnWriteArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            lines.add(((ExtLogRecord) line).getFormattedMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    java.util.logging.Logger log = java.util.logging.Logger.getLogger("org.m2ib.security");
    log.addHandler(handler);
    try {
      String session = session();
      post("/sign-out", "application/x-www-form-urlencoded", "", "Cookie", session);
      String hostile = "eve%0a%1b[2Jsigned+in:+user+admin" + "x".repeat(1000);
      post(
          "/j_security_check",
          "application/x-www-form-urlencoded",
          "j_username=" + hostile + "&j_password=guessed-by-eve");
      get("/api/cases", "Authorization", basic("guessed-by-basic"));
      get("/api/cases", "Authorization", basic(PASSWORD));
    } finally {
      log.removeHandler(handler);
    }
    String all = String.join("\n", lines);
    assertThat(lines).hasSize(5).allMatch(line -> line.contains("address 127.0.0.1"));
    assertThat(lines.get(0)).startsWith("signed in: user admin").contains("by page");
    assertThat(lines.get(1)).startsWith("signed out: user admin");
    assertThat(lines.get(2)).startsWith("sign-in refused: user eve??").hasSizeLessThan(120);
    assertThat(lines.get(3)).startsWith("sign-in refused: user admin");
    assertThat(lines.get(4)).startsWith("signed in: user admin").contains("by Basic");
    assertThat(all).doesNotContain("guessed", PASSWORD, "\u001b");
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
              "/api/arrivals/retry",
              "/api/models/rollback",
              "/sign-out",
              "/j_security_check")) {
        HttpResponse<String> answer =
            post(
                path,
                "application/json",
                "{\"answers\":{\"finding\":\"no\"}}",
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
            "{\"answers\":{\"finding\":\"no\"}}",
            "Cookie",
            session(),
            header,
            value.equals("own") ? origin : value);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404); // there is no such case
    assertThat(answer.body()).contains("There is no case");
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
        post(
            JUDGEMENTS,
            type,
            "{\"answers\":{\"finding\":\"no\"}}",
            "Authorization",
            basic(PASSWORD));
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
