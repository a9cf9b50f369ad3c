package org.m2ib.worklist;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.ResultStore;
import org.m2ib.judging.JudgementStore;
import org.m2ib.lab.report.GeneratedPart;
import org.m2ib.worklist.WorklistQuery.Sort;
import org.m2ib.worklist.WorklistQuery.Sql;

/**
 * How long the worklist takes for each filter and order, with the plans of both databases. In the
 * build a few thousand cases, no times asserted; {@code -Dm2ib.worklist-cases=100000
 * -Dm2ib.write-docs=true} writes docs/performance.md.
 */
class WorklistTimesIT {
  private static final int CASES = Integer.getInteger("m2ib.worklist-cases", 2000);
  private static final int RUNS = CASES > 10_000 ? 7 : 1;
  private static final int PAGE = 50;

  @TempDir Path folder;

  /** Filter or order -> median and greatest milliseconds, plan. */
  private final Map<String, String> lines = new LinkedHashMap<>();

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private double greatest;

  /** Milliseconds of the asking thread: H2 runs in it, PostgreSQL beside it. */
  private double processor;

  private double greatestUsed;
  private String slowest = "";

  @Test
  void everyFilterAndOrderAnswers() throws Exception {
    StringBuilder text = new StringBuilder();
    JdbcConnectionPool pool =
        JdbcConnectionPool.create(
            "jdbc:h2:file:" + folder.resolve("m2ib") + ";WRITE_DELAY=0", "", "");
    try {
      measure(text, "H2", pool);
    } finally {
      pool.dispose();
    }
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      measure(text, "PostgreSQL", postgres.getPostgresDatabase());
    }
    if (Boolean.getBoolean("m2ib.write-docs")) {
      GeneratedPart.write(Path.of("docs", "performance.md"), "worklist", text.toString());
    }
  }

  private void measure(StringBuilder text, String name, DataSource source) {
    lines.clear();
    greatest = 0;
    greatestUsed = 0;
    Database database = Database.open(source);
    long begun = System.nanoTime();
    MadeWorklist.fill(database, CASES);
    double filled = (System.nanoTime() - begun) / 1e9;
    Clock clock = Clock.systemUTC();
    Blobs blobs = new Blobs(folder);
    Worklist worklist =
        new Worklist(
            database,
            new WorklistIndex(
                database,
                blobs,
                new CaseStore(database, clock),
                new ArrivalStore(database, clock, blobs),
                new ResultStore(database),
                new JudgementStore(database, clock),
                Duration.ofMinutes(1)));
    for (Sort sort : Sort.values()) {
      for (boolean down : new boolean[] {false, true}) {
        time(
            database, worklist, "sort=" + (down ? "-" : "") + sort.code(), Queries.all(sort, down));
      }
    }
    Queries.FILTERS.keySet().stream()
        .filter(filter -> !filter.equals("none"))
        .forEach(
            filter -> time(database, worklist, filter, Queries.of(filter, Sort.UPDATED, true)));
    double apart = greatest;
    int pairs = 0;
    for (String filter : Queries.FILTERS.keySet()) {
      for (Sort sort : Sort.values()) {
        pairs++;
        double median = median(worklist, Queries.of(filter, sort, sort.ordinal() % 2 == 0), 3);
        if (median > greatest) {
          greatest = median;
          slowest = filter + "&sort=" + sort.code();
        }
      }
    }
    text.append(
        """

        %s, %,d made cases: the slowest of these medians of %d is %.0f ms. Of all %d pairs of a filter and an order the slowest is %.0f ms%s; the asking thread never used more than %.0f ms.

        | question | elapsed, ms | of the asking thread, ms | plan of the page |
        |---|---|---|---|
        """
            .formatted(
                name,
                CASES,
                RUNS,
                apart,
                pairs,
                greatest,
                greatest > apart ? " (`" + slowest + "`)" : "",
                greatestUsed));
    lines.forEach(
        (question, line) ->
            text.append("| `").append(question).append("` | ").append(line).append(" |\n"));
    System.out.printf(
        "%s: filled in %.0f s; slowest %.0f ms, of pairs %.0f ms%n", name, filled, apart, greatest);
  }

  private void time(Database database, Worklist worklist, String question, WorklistQuery query) {
    double median = median(worklist, query, RUNS);
    double used = processor;
    greatest = Math.max(greatest, median);
    Worklist.Page page = worklist.page(query, null, PAGE);
    assertThat(page.rows()).as(question).hasSize(Math.min(PAGE, page.total()));
    boolean few = page.total() <= Worklist.COUNTED;
    lines.put(
        question,
        "%.0f | %.0f | %s"
            .formatted(
                median,
                used,
                plan(
                    database, Worklist.select(query, worklist.known(query), null, PAGE + 1, few))));
  }

  /** Of the first page and the one behind it, each with the count of its matches. */
  private double median(Worklist worklist, WorklistQuery query, int runs) {
    double[] times = new double[runs];
    double[] used = new double[runs];
    for (int run = 0; run < runs; run++) {
      long start = System.nanoTime();
      long before = THREADS.getCurrentThreadCpuTime();
      worklist.page(query, null, PAGE);
      used[run] = (THREADS.getCurrentThreadCpuTime() - before) / 1e6;
      times[run] = (System.nanoTime() - start) / 1e6;
    }
    Arrays.sort(times);
    Arrays.sort(used);
    processor = used[runs / 2];
    greatestUsed = Math.max(greatestUsed, processor);
    return times[runs / 2];
  }

  /** The indexes that are read, and whether a whole table is. */
  private static String plan(Database database, Sql sql) {
    String plan =
        String.join(
                "\n",
                database.list(
                    (row, context) -> row.getString(1),
                    "explain " + sql.text(),
                    sql.arguments().toArray()))
            .toLowerCase(Locale.ROOT);
    List<String> read = new ArrayList<>();
    java.util.regex.Pattern.compile(
            "public\\.((?:worklist|judgement|primary_key)\\w*)(?:\\.tablescan)?(?::| \\*/)"
                + "|using ((?:worklist|judgement)\\w*)"
                + "|on ((?:worklist|judgement)_\\w+)|(seq scan on \\w+)")
        .matcher(plan)
        .results()
        .forEach(
            match -> {
              for (int group = 1; group <= match.groupCount(); group++) {
                if (match.group(group) != null && !read.contains(match.group(group))) {
                  read.add(match.group(group));
                }
              }
            });
    return String.join(", ", read)
        + (plan.contains("sort") && !plan.contains("sorted */") ? "; sorted" : "");
  }
}
