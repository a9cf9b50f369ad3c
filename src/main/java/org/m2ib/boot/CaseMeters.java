package org.m2ib.boot;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.Reconciliation;
import org.m2ib.cases.StorageUnavailableException;

/** Counts of cases by state and of outbox rows by status, asked of the database when scraped. */
final class CaseMeters {
  private CaseMeters() {}

  static void register(
      MeterRegistry meters,
      ArrivalStore arrivals,
      CaseStore cases,
      Outbox outbox,
      Reconciliation reconciliation) {
    Held<CaseState> states = new Held<>(cases::counts, Clock.systemUTC());
    for (CaseState state : CaseState.values()) {
      gauge(meters, "m2ib.cases", "state", state.name(), () -> states.of(state));
    }
    Held<Delivery.Status> statuses = new Held<>(outbox::counts, Clock.systemUTC());
    for (Delivery.Status status : Delivery.Status.values()) {
      gauge(meters, "m2ib.outbox", "status", status.name(), () -> statuses.of(status));
    }
    Held<String> aside = new Held<>(() -> Map.of("", arrivals.aside()), Clock.systemUTC());
    Gauge.builder("m2ib.arrivals.set.aside", () -> orNaN(() -> aside.of(""))).register(meters);
    gauge(meters, "m2ib.objects", "problem", "DAMAGED", () -> reconciliation.found().damaged());
    gauge(meters, "m2ib.objects", "problem", "ORPHAN", () -> reconciliation.found().orphans());
  }

  private static void gauge(
      MeterRegistry meters, String name, String tag, String value, Supplier<Long> count) {
    Gauge.builder(name, () -> orNaN(count)).tag(tag, value).register(meters);
  }

  private static double orNaN(Supplier<Long> count) {
    try {
      return count.get();
    } catch (StorageUnavailableException e) {
      return Double.NaN;
    }
  }

  /** One scrape asks for every value: the database counts once. */
  static final class Held<E> {
    private static final Duration LONG = Duration.ofSeconds(5);
    private final Supplier<Map<E, Long>> counts;
    private final Clock clock;
    private Map<E, Long> held;
    private Instant counted;

    Held(Supplier<Map<E, Long>> counts, Clock clock) {
      this.counts = counts;
      this.clock = clock;
    }

    synchronized long of(E value) {
      Instant now = clock.instant();
      if (held == null || now.isAfter(counted.plus(LONG))) {
        held = counts.get();
        counted = now;
      }
      return held.get(value);
    }
  }
}
