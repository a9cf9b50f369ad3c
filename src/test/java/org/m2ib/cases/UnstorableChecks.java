package org.m2ib.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every text field with every kind of text: some can never be stored, some not right now. */
abstract class UnstorableChecks {
  private static final List<String> KINDS =
      List.of(
          "A\0B",
          "A\uD800B",
          "A".repeat(9000),
          incompressible(9000),
          incompressible(300_000),
          "\u0001\u001f\u007f\u0085\u2028",
          "\uD83E\uDE7B",
          "'; drop table arrival; --");

  private ArrivalStore arrivals;

  abstract DataSource database() throws SQLException;

  @BeforeEach
  void open() throws SQLException {
    arrivals = TestArrivals.store(Database.open(database()), Clock.systemUTC());
  }

  @Test
  void aValueIsTakenOrRefusedForGoodWithItsFieldAndTheNextIsTaken() {
    for (String kind : KINDS) {
      for (ReceivedReport report : reports(kind)) {
        Throwable refusal = catchThrowable(() -> arrivals.receive(report));
        if (refusal != null) {
          assertThat(refusal).isInstanceOf(UnstorableException.class);
          assertThat(((UnstorableException) refusal).field()).isNotEmpty();
          assertThat(refusal).hasMessageStartingWith(((UnstorableException) refusal).field());
          assertThat(refusal.getMessage()).hasSizeLessThan(120);
        }
      }
    }
    arrivals.receive(report("A1", "R1", "Clear."));
  }

  private static List<ReceivedReport> reports(String kind) {
    List<ReceivedReport> reports = new ArrayList<>();
    reports.add(report(kind, "R", "Clear."));
    reports.add(report("A", kind, "Clear."));
    reports.add(report("A", "R", kind));
    for (int field = 0; field < 4; field++) {
      StudyKey key =
          new StudyKey(
              "1.2",
              null,
              field == 0 ? kind : null,
              field == 1 ? kind : null,
              field == 2 ? kind : null,
              field == 3 ? kind : null,
              kind);
      reports.add(
          TestArrivals.report(
              key, "R", ReportStatus.FINAL, "Clear.", "api", kind, TestArrivals.BLOB));
    }
    return reports;
  }

  private static ReceivedReport report(String accession, String id, String text) {
    StudyKey key = new StudyKey(null, accession, null, null, null, null);
    return TestArrivals.report(key, id, ReportStatus.FINAL, text, "api", TestArrivals.BLOB);
  }

  private static String incompressible(int length) {
    return new java.util.Random(1)
        .ints(length, 'A', 'z')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
