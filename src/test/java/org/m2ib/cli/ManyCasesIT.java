package org.m2ib.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Case;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.cases.StudyKey;
import org.m2ib.cases.TestArrivals;
import org.m2ib.peers.ServiceProcess;

/**
 * The service over many cases; {@code -Dm2ib.test.cases=100000} measures docs/performance.md's
 * table.
 */
class ManyCasesIT {
  private static final int CASES = Integer.getInteger("m2ib.test.cases", 2_000);
  private static final int SENTENCES = 3;
  private static final int ALARMS_EVERY = 50;
  private static final int ASKED = 21;

  @TempDir Path folder;

  @Test
  void onTheEmbeddedDatabase() throws Exception {
    Path data = folder.resolve("data");
    Files.createDirectories(data.resolve("db"));
    String url = "jdbc:h2:file:" + data.resolve("db/m2ib");
    JdbcDataSource source = new JdbcDataSource();
    source.setUrl(url);
    try (Connection kept = source.getConnection()) {
      fill(source);
      kept.createStatement().execute("analyze");
    }
    measure("H2", data, Map.of());
  }

  @Test
  void onPostgres() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      fill(postgres.getPostgresDatabase());
      measure(
          "PostgreSQL",
          folder.resolve("data"),
          Map.of(
              "quarkus.datasource.jdbc.url",
              "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres",
              "quarkus.datasource.username",
              "postgres",
              "quarkus.datasource.password",
              "postgres"));
    }
  }

  private static void fill(DataSource source) {
    Database database = Database.open(source);
    Clock clock = Clock.systemUTC();
    ArrivalStore arrivals = TestArrivals.store(database, clock);
    CaseStore cases = new CaseStore(database, clock);
    ResultStore results = new ResultStore(database);
    Outbox outbox = new Outbox(database, clock);
    for (int from = 0; from < CASES; from += 1000) {
      int first = from;
      database.inTransaction(
          () -> {
            for (int i = first; i < Math.min(CASES, first + 1000); i++) {
              one(i, arrivals, cases, results, outbox);
            }
          });
    }
  }

  private static void one(
      int i, ArrivalStore arrivals, CaseStore cases, ResultStore results, Outbox outbox) {
    StudyKey study = new StudyKey("1.2." + i, "A" + i, null, "O" + i, "P" + i, null);
    String text = "FINDINGS: Heart normal. Lungs clear. No effusion.";
    arrivals.receive(
        TestArrivals.report(study, "R" + i, ReportStatus.FINAL, text, "api", TestArrivals.BLOB));
    var arrival = TestArrivals.next(arrivals);
    arrivals.paired(arrival, i % 1000 == 7 ? "duplicate" : "");
    CaseState state = i % 100 == 1 ? CaseState.AWAITING_STUDY : CaseState.DELIVERED;
    Case c = cases.create(study, state, arrival.id());
    if (state != CaseState.DELIVERED) {
      return;
    }
    for (int s = 0; s < SENTENCES; s++) {
      boolean alarm = s == 0 && i % ALARMS_EVERY == 0;
      String body = "{\"padding\": \"" + "x".repeat(1500) + "\"}";
      results.save(
          new StoredResult(
              UUID.randomUUID(),
              c.id(),
              s,
              TestArrivals.BLOB,
              body,
              0.1 * s,
              alarm,
              TestArrivals.BLOB,
              TestArrivals.BLOB,
              false));
    }
    outbox.open(c.id(), Delivery.Kind.BUNDLE, "http://fhir");
    outbox.of(c.id()).forEach(d -> outbox.record(d, Delivery.Status.DELIVERED, 1, ""));
  }

  private static void measure(String name, Path data, Map<String, String> settings)
      throws Exception {
    try (ServiceProcess service = new ServiceProcess(data, settings).start()) {
      JsonNode one = service.json("/api/cases?accessionNumber=A" + (CASES - 7)).get("cases");
      assertThat(one).hasSize(1);
      JsonNode alarms = service.json("/api/cases?alarms=true&limit=1000").get("cases");
      assertThat(alarms).hasSize(Math.min(1000, CASES / ALARMS_EVERY));
      StringBuilder row = new StringBuilder("| " + name);
      for (String path :
          List.of(
              "/api/cases?limit=100",
              "/api/cases?accessionNumber=A" + (CASES - 7),
              "/api/cases?alarms=true&limit=100",
              "/api/cases?state=AWAITING_STUDY&limit=100",
              "/q/metrics")) {
        row.append(" | ").append(median(service, path));
      }
      String metrics = new String(service.get("/q/metrics").body(), UTF_8);
      assertThat(metrics)
          .contains("m2ib_cases{state=\"DELIVERED\"} " + (double) (CASES - CASES / 100));
      System.out.printf("%,d cases, median ms%n%s |%n", CASES, row);
    }
  }

  /** In ms; the first asked of all is cold, and counts of metrics are held for five seconds. */
  private static String median(ServiceProcess service, String path) throws Exception {
    double[] millis = new double[ASKED];
    double longest = 0;
    for (int i = 0; i < ASKED; i++) {
      long start = System.nanoTime();
      assertThat(service.get(path).statusCode()).isEqualTo(200);
      millis[i] = (System.nanoTime() - start) / 1e6;
      longest = Math.max(longest, millis[i]);
    }
    Arrays.sort(millis);
    return "%.0f (%.0f)".formatted(millis[ASKED / 2], longest);
  }
}
