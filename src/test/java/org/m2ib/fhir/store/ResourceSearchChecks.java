package org.m2ib.fhir.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.cases.Database;
import org.m2ib.cases.StorageUnavailableException;
import org.m2ib.cases.StoredResource;
import org.m2ib.fhir.store.ResourceSearch.Comparison;

/** What each database must find. */
abstract class ResourceSearchChecks {
  private static final Instant NOW = Instant.parse("2026-04-01T00:00:00.123456Z");
  private ResourceStore store;

  /** An empty database. */
  abstract DataSource database() throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = new ResourceStore(Database.open(database()), Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private void put(String type, String id, String study, String elements) {
    store.put(
        new StoredResource(
            type,
            id,
            study,
            "{\"resourceType\":\"%s\",\"id\":\"%s\"%s}".formatted(type, id, elements)));
  }

  private List<String> found(ResourceSearch search) {
    ResourcePage page = store.search(search, "", 100);
    assertThat(page.total()).isEqualTo(page.resources().size());
    assertThat(page.more()).isFalse();
    return page.resources().stream().map(StoredVersion::id).toList();
  }

  private List<String> found(String type, String parameter, SearchToken... anyOf) {
    ResourceSearch search = new ResourceSearch(type);
    search.tokens(parameter, List.of(anyOf));
    return found(search);
  }

  private static String subject(String system, String value) {
    return ",\"subject\":{\"type\":\"Patient\",\"identifier\":{%s\"value\":\"%s\"}}"
        .formatted(system.isEmpty() ? "" : "\"system\":\"" + system + "\",", value);
  }

  /** The model's Device is put again by each case that is done. */
  @Test
  void aResourceThatSeveralPutAtTheSameTimeIsKept() throws Exception {
    int rounds = 25;
    ExecutorService threads = Executors.newFixedThreadPool(4);
    CyclicBarrier together = new CyclicBarrier(4);
    Callable<Void> putting =
        () -> {
          for (int i = 0; i < rounds; i++) {
            together.await(30, TimeUnit.SECONDS);
            putUntilItIsThere("D" + i / 5);
          }
          return null;
        };
    try {
      for (Future<Void> done : threads.invokeAll(Collections.nCopies(4, putting))) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(found("Device", "identifier", new SearchToken("s", "v")))
        .containsExactly("D0", "D1", "D2", "D3", "D4");
  }

  private void putUntilItIsThere(String id) {
    while (true) {
      try {
        put("Device", id, null, ",\"identifier\":[{\"system\":\"s\",\"value\":\"v\"}]");
        return;
      } catch (StorageUnavailableException e) {
        // made by another at this moment, as callers may meet it: they try again
      }
    }
  }

  @Test
  void threePagesGiveEachResourceOnceWhateverComesMeanwhile() {
    for (int i = 10; i < 17; i++) {
      put("Observation", "o" + i, "1.2", "");
    }
    put("Device", "o12", null, "");
    ResourceSearch search = new ResourceSearch("Observation");
    List<String> seen = new ArrayList<>();
    ResourcePage first = store.search(search, "", 3);
    first.resources().forEach(r -> seen.add(r.id()));
    put("Observation", "o09", "1.2", ""); // before the place where the next page begins
    ResourcePage second = store.search(search, "o12", 3);
    second.resources().forEach(r -> seen.add(r.id()));
    ResourcePage third = store.search(search, "o15", 3);
    third.resources().forEach(r -> seen.add(r.id()));
    assertThat(seen).containsExactly("o10", "o11", "o12", "o13", "o14", "o15", "o16");
    assertThat(List.of(first.more(), second.more(), third.more()))
        .containsExactly(true, true, false);
    assertThat(List.of(first.total(), third.total())).containsExactly(7, 8);
  }

  @Test
  void aPageOfNoneOnlyCounts() {
    put("Observation", "a", null, "");
    assertThat(store.search(new ResourceSearch("Observation"), "", 0))
        .isEqualTo(new ResourcePage(1, List.of(), true, ""));
  }

  @Test
  void theSameNumberOfTwoHospitalsIsTwoPatients() {
    put("Observation", "north", null, subject("urn:north", "7"));
    put("Observation", "south", null, subject("urn:south", "7"));
    put("Observation", "none", null, subject("", "7"));
    String parameter = "patient" + SearchParameters.IDENTIFIER;
    assertThat(found("Observation", parameter, new SearchToken("urn:north", "7")))
        .containsExactly("north");
    assertThat(found("Observation", parameter, new SearchToken("", "7"))).containsExactly("none");
    assertThat(found("Observation", parameter, new SearchToken(null, "7")))
        .containsExactly("none", "north", "south");
    assertThat(found("Observation", parameter, new SearchToken("urn:south", null)))
        .containsExactly("south");
    assertThat(
            found(
                "Observation",
                parameter,
                new SearchToken("urn:south", "7"),
                new SearchToken("urn:north", "7")))
        .containsExactly("north", "south");
    assertThat(found("DiagnosticReport", parameter, new SearchToken("urn:north", "7"))).isEmpty();
  }

  @Test
  void referencesAreFoundByWhatTheyNameAndWhereTheyPoint() {
    put(
        "DiagnosticReport",
        "contained",
        null,
        """
        ,"contained":[{"resourceType":"Patient","id":"p","identifier":[{"system":"s","value":"1"}]}],
        "subject":{"reference":"#p"}""");
    put("DiagnosticReport", "literal", null, ",\"subject\":{\"reference\":\"Patient/5\"}");
    put("DiagnosticReport", "group", null, ",\"subject\":{\"reference\":\"Group/5\"}");
    assertThat(found("DiagnosticReport", "patient:identifier", new SearchToken("s", "1")))
        .containsExactly("contained");
    assertThat(found("DiagnosticReport", "patient", new SearchToken(null, "Patient/5")))
        .containsExactly("literal");
    assertThat(found("DiagnosticReport", "subject", new SearchToken(null, "Group/5")))
        .containsExactly("group");
    assertThat(found("DiagnosticReport", "patient", new SearchToken(null, "Group/5"))).isEmpty();
    assertThat(found("DiagnosticReport", "patient", new SearchToken(null, "#p"))).isEmpty();
  }

  @Test
  void aChainFindsByWhatTheTargetHas() {
    String device = ",\"device\":{\"reference\":\"Device/%s\"}";
    for (String id : List.of("d1", "d2")) {
      put("Device", id, null, ",\"identifier\":[{\"system\":\"s\",\"value\":\"" + id + "\"}]");
    }
    put("Observation", "a", null, device.formatted("d1"));
    put("Observation", "b", null, device.formatted("d2"));
    put("Observation", "c", null, device.formatted("d3")); // stored elsewhere
    put("Provenance", "p", null, ",\"target\":[{\"reference\":\"Observation/b\"}]");
    ResourceSearch chained = new ResourceSearch("Observation");
    chained.chain("device", "Device", d -> d.tokens("identifier", List.of(of("d1"))));
    assertThat(found(chained)).containsExactly("a");
    ResourceSearch either = new ResourceSearch("Observation");
    either.anyOf(
        List.of(
            o -> o.tokens("device", List.of(of("Device/d3"))),
            o -> o.chain("device", "Device", d -> d.ids(List.of("d2")))));
    assertThat(found(either)).containsExactly("b", "c");
    ResourceSearch twice = new ResourceSearch("Provenance");
    twice.chain(
        "target",
        "Observation",
        o -> o.chain("device", "Device", d -> d.tokens("identifier", List.of(of("d2")))));
    assertThat(found(twice)).containsExactly("p");
  }

  private static SearchToken of(String code) {
    return new SearchToken(null, code);
  }

  @Test
  void whatResourcesReferToAndWhatRefersToThemComesWithThem() {
    put("Device", "d1", null, "");
    put("Device", "d2", null, "");
    put("Observation", "a", null, ",\"device\":{\"reference\":\"Device/d1\"}");
    put("Observation", "b", null, ",\"device\":{\"reference\":\"Device/d1\"}");
    put("Observation", "c", null, ",\"device\":{\"reference\":\"Device/none\"}");
    assertThat(ids(store.referredTo("Observation", List.of("a", "b", "c"), "device", "Device")))
        .containsExactly("d1");
    assertThat(ids(store.referredTo("Observation", List.of("c"), "device", "Device"))).isEmpty();
    List<String> device = List.of("Device/d1");
    assertThat(ids(store.referring("Observation", "device", device, 9))).containsExactly("a", "b");
    assertThat(ids(store.referring("Observation", "device", device, 1))).containsExactly("a");
  }

  private static List<String> ids(List<StoredVersion> all) {
    return all.stream().map(StoredVersion::id).toList();
  }

  @Test
  void aTotalIsCountedOnlyIfItIsWanted() {
    put("Observation", "a", null, "");
    assertThat(
            store
                .search(new ResourceSearch("Observation"), ResourceSort.BY_ID, "", 5, false)
                .total())
        .isNull();
  }

  @Test
  void everyCodingOfACodeIsFound() {
    put(
        "Observation",
        "a",
        null,
        ",\"code\":{\"coding\":[{\"system\":\"x\",\"code\":\"1\"},{\"code\":\"2\"}]}");
    assertThat(found("Observation", "code", new SearchToken("x", "1"))).containsExactly("a");
    assertThat(found("Observation", "code", new SearchToken("", "2"))).containsExactly("a");
    assertThat(found("Observation", "code", new SearchToken("x", "2"))).isEmpty();
  }

  @Test
  void aProvenanceIsFoundByItsTagItsTargetAndItsTargetsPatient() {
    put("Observation", "o1", "1.2", subject("urn:north", "7"));
    put("Observation", "o2", "1.2", subject("urn:south", "7"));
    put(
        "Provenance",
        "p1",
        "1.2",
        """
        ,"meta":{"tag":[{"system":"u","code":"t"}]},"recorded":"2026-03-05T10:00:00Z",
        "target":[{"reference":"Observation/o1"},{"identifier":{"system":"i","value":"9"}}]""");
    put("Provenance", "p2", "1.2", ",\"target\":[{\"reference\":\"Observation/o2\"}]");
    assertThat(found("Provenance", "_tag", new SearchToken("u", "t"))).containsExactly("p1");
    assertThat(found("Provenance", "target", new SearchToken(null, "Observation/o1")))
        .containsExactly("p1");
    assertThat(found("Provenance", "target:identifier", new SearchToken("i", "9")))
        .containsExactly("p1");
    ResourceSearch byPatient = new ResourceSearch("Provenance");
    byPatient.targetsPatients(List.of(new SearchToken("urn:south", "7")));
    assertThat(found(byPatient)).containsExactly("p2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          EQ; 2026-03-05;           day morning
          EQ; 2026-03;              day morning period
          EQ; 2026-03-05T10:00:00Z; morning
          GT; 2026-03-05;           open period
          GE; 2026-03-05;           day morning open period
          LT; 2026-03-05;           open
          LT; 2026-03-05T10:00:00Z; day open period
          LE; 2026-03-05;           day morning open
          GE; 2026-03-31;           open
          """)
  void datesAreComparedAsTheTimesTheyCover(Comparison comparison, String date, String expected) {
    put("Observation", "day", null, ",\"effectiveDateTime\":\"2026-03-05\"");
    put("Observation", "morning", null, ",\"effectiveDateTime\":\"2026-03-05T11:00:00+01:00\"");
    put(
        "Observation",
        "period",
        null,
        ",\"effectivePeriod\":{\"start\":\"2026-03-05\",\"end\":\"2026-03-07\"}");
    put("Observation", "open", null, ",\"effectivePeriod\":{\"start\":\"2026-02\"}");
    put("Observation", "undated", null, "");
    ResourceSearch search = new ResourceSearch("Observation");
    search.dates(
        List.of(new ResourceSearch.Date(comparison, DateSpan.parse(date, ZoneId.systemDefault()))));
    assertThat(found(search)).containsExactlyInAnyOrder(expected.split(" "));
  }

  @Test
  void whatWasWrittenIsFoundByWhenAndSaysSo() {
    put("Device", "a", null, ",\"meta\":{\"profile\":[\"p\"]},\"property\":[{\"x\":1.50}]");
    assertThat(store.find("Device", "a").orElseThrow().body())
        .contains(
            "\"meta\":{\"profile\":[\"p\"],\"versionId\":\"1\",\"lastUpdated\":\"2026-04-01T00:00:00.123Z\"}")
        .contains("1.50");
    for (Comparison comparison : List.of(Comparison.EQ, Comparison.LT)) {
      ResourceSearch search = new ResourceSearch("Device");
      search.lastUpdated(
          List.of(
              new ResourceSearch.Date(
                  comparison, DateSpan.parse("2026-04-01T00:00:00.123Z", ZoneOffset.UTC))));
      assertThat(found(search)).hasSize(comparison == Comparison.EQ ? 1 : 0);
    }
  }

  @Test
  void allConditionsMustHold() {
    put("Observation", "a", "1.2", subject("s", "1"));
    put("Observation", "b", "1.3", subject("s", "1"));
    put("Observation", "c", "1.2", subject("s", "2"));
    ResourceSearch search = new ResourceSearch("Observation");
    search.studies(List.of("1.2", "1.4"));
    search.tokens("subject:identifier", List.of(new SearchToken("s", "1")));
    assertThat(found(search)).containsExactly("a");
    search.ids(List.of("b", "c"));
    assertThat(found(search)).isEmpty();
  }

  @Test
  void aResourceWrittenAgainIsFoundByItsNewWordsOnly() {
    put("Observation", "a", "1.2", subject("s", "1"));
    put("Observation", "a", "1.2", subject("s", "2"));
    assertThat(found("Observation", "subject:identifier", new SearchToken("s", "1"))).isEmpty();
    assertThat(found("Observation", "subject:identifier", new SearchToken("s", "2")))
        .containsExactly("a");
  }

  @Test
  void eachChangeIsAVersionAndTheSameContentAgainIsNone() {
    put("Device", "a", null, ",\"property\":[{\"x\":1.50}]");
    put("Device", "a", null, ",\"property\":[{\"x\":1.50}]");
    assertThat(store.find("Device", "a").orElseThrow().version()).isEqualTo(1);
    put("Device", "a", null, ",\"meta\":{\"profile\":[\"p\"]}");
    put("Device", "a", null, ",\"meta\":{\"versionId\":\"77\",\"profile\":[\"p\"]}");
    put("Device", "a", null, ",\"property\":[{\"x\":1.50}]"); // as the first, but not again
    put("Device", "b", null, "");
    ResourceHistory history = store.history("Device", "a", Instant.EPOCH, Integer.MAX_VALUE, 9);
    assertThat(history.total()).isEqualTo(3);
    assertThat(history.more()).isFalse();
    assertThat(history.versions().stream().map(StoredVersion::version)).containsExactly(3, 2, 1);
    assertThat(history.versions().get(1).body())
        .contains("\"versionId\":\"2\"")
        .contains("\"profile\"");
    assertThat(store.find("Device", "a").orElseThrow()).isEqualTo(history.versions().get(0));
    for (StoredVersion version : history.versions()) {
      assertThat(store.find("Device", "a", version.version())).contains(version);
      assertThat(version.updated()).isEqualTo("2026-04-01T00:00:00.123Z");
    }
    assertThat(store.find("Device", "a", 4)).isEmpty();
    assertThat(store.find("Device", "a", 0)).isEmpty();
  }

  @Test
  void aHistoryIsReadInPages() {
    for (int i = 0; i < 5; i++) {
      put("Device", "a", null, ",\"property\":[{\"x\":" + i + "}]");
    }
    ResourceHistory first = store.history("Device", "a", Instant.EPOCH, Integer.MAX_VALUE, 2);
    assertThat(first.versions().stream().map(StoredVersion::version)).containsExactly(5, 4);
    assertThat(first.more()).isTrue();
    ResourceHistory last = store.history("Device", "a", Instant.EPOCH, 2, 2);
    assertThat(last.versions().stream().map(StoredVersion::version)).containsExactly(1);
    assertThat(last.more()).isFalse();
    assertThat(store.history("Device", "none", Instant.EPOCH, Integer.MAX_VALUE, 2).total())
        .isZero();
  }

  /** A case's results and a person's judgement of one may be stored at the same time. */
  @Test
  void versionsThatSeveralPutAtTheSameTimeAreAllKept() throws Exception {
    put("Device", "a", null, "");
    int rounds = 20;
    ExecutorService threads = Executors.newFixedThreadPool(3);
    List<Callable<Void>> all = new ArrayList<>();
    for (int t = 0; t < 3; t++) {
      String own = "t" + t;
      all.add(
          () -> {
            for (int i = 0; i < rounds; i++) {
              put("Device", "a", null, ",\"property\":[{\"x\":\"" + own + "-" + i + "\"}]");
            }
            return null;
          });
    }
    try {
      for (Future<Void> done : threads.invokeAll(all)) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }
    ResourceHistory history = store.history("Device", "a", Instant.EPOCH, Integer.MAX_VALUE, 100);
    assertThat(history.total()).isEqualTo(1 + 3 * rounds);
    assertThat(history.versions().stream().map(StoredVersion::version).distinct())
        .hasSize(1 + 3 * rounds);
  }

  @Test
  void whoPagesWhileOthersWriteSeesEachThatWasThereExactlyOnce() throws Exception {
    for (int i = 100; i < 140; i++) {
      put("Observation", "o" + i, "1.2", ",\"valueInteger\":0");
    }
    ExecutorService threads = Executors.newFixedThreadPool(2);
    Future<Void> writing =
        threads.submit(
            () -> {
              for (int i = 139; i >= 100; i--) {
                put("Observation", "o" + i, "1.2", ",\"valueInteger\":1"); // moved by none
                put("Observation", "o" + i + "n", "1.2", ""); // between two that were there
              }
              return null;
            });
    List<String> seen = new ArrayList<>();
    try {
      String after = "";
      ResourcePage page;
      do {
        page = store.search(new ResourceSearch("Observation"), after, 3);
        page.resources().forEach(r -> seen.add(r.id()));
        after = seen.get(seen.size() - 1);
      } while (page.more());
      writing.get();
    } finally {
      threads.shutdownNow();
    }
    assertThat(seen).doesNotHaveDuplicates();
    assertThat(seen.stream().filter(id -> !id.endsWith("n"))).hasSize(40);
  }

  @Test
  void aVeryLongIdentifierCanBeKeptAndFound() {
    String value = "9".repeat(5000);
    put("Observation", "a", null, subject("s", value));
    assertThat(found("Observation", "subject:identifier", new SearchToken("s", value)))
        .containsExactly("a");
  }

  @Test
  void aBodyThatIsNoObjectOrHasNoDateWhereOneIsNeededIsNotKept() {
    for (String body : List.of("[]", "SECRET", "")) {
      assertThatThrownBy(() -> store.put(new StoredResource("Device", "a", null, body)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the resource's body is not a JSON object");
    }
    assertThatThrownBy(() -> put("Observation", "a", null, ",\"effectiveDateTime\":\"SECRET\""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("SECRET");
    assertThat(store.find("Observation", "a")).isEmpty();
  }
}
