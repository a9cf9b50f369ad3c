package org.m2ib.fhir.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.sql.DataSource;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.m2ib.base.SuppliedClock;
import org.m2ib.cases.Database;
import org.m2ib.cases.StoredResource;
import org.m2ib.fhir.store.ResourceSort.Column;
import org.m2ib.fhir.store.ResourceSort.Key;

/** The order of searches, histories and what belongs to a study. */
abstract class ResourceOrderChecks {
  private static final Instant START = Instant.parse("2026-04-01T00:00:00Z");

  private Database database;
  private ResourceStore store;
  private Instant now = START;

  /** An empty database. */
  abstract DataSource database() throws Exception;

  @BeforeEach
  void open() throws Exception {
    Clock ticking =
        new SuppliedClock(
            () -> {
              now = now.plusSeconds(1);
              return now;
            });
    database = Database.open(database());
    store = new ResourceStore(database, ticking);
  }

  private void put(String type, String id, String study, String elements) {
    store.put(
        new StoredResource(
            type,
            id,
            study,
            "{\"resourceType\":\"%s\",\"id\":\"%s\"%s}".formatted(type, id, elements)));
  }

  private static String coded(String code, String date) {
    return ",\"code\":{\"coding\":[{\"code\":\"%s\"}]}%s"
        .formatted(code, date == null ? "" : ",\"effectiveDateTime\":\"" + date + "\"");
  }

  private static ResourceSort by(String... names) {
    List<Key> keys = new ArrayList<>();
    for (String name : names) {
      boolean descending = name.startsWith("-");
      keys.add(new Key(Column.valueOf(descending ? name.substring(1) : name), descending));
    }
    return new ResourceSort(keys);
  }

  /** All ids, read in pages of two; before each further page another resource comes. */
  private List<String> paged(ResourceSort sort, String... comers) {
    List<String> ids = new ArrayList<>();
    ResourcePage page = null;
    int comer = 0;
    do {
      page =
          store.search(
              new ResourceSearch("Observation"), sort, page == null ? "" : page.last(), 2, false);
      page.resources().forEach(r -> ids.add(r.id()));
      if (comer < comers.length) {
        put("Observation", comers[comer++], null, coded("zz", "1999-01-01"));
      }
    } while (page.more());
    return ids;
  }

  private void five() {
    put("Observation", "a", null, coded("m", "2026-03-01"));
    put("Observation", "b", null, coded("k", "2026-01-01"));
    put("Observation", "c", null, coded("m", "2026-02-01"));
    put("Observation", "d", null, coded("k", null));
    put("Observation", "e", null, coded("a", "2026-02-01"));
  }

  @Test
  void eachOrderGivesEveryResourceOnceOverPages() {
    five();
    assertThat(paged(by())).containsExactly("a", "b", "c", "d", "e");
    assertThat(paged(by("-ID"))).containsExactly("e", "d", "c", "b", "a");
    assertThat(paged(by("DATE"))).containsExactly("d", "b", "c", "e", "a");
    assertThat(paged(by("-DATE"))).containsExactly("a", "e", "c", "b", "d");
    assertThat(paged(by("CODE"))).containsExactly("e", "b", "d", "a", "c");
    assertThat(paged(by("-CODE", "DATE"))).containsExactly("c", "a", "d", "b", "e");
    assertThat(paged(by("UPDATED"))).containsExactly("a", "b", "c", "d", "e");
    put("Observation", "a", null, coded("m", "2026-03-02"));
    assertThat(paged(by("-UPDATED"))).containsExactly("a", "e", "d", "c", "b");
    assertThat(paged(by("DATE", "-ID"))).containsExactly("d", "b", "e", "c", "a");
  }

  @Test
  void whatComesBeforeThePlaceMovesNoPage() {
    five();
    assertThat(paged(by("DATE"), "n1", "n2")).containsExactly("d", "b", "c", "e", "a");
    assertThat(paged(by("-CODE"), "n3", "n4")).doesNotContain("n3", "n4").doesNotHaveDuplicates();
  }

