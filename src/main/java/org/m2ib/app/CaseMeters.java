package org.m2ib.app;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.StorageUnavailableException;

/** Counts of cases by state and of outbox rows by status, asked of the database when scraped. */
final class CaseMeters {
  private CaseMeters() {}

  static void register(MeterRegistry meters, CaseStore cases, Outbox outbox) {
    for (CaseState state : CaseState.values()) {
      gauge(meters, "m2ib.cases", "state", state, () -> cases.counts().get(state));
    }
    for (Delivery.Status status : Delivery.Status.values()) {
      gauge(meters, "m2ib.outbox", "status", status, () -> outbox.counts().get(status));
    }
  }

  private static void gauge(
      MeterRegistry meters, String name, String tag, Enum<?> value, Supplier<Long> count) {
    Gauge.builder(name, () -> orNaN(count)).tag(tag, value.name()).register(meters);
  }

  private static double orNaN(Supplier<Long> count) {
    try {
      return count.get();
    } catch (StorageUnavailableException e) {
      return Double.NaN;
    }
  }
}
