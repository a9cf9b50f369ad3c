package org.m2ib.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded database on a disk whose power is cut at any write. */
class PowerCutTest {
  private static final int CUTS = 100;
  private static final int SENDERS = 3;
  private static final int REPORTS = 40;
  @TempDir Path folder;

  /** An acknowledgement and the moment it was given. */
  private record Taken(String report, int moment) {}

  @Test
  void whateverTheMomentOfAPowerCutWhatWasAcknowledgedIsThere() throws Exception {
    SyncedFilePath.register();
    PowerCuts.begin();
    JdbcConnectionPool pool =
        JdbcConnectionPool.create(
            "jdbc:h2:synced:cut:" + folder.resolve("m2ib") + ";WRITE_DELAY=0", "", "");
    List<Taken> taken = new ArrayList<>();
    int begun;
    try {
      Database database = Database.open(pool);
      begun = PowerCuts.moment();
      taken.addAll(receive(TestArrivals.store(database, Clock.systemUTC())));
    } finally {
      try (var connection = pool.getConnection();
          var statement = connection.createStatement()) {
        statement.execute("shutdown immediately");
      }
      pool.dispose();
    }
    int end = PowerCuts.moment();
    Random random = new Random(1);
    for (int cut = 0; cut < CUTS; cut++) {
      int moment = cut == 0 ? end : begun + random.nextInt(end - begun);
      Path left = folder.resolve("left-" + cut + ".mv.db");
      PowerCuts.leave(moment, random, left);
      assertThat(reports(folder.resolve("left-" + cut)))
          .as("cut %d at %d of %d", cut, moment, end)
          .containsAll(
              taken.stream().filter(t -> t.moment() <= moment).map(Taken::report).toList());
      Files.delete(left);
    }
  }

  private static List<Taken> receive(ArrivalStore arrivals) throws Exception {
    ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
    try {
      List<Future<List<Taken>>> sending = new ArrayList<>();
      for (int s = 0; s < SENDERS; s++) {
        String sender = "S" + s + "-";
        sending.add(
            senders.submit(
                () -> {
                  List<Taken> mine = new ArrayList<>();
                  for (int i = 0; i < REPORTS; i++) {
                    StudyKey study = new StudyKey(null, "A" + i, null, null, null, null);
                    String id = sender + i;
                    String text = "Clear. ".repeat(i % 7 == 0 ? 3000 : 3);
                    arrivals.receive(
                        TestArrivals.report(
                            study, id, ReportStatus.FINAL, text, "api", TestArrivals.BLOB));
                    mine.add(new Taken(id, PowerCuts.moment()));
                  }
                  return mine;
                }));
      }
      List<Taken> all = new ArrayList<>();
      for (Future<List<Taken>> sender : sending) {
        all.addAll(sender.get());
      }
      return all;
    } finally {
      senders.shutdown();
    }
  }

  private static List<String> reports(Path database) throws Exception {
    List<String> found = new ArrayList<>();
    try (var connection =
            DriverManager.getConnection("jdbc:h2:file:" + database + ";IFEXISTS=TRUE", "", "");
        var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select report_id, report_text from arrival")) {
      while (rows.next()) {
        assertThat(rows.getString(2)).startsWith("Clear. ");
        found.add(rows.getString(1));
      }
    }
    return found;
  }
}
