package org.m2ib.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.m2ib.accounts.Accounts;
import org.m2ib.api.Roles;
import org.m2ib.boot.ServiceProfile;
import org.m2ib.security.AccessTableTest.Route;

/** What each role opens, and what ends a session, over HTTP. */
@QuarkusTest
@TestProfile(ServiceProfile.SignIn.class)
class AccessTest {
  private static final String PAGE = "text/html,application/xhtml+xml,*/*;q=0.8";
  private static final String CHOSEN = "seven blue herons";
  private static final HttpClient CLIENT = HttpClient.newHttpClient(); // follows no redirect

  @Inject Accounts accounts;

  @TestHTTPResource("/")
  URI base;

  /** A user with a password of their own. */
  private String user(String... roles) {
    String name = "u" + UUID.randomUUID().toString().substring(0, 8);
    String once = accounts.add(name, name, List.of(roles), "admin");
    assertThat(accounts.changePassword(accounts.find(name).orElseThrow(), once, CHOSEN)).isEmpty();
    return name;
  }

  private static String basic(String name, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base.toString().replaceAll("/$", "") + path))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    return CLIENT.send(
        (headers.length == 0 ? request : request.headers(headers)).build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    return send("GET", path, null, headers);
  }

  private static String form(HttpResponse<String> answer) {
    return answer.headers().allValues("Set-Cookie").stream()
        .filter(cookie -> cookie.startsWith("m2ib-session="))
        .findFirst()
        .map(cookie -> cookie.split(";")[0])
        .orElse("");
  }

  private String session(String name, String password) throws Exception {
    return form(
        send(
            "POST",
            "/j_security_check",
            "j_username=" + name + "&j_password=" + password.replace(' ', '+'),
            "Content-Type",
            "application/x-www-form-urlencoded"));
  }

  /** The status for someone; the body of an endless answer is not read. */
  private int status(Route route, String authorization) throws Exception {
    String path =
        route
            .path()
            .replaceAll("\\{(frame|k|n)}", "1")
            .replace(
                "{id}", route.path().startsWith("/api/arrivals") ? "1" : UUID.randomUUID() + "")
            .replaceAll("\\{[^}]*}", "none");
    boolean reading = route.method().equals("GET") || route.method().equals("*");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base.toString().replaceAll("/$", "") + path))
            .method(
                reading ? "GET" : route.method(),
                reading
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString("{}"));
    if (!reading) {
      request.header(
          "Content-Type",
          path.startsWith("/api") ? "application/json" : "application/x-www-form-urlencoded");
    }
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    HttpResponse<InputStream> answer = CLIENT.send(request.build(), BodyHandlers.ofInputStream());
    answer.body().close();
    return answer.statusCode();
  }

  @Test
  void everyRouteOpensForTheRolesOfTheTableAndForNobodyElse() throws Exception {
    Map<String, String> people = new LinkedHashMap<>();
    for (String role : Roles.ALL) {
      people.put(role, basic(user(role), CHOSEN));
    }
    List<String> wrong = new ArrayList<>();
    for (Route route : AccessTableTest.routes()) {
      boolean open = route.roles().contains(AccessTableTest.EVERYONE);
      int stranger = status(route, null);
      if (open ? stranger == 401 || stranger == 403 : stranger != 401) {
        wrong.add(route + " nobody: " + stranger);
      }
      for (Map.Entry<String, String> person : people.entrySet()) {
        boolean allowed =
            open
                || route.roles().contains(AccessTableTest.SIGNED_IN)
                || Roles.withIncluded(List.of(person.getKey())).stream()
                    .anyMatch(route.roles()::contains);
        int status = status(route, person.getValue());
        if (allowed ? status == 401 || status == 403 : status != 403) {
          wrong.add(route + " " + person.getKey() + ": " + status);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void aReaderSendsNothingByAnyOtherSpellingOfThePath() throws Exception {
    String reader = basic(user("reader"), CHOSEN);
    for (String path :
        List.of(
            "/dicom-web/studies",
            "/dicom-web;x=y/studies",
            "//dicom-web/studies",
            "/%64icom-web/studies",
            "/x/../dicom-web/studies")) {
      assertThat(send("POST", path, "{}", "Authorization", reader).statusCode())
          .as(path)
          .isIn(403, 404);
    }
    HttpResponse<String> report =
        send(
            "POST",
            "/fhir/DiagnosticReport",
            "{\"resourceType\":\"DiagnosticReport\",\"status\":\"final\",\"conclusion\":\"No effusion.\"}",
            "Authorization",
            reader,
            "Content-Type",
            "application/fhir+json");
    assertThat(report.statusCode()).as(report.body()).isEqualTo(403);
    assertThat(report.body()).contains("reading only");
  }

  @Test
  void whoeverLacksTheRoleIsToldSoOnAPageAndInAProblem() throws Exception {
    String session = session(user("reader"), CHOSEN);
    HttpResponse<String> page = get("/administration/users", "Cookie", session, "Accept", PAGE);
    assertThat(page.statusCode()).isEqualTo(403);
    assertThat(page.body()).contains("<h1>Not allowed</h1>", "An administrator");
    HttpResponse<String> problem = get("/api/users", "Cookie", session);
    assertThat(problem.statusCode()).isEqualTo(403);
    assertThat(problem.body()).contains("\"status\":403", "Your role", "notice");
  }

  @Test
  void aPageOfSomebodyElseIsAnsweredNothing() throws Exception {
    String name = user("reader");
    String session = session(name, CHOSEN);
    for (String other : List.of("admin", "%ZZ", "")) {
      HttpResponse<String> refused = get("/api/cases", "Cookie", session, SamePerson.HEADER, other);
      assertThat(refused.statusCode()).as(other).isEqualTo(412);
      assertThat(refused.body()).contains("Another person has signed in", "notice");
    }
    String own = name.replace("r", "%72"); // as a page encodes it
    assertThat(get("/api/cases", "Cookie", session, SamePerson.HEADER, own).statusCode())
        .isEqualTo(200);
  }

  @Test
  void aGivenPasswordOpensOnlyThePageThatChangesIt() throws Exception {
    String name = "new" + UUID.randomUUID().toString().substring(0, 6);
    String once = accounts.add(name, "New", List.of("administrator"), "admin");
    String session = session(name, once);
    HttpResponse<String> led = get("/models", "Cookie", session, "Accept", PAGE);
    assertThat(led.statusCode()).isEqualTo(303);
    assertThat(led.headers().firstValue("Location")).contains("/password");
    for (String path : List.of("/api/cases", "/api/users", "/fhir/Observation", "/q/metrics")) {
      HttpResponse<String> answer = get(path, "Cookie", session);
      assertThat(answer.statusCode()).as(path).isEqualTo(403);
      assertThat(answer.body()).as(path).contains("/password");
      assertThat(get(path, "Authorization", basic(name, once)).statusCode()).isEqualTo(403);
    }
    assertThat(get("/password", "Cookie", session, "Accept", PAGE).body())
        .contains("Your present password was made for you");

    HttpResponse<String> common = change(session, once, "password12345", "password12345");
    assertThat(common.statusCode()).isEqualTo(400);
    assertThat(common.body()).contains("among the first that are guessed");
    assertThat(change(session, once, CHOSEN, CHOSEN + "x").body()).contains("differ");
    HttpResponse<String> changed = change(session, once, CHOSEN, CHOSEN);
    assertThat(changed.statusCode()).isEqualTo(303);
    assertThat(get("/api/users", "Cookie", form(changed)).statusCode()).isEqualTo(200);
    assertThat(get("/api/cases", "Cookie", session).statusCode()).as("a copy").isEqualTo(401);
    assertThat(session(name, once)).isEmpty();
  }

  private HttpResponse<String> change(String session, String present, String next, String again)
      throws Exception {
    String body =
        "current=%s&password=%s&again=%s".formatted(present, next, again).replace(' ', '+');
    return send(
        "POST",
        "/password",
        body,
        "Cookie",
        session,
        "Content-Type",
        "application/x-www-form-urlencoded");
  }

  @Test
  void anAdministratorAddsChangesAndDisablesUsersAndTheirSessionsEnd() throws Exception {
    String[] admin = {"Authorization", ServiceProfile.BASIC, "Content-Type", "application/json"};
    String name = "eva" + UUID.randomUUID().toString().substring(0, 6);
    String body =
        "{\"name\":\"%s\",\"displayName\":\"Eva Ört\",\"roles\":[\"reviewer\"]}".formatted(name);
    HttpResponse<String> added = send("POST", "/api/users", body, admin);
    assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
    assertThat(send("POST", "/api/users", body, admin).statusCode()).isEqualTo(409);
    String once = new ObjectMapper().readTree(added.body()).get("password").asText();
    accounts.changePassword(accounts.find(name).orElseThrow(), once, CHOSEN);

    String one = session(name, CHOSEN);
    assertThat(get("/api/cases", "Cookie", one).statusCode()).isEqualTo(200);
    String reader = "{\"displayName\":\"Eva\",\"roles\":[\"reader\"]}";
    HttpResponse<String> changed = send("POST", "/api/users/" + name, reader, admin);
    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    assertThat(get("/api/cases", "Cookie", one).statusCode()).as("other roles").isEqualTo(401);

    String two = session(name, CHOSEN);
    send("POST", "/api/users/" + name, reader.replace("}", ",\"disabled\":true}"), admin);
    assertThat(get("/api/cases", "Cookie", two).statusCode()).as("disabled").isEqualTo(401);
    assertThat(session(name, CHOSEN)).isEmpty();

    for (String wrong :
        List.of(
            "{}",
            "[]",
            "{\"name\":\"x y\",\"displayName\":\"a\",\"roles\":[\"reader\"]}",
            "{\"name\":\"xy\",\"displayName\":\"a\",\"roles\":[]}",
            "{\"name\":\"xy\",\"displayName\":\"a\",\"roles\":[\"root\"]}",
            "{\"name\":\"xy\",\"displayName\":\"a\",\"roles\":[\"service\",\"reader\"]}",
            "{\"name\":\"xy\",\"displayName\":\"\",\"roles\":[\"reader\"]}",
            "{\"name\":\"xy\",\"displayName\":\"a\",\"roles\":[\"reader\"],\"extra\":1}")) {
      assertThat(send("POST", "/api/users", wrong, admin).statusCode()).as(wrong).isEqualTo(400);
    }
    JsonNode log =
        new ObjectMapper()
            .readTree(get("/api/activity?subject=user/" + name, admin).body())
            .get("activity");
    assertThat(log.findValuesAsText("action"))
        .containsExactly("user-disabled", "user-changed", "user-added");
    assertThat(log.get(0).get("person").asText()).isEqualTo("admin");
    assertThat(log.get(0).get("address").asText()).isEqualTo("127.0.0.1");
  }

  @Test
  void signedOutEverywhereAllSessionsOfThePersonEnd() throws Exception {
    String name = user("reader");
    String one = session(name, CHOSEN);
    String two = session(name, CHOSEN);
    JsonNode places =
        new ObjectMapper().readTree(get("/api/session", "Cookie", one).body()).get("sessions");
    assertThat(places).hasSize(2);
    send(
        "POST",
        "/sign-out",
        "everywhere=true",
        "Cookie",
        one,
        "Content-Type",
        "application/x-www-form-urlencoded");
    assertThat(get("/api/cases", "Cookie", one).statusCode()).isEqualTo(401);
    assertThat(get("/api/cases", "Cookie", two).statusCode()).isEqualTo(401);
  }

  @Test
  void aSystemHasNoPagesAndTheUserServiceIsThatOfTheFile() throws Exception {
    assertThat(session(user("service"), CHOSEN)).isEmpty();
    assertThat(session("service", "anything")).isEmpty();
  }

  @Test
  void theActivityLogIsFilteredAndPaged() throws Exception {
    String name = user("reader");
    for (int i = 0; i < 3; i++) {
      session(name, CHOSEN);
    }
    session(name, "wrong password");
    JsonNode page = activity("person=" + name + "&limit=2");
    assertThat(page.get("activity").findValuesAsText("action"))
        .containsExactly("sign-in-refused", "signed-in");
    JsonNode rest = activity("person=" + name + "&limit=10&before=" + page.get("next").asLong());
    assertThat(rest.get("activity")).hasSize(2);
    assertThat(rest.get("next").isNull()).isTrue();
    assertThat(activity("person=" + name + "&to=2020-01-01T00:00:00Z").get("activity")).isEmpty();
    assertThat(activity("person=" + name + "&subject=pa*&action=signed-in").get("activity"))
        .hasSize(3);
    for (String wrong : List.of("from=yesterday", "limit=0", "limit=1001", "before=x", "who=me")) {
      assertThat(get("/api/activity?" + wrong, "Authorization", ServiceProfile.BASIC).statusCode())
          .as(wrong)
          .isEqualTo(400);
    }
  }

  private JsonNode activity(String query) throws Exception {
    HttpResponse<String> answer =
        get("/api/activity?" + query, "Authorization", ServiceProfile.BASIC);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new ObjectMapper().readTree(answer.body());
  }
}