  @Test
  void aPlaceOfAnotherOrderIsRefused() {
    for (String place : List.of("x", "YQ", "!", "YQBiCmMKZA")) {
      assertThatThrownBy(
              () -> store.search(new ResourceSearch("Observation"), by("DATE"), place, 2, false))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void historiesOfATypeAndOfAllGiveTheNewestFirstWhateverComesMeanwhile() {
    five();
    put("Device", "d", null, ",\"lotNumber\":\"1\"");
    put("Device", "d", null, ",\"lotNumber\":\"2\"");
    put("Observation", "a", null, coded("m", "2026-03-02"));
    assertThat(history(null, START))
        .containsExactly(
            "Observation/a/2",
            "Device/d/2",
            "Device/d/1",
            "Observation/e/1",
            "Observation/d/1",
            "Observation/c/1",
            "Observation/b/1",
            "Observation/a/1");
    assertThat(history("Device", START))
        .containsExactly("Device/d/4", "Device/d/3", "Device/d/2", "Device/d/1");
    assertThat(store.history("Device", now.minusSeconds(1), null, 100).total()).isEqualTo(2);
    assertThat(store.history("Device", "d", START.plusSeconds(8), Integer.MAX_VALUE, 100).total())
        .isEqualTo(2);
  }

  private List<String> history(String type, Instant since) {
    List<String> all = new ArrayList<>();
    ResourceHistory page = null;
    int rounds = 0;
    do {
      StoredVersion last = page == null ? null : page.versions().get(page.versions().size() - 1);
      page = store.history(type, since, last, 3);
      page.versions().forEach(v -> all.add(v.type() + "/" + v.id() + "/" + v.version()));
      if (rounds++ == 0 && type == null) { // a version of before becomes a past one
        put("Device", "d", null, ",\"lotNumber\":\"3\"");
        put("Device", "d", null, ",\"lotNumber\":\"4\"");
      }
    } while (page.more());
    return all;
  }

  @Test
  void aStudysResourcesComeWithTheirDevicesAndWhatTheseName() {
    String extensions = ",\"extension\":[%s]";
    String names =
        "{\"url\":\"urn:x\",\"valueReference\":{\"reference\":\"DocumentReference/%s\"}}";
    put(
        "Device",
        "used",
        null,
        extensions.formatted(names.formatted("card") + "," + names.formatted("own")));
    put("Device", "used2", null, extensions.formatted(names.formatted("card")));
    put("DocumentReference", "card", null, "");
    put("DocumentReference", "other", null, "");
    put("DocumentReference", "own", "1.2", "");
    put("Device", "other", null, "");
    put("Observation", "o", "1.2", ",\"device\":{\"reference\":\"Device/used\"}");
    put("Observation", "x", "1.3", ",\"device\":{\"reference\":\"Device/other\"}");
    put("Observation", "o2", "1.2", ",\"device\":{\"reference\":\"Device/used2\"}");
    put("Provenance", "p", "1.2", "");
    put("ImagingStudy", "s", "1.2", "");
    List<String> types =
        List.of("Device", "DocumentReference", "ImagingStudy", "Observation", "Provenance");
    assertThat(study(types, "", "", 10))
        .containsExactly(
            "Device/used",
            "Device/used2",
            "DocumentReference/card",
            "DocumentReference/own",
            "ImagingStudy/s",
            "Observation/o",
            "Observation/o2",
            "Provenance/p");
    assertThat(study(List.of("DocumentReference"), "DocumentReference", "card", 1))
        .containsExactly("DocumentReference/own");
    assertThat(study(types, "ImagingStudy", "s", 1)).containsExactly("Observation/o");
    assertThat(study(List.of("Provenance"), "", "", 10)).containsExactly("Provenance/p");
    assertThat(store.studyOf("ImagingStudy", "s")).contains("1.2");
    assertThat(store.studyOf("Device", "used")).isEmpty();
  }

  private List<String> study(List<String> types, String type, String id, int count) {
    return store.ofStudy("1.2", types, START, type, id, count).stream()
        .map(r -> r.type() + "/" + r.id())
        .toList();
  }

  /** So many that reading all is dearer. */
  private void many() {
    database.inTransaction(
        () -> {
          database.with(
              h -> {
                PreparedBatch rows =
                    h.prepareBatch(
                        "insert into fhir_resource (resource_type, id, study_instance_uid, body,"
                            + " updated_at, version, sort_date, sort_code)"
                            + " values (?, ?, ?, '{}', ?, 1, ?, ?)");
                for (int i = 0; i < 20_000; i++) {
                  var time = START.plusSeconds(i).atOffset(ZoneOffset.UTC);
                  String type = i % 10 == 0 ? "Provenance" : "Observation";
                  rows.add(type, "i" + i, "1." + i / 10, time, time, "c" + i % 7);
                }
                rows.execute();
                return null;
              });
        });
    database.with(h -> h.execute("analyze"));
  }

  private String plan(String sql, Map<String, Object> bindings) {
    return database.with(
        h ->
            String.join(
                    "\n",
                    h.createQuery("explain " + sql).bindMap(bindings).mapTo(String.class).list())
                .toLowerCase(Locale.ROOT));
  }

  @Test
  void pagesAreReadFromIndexes() {
    many();
    Map<Column, String> indexes =
        Map.of(
            Column.DATE, "fhir_resource_sort_date",
            Column.CODE, "fhir_resource_sort_code",
            Column.UPDATED, "fhir_resource_updated");
    indexes.forEach(
        (column, index) -> {
          for (boolean descending : List.of(true, false)) {
            ResourceSort sort = new ResourceSort(List.of(new Key(column, descending)));
            ResourceSearch search = new ResourceSearch("Observation");
            ResourcePage page = store.search(search, sort, "", 5, false);
            Map<String, Object> bindings = new java.util.HashMap<>(search.bindings());
            String sql =
                "select r.*"
                    + search.where()
                    + sort.after(page.last(), bindings)
                    + sort.orderBy()
                    + " limit 5";
            assertThat(plan(sql, bindings))
                .as(column + " " + descending)
                .containsAnyOf(index, "fhir_resource_history"); // which begins with the time
          }
        });
    String where = " where updated_at >= :since";
    Map<String, Object> since =
        Map.of("since", START.plusSeconds(19_000).atOffset(ZoneOffset.UTC), "limit", 10);
    assertThat(plan(ResourceStore.history(where), since)).contains("fhir_resource_history");
    Map<String, Object> typed = new java.util.HashMap<>(since);
    typed.put("type", "Provenance");
    assertThat(plan(ResourceStore.history(where + " and resource_type = :type"), typed))
        .containsAnyOf("fhir_resource_updated", "fhir_resource_history");
    assertThat(
            plan(
                ResourceStore.OF_STUDY
                    .replace("<types>", "'Observation', 'Provenance'")
                    .replaceAll("<devices>|<documents>", "'i1'"),
                Map.of(
                    "study", "1.7",
                    "since", START.atOffset(ZoneOffset.UTC),
                    "type", "",
                    "id", "",
                    "limit", 10)))
        .contains("fhir_resource_study");
  }
}
