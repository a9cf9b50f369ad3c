package org.m2ib.cases;

import java.nio.file.Path;
import java.time.Clock;

/** Received objects and reports, for tests that do not read their bytes. */
public final class TestArrivals {
  /** The SHA-256 of bytes that are not there. */
  public static final String BLOB = "0f".repeat(32);

  private TestArrivals() {}

  public static ArrivalStore store(Database database, Clock clock) {
    return new ArrivalStore(database, clock, new Blobs(Path.of("target", "no-objects")));
  }

  /** The oldest that pairing has not seen yet. */
  public static Arrival next(ArrivalStore arrivals) {
    return arrivals.get(arrivals.nextUnpairedId().orElseThrow());
  }

  /** Marks that one as paired. */
  public static Arrival pair(ArrivalStore arrivals) {
    Arrival arrival = next(arrivals);
    arrivals.paired(arrival, "");
    return arrival;
  }

  /** Without times and notes, in a language that is not named. */
  public static ReceivedReport report(
      StudyKey study, String id, ReportStatus status, String text, String source, String blob) {
    return report(study, id, status, text, source, null, blob);
  }

  /** Without times and notes. */
  public static ReceivedReport report(
      StudyKey study,
      String id,
      ReportStatus status,
      String text,
      String source,
      String language,
      String blob) {
    return new ReceivedReport(
        study, id, status, text, source, language, blob, ReportTimes.NONE, null);
  }
}
