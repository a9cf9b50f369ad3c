package org.m2ib.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.m2ib.api.ApiAnswers.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.campaigns.CampaignStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.cases.StudyKey;
import org.m2ib.cases.TestArrivals;
import org.m2ib.judging.JudgementStore;
import org.m2ib.judging.JudgingPolicy;
import org.m2ib.judging.TestJudgements;

/** How long the list of a thousand cases takes; docs/performance.md has what it printed. */
class CaseListIT {
  private static final int CASES = 1000;
  private static final int SENTENCES = 5;
  private static final int RUNS = 40;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** About what a result of a 14 x 14 grid has. */
  private static final String BODY =
      "{\"attribution\":{\"bits\":[" + "0.12345678901234567,".repeat(392) + "0]}}";

  @TempDir Path folder;

  @Test
  void aThousandCasesAreListedFromH2() {
    JdbcConnectionPool pool = JdbcConnectionPool.create("jdbc:h2:file:" + folder + "/m2ib", "", "");
    try {
      measure("H2", pool);
    } finally {
      pool.dispose();
    }
  }

  @Test
  void aThousandCasesAreListedFromPostgreSql() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      measure("PostgreSQL", postgres.getPostgresDatabase());
    }
  }

  private void measure(String name, DataSource source) {
    Database database = Database.open(source);
    Clock clock = Clock.systemUTC();
    CaseStore cases = new CaseStore(database, clock);
    ResultStore results = new ResultStore(database);
    JudgementStore judgements = new JudgementStore(database, clock);
    database.inTransaction(() -> fill(cases, results, judgements));
    CasesResource resource =
        new CasesResource(
            cases,
            TestArrivals.store(database, clock),
            results,
            judgements,
            new CampaignStore(database),
            JudgingPolicy.usual(),
            new Outbox(database, clock),
            new Blobs(folder));
    double[] wall = new double[RUNS];
    double[] processor = new double[RUNS]; // of this thread: H2 runs in it, PostgreSQL beside it
    String answer = "";
    for (int run = 0; run < RUNS; run++) {
      long start = System.nanoTime();
      long used = THREADS.getCurrentThreadCpuTime();
      answer = json(resource.search(null, null, null, null, null, CASES + "")).toString();
      wall[run] = (System.nanoTime() - start) / 1e6;
      processor[run] = (THREADS.getCurrentThreadCpuTime() - used) / 1e6;
    }
    check(answer);
    Arrays.sort(wall);
    Arrays.sort(processor);
    System.out.printf(
        "%s: %d cases of %d sentences, median of %d lists: %.0f ms, %.0f ms of the processor; %d"
            + " kB%n",
        name, CASES, SENTENCES, RUNS, wall[RUNS / 2], processor[RUNS / 2], answer.length() / 1000);
  }

  private static void fill(CaseStore cases, ResultStore results, JudgementStore judgements) {
    for (int i = 0; i < CASES; i++) {
      StudyKey study = new StudyKey("1.2." + i, "A" + i, null, null, "P" + i, null);
      UUID id = cases.create(study, CaseState.DELIVERED, null).id();
      for (int n = 0; n < SENTENCES; n++) {
        StoredResult result =
            new StoredResult(
                UUID.randomUUID(), id, n, "i", BODY, n / 10.0 + i, n < i % 2, "c", "p", false);
        results.save(result);
        if (n < i % 3) {
          TestJudgements.agree(judgements, result, "", "admin");
        }
      }
    }
  }

  private static void check(String answer) {
    JsonNode list;
    try {
      list = new ObjectMapper().readTree(answer).get("cases");
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
    assertThat(list).hasSize(CASES);
    for (JsonNode c : list) {
      int i = Integer.parseInt(c.get("accessionNumber").asText().substring(1));
      assertThat(c.get("sentences").asInt()).isEqualTo(SENTENCES);
      assertThat(c.get("lowestSimilarity").asDouble()).isEqualTo(i);
      assertThat(c.get("alarms").asInt()).isEqualTo(i % 2);
      assertThat(c.get("judged").asInt()).isEqualTo(i % 3);
    }
  }
}
