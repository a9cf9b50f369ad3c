package org.m2ib.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.cases.ArrivalStore;
import org.m2ib.cases.AsideReason;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.CaseState;
import org.m2ib.cases.CaseStore;
import org.m2ib.cases.Database;
import org.m2ib.cases.Delivery;
import org.m2ib.cases.Outbox;
import org.m2ib.cases.ReceivedReport;
import org.m2ib.cases.Reconciliation;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.ReportTimes;
import org.m2ib.cases.StudyKey;
import org.m2ib.cases.TestDatabase;

class CaseMetersTest {
  private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

  @TempDir Path folder;

  @Test
  void aScrapeOfAllGaugesAsksTheDatabaseOnce() {
    AtomicInteger asked = new AtomicInteger();
    Database database = TestDatabase.h2(asked::incrementAndGet);
    CaseStore cases = new CaseStore(database, CLOCK);
    ArrivalStore arrivals = new ArrivalStore(database, CLOCK, new Blobs(folder));
    StudyKey study = new StudyKey("1.2.3", null, null, null, null, null);
    var made = cases.create(study, CaseState.DELIVERING, null);
    cases.create(study, CaseState.DELIVERING, null);
    new Outbox(database, CLOCK).open(made.id(), Delivery.Kind.BUNDLE, "https://fhir.example");
    arrivals.receive(
        new ReceivedReport(
            study,
            "R",
            ReportStatus.FINAL,
            "Clear.",
            "api",
            null,
            "0".repeat(64),
            ReportTimes.NONE,
            null));
    arrivals.setAside(arrivals.nextUnpairedId().orElseThrow(), AsideReason.VALUE);
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    Reconciliation none = new Reconciliation(database, new Blobs(folder), cases, CLOCK);
    CaseMeters.register(meters, database, none, CLOCK);
    asked.set(0);

    assertThat(meters.get("m2ib.cases").tag("state", "DELIVERING").gauge().value()).isEqualTo(2);
    assertThat(meters.get("m2ib.cases").tag("state", "FAILED").gauge().value()).isZero();
    assertThat(meters.get("m2ib.outbox").tag("status", "PENDING").gauge().value()).isEqualTo(1);
    assertThat(meters.get("m2ib.arrivals.set.aside").gauge().value()).isEqualTo(1);
    meters.getMeters().forEach(meter -> assertThat(((Gauge) meter).value()).isNotNaN());
    assertThat(asked).hasValue(1);
  }
}
