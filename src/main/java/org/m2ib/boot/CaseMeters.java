package org.m2ib.boot;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.Database;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.Reconciliation;
import org.m2ib.cases.RowCounts;
import org.m2ib.cases.StorageUnavailableException;

/** Counts of cases, outbox rows and arrivals, queried together when scraped. */
final class CaseMeters {
  private CaseMeters() {}

  static void register(
      MeterRegistry meters, Database database, Reconciliation reconciliation, Clock clock) {
    Held<RowCounts> rows = new Held<>(() -> RowCounts.of(database), clock);
    for (CaseState state : CaseState.values()) {
      gauge(meters, "m2ib.cases", Tags.of("state", state.name()), rows, r -> r.cases().get(state));
    }
    for (Delivery.Status status : Delivery.Status.values()) {
      Tags tags = Tags.of("status", status.name());
      gauge(meters, "m2ib.outbox", tags, rows, r -> r.outbox().get(status));
    }
    gauge(meters, "m2ib.arrivals.set.aside", Tags.empty(), rows, RowCounts::setAside);
    Supplier<Reconciliation.Found> found = reconciliation::found;
    Tags damaged = Tags.of("problem", "DAMAGED");
    gauge(meters, "m2ib.objects", damaged, found, Reconciliation.Found::damaged);
    Tags orphan = Tags.of("problem", "ORPHAN");
    gauge(meters, "m2ib.objects", orphan, found, Reconciliation.Found::orphans);
  }

  private static <T> void gauge(
      MeterRegistry meters, String name, Tags tags, Supplier<T> counts, ToLongFunction<T> count) {
    Gauge.builder(name, () -> orNaN(counts, count)).tags(tags).register(meters);
  }

  private static <T> double orNaN(Supplier<T> counts, ToLongFunction<T> count) {
    try {
      return count.applyAsLong(counts.get());
    } catch (StorageUnavailableException e) {
      return Double.NaN;
    }
  }

  /** A value that is queried again after some seconds, so that one scrape queries only once. */
  private static final class Held<T> implements Supplier<T> {
    private static final Duration LONG = Duration.ofSeconds(5);
    private final Supplier<T> counts;
    private final Clock clock;
    private T held;
    private Instant counted;

    Held(Supplier<T> counts, Clock clock) {
      this.counts = counts;
      this.clock = clock;
    }

    @Override
    public synchronized T get() {
      Instant now = clock.instant();
      if (held == null || now.isAfter(counted.plus(LONG))) {
        held = counts.get();
        counted = now;
      }
      return held;
    }
  }
}
