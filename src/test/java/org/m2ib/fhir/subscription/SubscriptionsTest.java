package org.m2ib.fhir.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.h2.jdbcx.JdbcDataSource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.m2ib.cases.Database;
import org.m2ib.cases.StoredResource;
import org.m2ib.fhir.store.ResourceStore;
import org.m2ib.fhir.subscription.Subscribed.Status;
import org.m2ib.peers.Peers;
import org.m2ib.results.fhir.FhirNames;

/** Notifications as an endpoint gets them. */
class SubscriptionsTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private record Got(String method, String path, String key, String body) {}

  private final List<Got> got = new CopyOnWriteArrayList<>();
  private final CountDownLatch hanging = new CountDownLatch(1);
  private volatile int status = 200;
  private HttpServer server;
  private String url;
  private Database database;
  private ResourceStore resources;
  private SubscriptionStore store;
  private Subscriptions subscriptions;

  @BeforeEach
  void open() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          String path = exchange.getRequestURI().getPath();
          if (path.startsWith("/hang")) {
            try {
              hanging.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
          int answer = path.startsWith("/broken") ? status : 200;
          if (answer == 200) {
            String key = exchange.getRequestHeaders().getFirst("X-Key");
            got.add(new Got(exchange.getRequestMethod(), path, key, body));
          }
          exchange.sendResponseHeaders(answer, -1);
          exchange.close();
        });
    server.start();
    url = "http://127.0.0.1:" + server.getAddress().getPort();
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    database = Database.open(source);
    resources = new ResourceStore(database, Clock.systemUTC(), true);
    store = new SubscriptionStore(database, Clock.systemUTC());
    subscriptions = begin();
  }

  /** As after a start of the service. */
  private Subscriptions begin() {
    Subscriptions made =
        new Subscriptions(
            database,
            store,
            new Notifications(
                resources,
                stored ->
                    Optional.of(
                        (Resource)
                            FhirContext.forR4Cached().newJsonParser().parseResource(stored.body())),
                Clock.systemUTC()),
            Endpoints.of(List.of(url)),
            new HookClient(Optional.empty(), LIMIT),
            (hook, event) ->
                event.type().equals("Observation")
                    && (hook.topic().isPresent() || hook.criteria().get(0).contains(event.id())),
            Duration.ofMillis(200),
            Clock.systemUTC());
    made.start();
    return made;
  }

  @AfterEach
  void close() {
    hanging.countDown();
    subscriptions.close();
    server.stop(0);
  }

  private void subscribe(String id, String criteria, String path, String channel) {
    String body =
        """
        {"resourceType":"Subscription","status":"requested","criteria":"%s",
         "channel":{"type":"rest-hook","endpoint":"%s","header":["X-Key: %s"]%s}}
        """
            .formatted(criteria, url + path, id, channel);
    store.put(id, "user admin", "http://here/fhir", body, Status.REQUESTED);
    await(() -> store.find(id).orElseThrow().status() != Status.REQUESTED || path.equals("/hang"));
  }

  private static void await(java.util.concurrent.Callable<Boolean> condition) {
    Peers.await("the condition", LIMIT, condition);
  }

  private void put(String id, int value) {
    resources.put(
        new StoredResource(
            "Observation",
            id,
            "1.2",
            "{\"resourceType\":\"Observation\",\"id\":\"%s\",\"valueInteger\":%d}"
                .formatted(id, value)));
  }

  private List<Got> of(String key) {
    return got.stream().filter(one -> key.equals(one.key())).toList();
  }

  private static <T extends Resource> T parse(Class<T> type, String body) {
    return FhirContext.forR4Cached().newJsonParser().parseResource(type, body);
  }

  @Test
  void whatMeetsTheCriteriaIsPutToTheEndpointOrOnlySignalled() {
    subscribe("s1", "Observation?_id=o1", "/a", ",\"payload\":\"application/fhir+json\"");
    subscribe("s2", "Observation?_id=o1", "/b", "");
    put("o1", 1);
    put("o2", 1);
    put("o1", 2);
    put("o1", 2); // no new version
    await(() -> of("s1").size() == 2 && of("s2").size() == 2);
    List<Integer> values = new ArrayList<>();
    for (Got one : of("s1")) {
      assertThat(one.method() + one.path()).isEqualTo("PUT/a/Observation/o1");
      values.add(parse(Observation.class, one.body()).getValueIntegerType().getValue());
    }
    assertThat(values).containsExactly(1, 2);
    assertThat(of("s2"))
        .allMatch(one -> one.method().equals("POST") && one.path().equals("/b"))
        .allMatch(one -> one.body().isEmpty());
    assertThat(database.list((r, c) -> r.getLong(1), "select count(*) from fhir_change"))
        .containsExactly(0L);
  }

  private static String content(String code, String more) {
    return """
        ,"payload":"application/fhir+json","_payload":{"extension":[{"url":
         "%sbackport-payload-content","valueCode":"%s"}]}%s"""
        .formatted(RestHook.PROFILES, code, more);
  }

  private static String parameter(Got one, String name) {
    Parameters status =
        (Parameters) parse(Bundle.class, one.body()).getEntryFirstRep().getResource();
    return status.getParameter(name).getValue().primitiveValue();
  }

  @Test
  void aTopicIsNotifiedOfByBundlesWithAHandshakeAndNumberedEvents() {
    subscribe("t", RestHook.topic(FhirNames.defaults()), "/t", content("full-resource", ""));
    assertThat(of("t")).hasSize(1);
    assertThat(parameter(of("t").get(0), "type")).isEqualTo("handshake");
    assertThat(parameter(of("t").get(0), "topic")).isEqualTo(RestHook.topic(FhirNames.defaults()));
    put("o1", 1);
    await(() -> of("t").size() == 2);
    put("o1", 2);
    await(() -> of("t").size() == 3);
    Got event = of("t").get(2);
    assertThat(parameter(event, "type")).isEqualTo("event-notification");
    assertThat(parameter(event, "status")).isEqualTo("active");
    assertThat(parameter(event, "events-since-subscription-start")).isEqualTo("2");
    Bundle bundle = parse(Bundle.class, event.body());
    assertThat(bundle.getType()).isEqualTo(Bundle.BundleType.HISTORY);
    assertThat(bundle.getEntry()).hasSize(2);
    assertThat(bundle.getEntry().get(1).getFullUrl()).isEqualTo("http://here/fhir/Observation/o1");
    assertThat(bundle.getEntry().get(1).getRequest().getMethod().toCode()).isEqualTo("PUT");
    assertThat(((Observation) bundle.getEntry().get(1).getResource()).getMeta().getVersionId())
        .isEqualTo("2");
  }

  private static List<String> parts(Bundle bundle, String name) {
    return ((Parameters) bundle.getEntryFirstRep().getResource())
        .getParameter().stream()
            .filter(one -> one.getName().equals("notification-event"))
            .flatMap(one -> one.getPart().stream())
            .filter(part -> part.getName().equals(name))
            .map(
                part ->
                    part.getValue() instanceof Reference focus
                        ? focus.getReference()
                        : part.getValue().primitiveValue())
            .toList();
  }

  @Test
  void anEventHasItsTimeAndFocusAndCanBeAskedForAgainAlsoAfterARestart() {
    subscribe("e", RestHook.topic(FhirNames.defaults()), "/e", content("id-only", ""));
    for (int i = 1; i <= 3; i++) {
      put("o" + i, i);
    }
    await(() -> store.events("e", 1).isEmpty() && store.find("e").orElseThrow().events() == 3);
    Bundle told = parse(Bundle.class, of("e").get(of("e").size() - 1).body());
    String last = parts(told, "focus").get(parts(told, "focus").size() - 1);
    assertThat(last).isEqualTo("http://here/fhir/Observation/o3");
    String time = parts(told, "timestamp").get(parts(told, "timestamp").size() - 1);
    assertThat(OffsetDateTime.parse(time).toInstant())
        .isEqualTo(resources.find("Observation", "o3").orElseThrow().updated());
    assertThat(told.getEntry().get(1).hasResource()).isFalse();

    subscriptions.close();
    subscriptions = begin();
    Subscribed stored = store.find("e").orElseThrow();
    Bundle past = subscriptions.past(stored, store.events("e", 2, 3, 10), "full-resource");
    assertThat(parts(past, "event-number")).containsExactly("2", "3");
    assertThat(parts(past, "timestamp")).hasSize(2);
    assertThat(past.getEntry()).hasSize(3);
    assertThat(past.getEntry().get(2).getResource().getIdPart()).isEqualTo("o3");
    assertThat(past.getEntryFirstRep().getResource())
        .isInstanceOfSatisfying(
            Parameters.class,
            status ->
                assertThat(status.getParameter("type").getValue().primitiveValue())
                    .isEqualTo("query-event"));
    Bundle empty = subscriptions.past(stored, store.events("e", 1, 3, 10), "empty");
    assertThat(parts(empty, "focus")).isEmpty();
    assertThat(parts(empty, "timestamp")).hasSize(3);
    put("o4", 4);
    await(() -> of("e").stream().anyMatch(one -> one.body().contains("Observation/o4")));
    assertThat(of("e").stream().filter(one -> one.body().contains("Observation/o1"))).hasSize(1);
  }

  @Test
  void theOldestEventsAreForgottenButNoneThatIsOwed() {
    subscriptions.close();
    store.put("k", "user admin", "http://here/fhir", "{}", Status.ACTIVE);
    int many = SubscriptionStore.KEPT + 2;
    for (int i = 1; i <= many; i++) {
      put("k", i);
    }
    boolean more = true;
    while (more) {
      more = store.dispatch((subscribed, event) -> true);
    }
    store.notified("k", 1);
    assertThat(store.events("k", many)).hasSize(many - 1);
    store.notified("k", many);
    assertThat(store.events("k", many)).isEmpty();
    assertThat(store.events("k", 1, Long.MAX_VALUE, many)).hasSize(SubscriptionStore.KEPT);
  }

  @Test
  void aSubscriberThatWantsToBeWaitedForOnlyShortlyIsNotWaitedForLonger() {
    String timeout =
        ",\"extension\":[{\"url\":\"%sbackport-timeout\",\"valueUnsignedInt\":1}]"
            .formatted(RestHook.PROFILES);
    subscribe("w", RestHook.topic(FhirNames.defaults()), "/hang", content("empty", timeout));
    await(() -> store.find("w").orElseThrow().status() == Status.ERROR);
    assertThat(store.find("w").orElseThrow().error()).contains("within 1 s");
  }

  @Test
  void anEmptyNotificationHasNoIdsAndSilenceIsConfirmedByHeartbeats() {
    String heartbeat =
        ",\"extension\":[{\"url\":\"%sbackport-heartbeat-period\",\"valueUnsignedInt\":1}]"
            .formatted(RestHook.PROFILES);
    subscribe("h", RestHook.topic(FhirNames.defaults()), "/h", content("empty", heartbeat));
    put("secret-id", 1);
    for (String type : List.of("event-notification", "heartbeat")) {
      await(() -> of("h").stream().anyMatch(one -> parameter(one, "type").equals(type)));
    }
    assertThat(of("h")).noneMatch(one -> one.body().contains("secret-id"));
  }

  @Test
  void aFailureIsNamedKeepsItsEventsAndHoldsUpNobody() {
    status = 503;
    subscribe("bad", "Observation?_id=o1", "/broken", ",\"payload\":\"application/fhir+json\"");
    subscribe("stuck", "Observation?_id=o1", "/hang", "");
    subscribe("good", "Observation?_id=o1", "/good", "");
    put("o1", 1);
    put("o1", 2);
    await(() -> of("good").size() == 2);
    await(() -> store.find("bad").orElseThrow().status() == Status.ERROR);
    assertThat(store.find("bad").orElseThrow().error()).contains("status 503");
    assertThat(of("stuck")).isEmpty();
    status = 200;
    await(() -> of("bad").size() == 2);
    await(() -> store.find("bad").orElseThrow().status() == Status.ACTIVE);
    assertThat(store.find("bad").orElseThrow().error()).isEmpty();
    assertThat(parse(Observation.class, of("bad").get(0).body()).getMeta().getVersionId())
        .isEqualTo("1");
  }

  @Test
  void noEventGoesToAnEndpointThatHasNotTakenAHandshake() {
    status = 503;
    subscribe("new", RestHook.topic(FhirNames.defaults()), "/broken", content("id-only", ""));
    await(() -> store.find("new").orElseThrow().failures() >= 2);
    assertThat(store.find("new").orElseThrow().status()).isEqualTo(Status.ERROR);
    put("o1", 1);
    status = 200;
    await(() -> of("new").size() == 2);
    assertThat(of("new"))
        .extracting(one -> parameter(one, "type"))
        .containsExactly("handshake", "event-notification");
    await(() -> store.find("new").orElseThrow().status() == Status.ACTIVE);
  }

  @Test
  void whatHappensWhileTheServiceIsDownIsToldAfterItsStart() {
    subscribe("s", "Observation?_id=o1", "/s", "");
    subscriptions.close();
    put("o1", 1); // stored, but not compared with subscriptions
    assertThat(of("s")).isEmpty();
    subscriptions = begin();
    await(() -> of("s").size() == 1);
  }

  @Test
  void onlyWhatIsBelowAnAllowedUrlIsAnEndpoint() {
    Endpoints endpoints = Endpoints.of(List.of("https://hooks.example/in"));
    for (String good :
        List.of(
            "https://hooks.example/in",
            "https://hooks.example/in/",
            "https://HOOKS.example:443/in/a/b")) {
      assertThat(endpoints.allows(good)).as(good).isTrue();
    }
    for (String bad :
        List.of(
            "http://hooks.example/in",
            "https://hooks.example/inside",
            "https://hooks.example/",
            "https://hooks.example/in/../out",
            "https://hooks.example/in/%2e%2e/out",
            "https://hooks.example:8443/in",
            "https://hooks.example.evil/in",
            "https://hooks.example@evil/in",
            "https://evil/in?https://hooks.example/in",
            "https://hooks.example/in?x=1",
            "https://hooks.example/in#x",
            "file:///in",
            "//hooks.example/in",
            "null",
            "https://hooks.example\\@evil/in")) {
      assertThat(endpoints.allows(bad)).as(bad).isFalse();
    }
    assertThat(Endpoints.of(List.of()).allows("https://hooks.example/in")).isFalse();
  }
}
