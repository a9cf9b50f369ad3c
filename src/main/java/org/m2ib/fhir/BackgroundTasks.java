package org.m2ib.fhir;

import ca.uhn.fhir.context.FhirContext;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.m2ib.cases.Database;
import org.m2ib.fhir.export.ExportStore;
import org.m2ib.fhir.export.ExportWriter;
import org.m2ib.fhir.export.Exports;
import org.m2ib.fhir.store.ResourceStore;
import org.m2ib.fhir.subscription.Endpoints;
import org.m2ib.fhir.subscription.HookClient;
import org.m2ib.fhir.subscription.Notifications;
import org.m2ib.fhir.subscription.SubscriptionStore;
import org.m2ib.fhir.subscription.Subscriptions;

/** What {@code /fhir} does without being asked at the moment. */
public final class BackgroundTasks {
  private static final Duration EXCHANGE = Duration.ofSeconds(30);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);

  private BackgroundTasks() {}

  /**
   * @param endpoints where notifications may be sent
   * @param tls for https; empty for the Java platform's trust store
   */
  public static Subscriptions subscriptions(
      Endpoints endpoints,
      Optional<SSLContext> tls,
      Database database,
      SubscriptionStore store,
      ResourceStore resources,
      Clock clock) {
    FhirContext fhir = FhirContext.forR4Cached();
    return new Subscriptions(
        database,
        store,
        new Notifications(resources, stored -> Stored.read(fhir, stored), clock),
        endpoints,
        new HookClient(tls, EXCHANGE),
        (hook, event) -> SubscriptionRules.matches(resources, hook, event),
        FIRST_PAUSE,
        clock);
  }

  /**
   * @param folder of the files
   * @param expiry how long an export is kept
   * @param settling see {@link Exports.Settings}
   */
  public static Exports exports(
      Path folder,
      Duration expiry,
      Duration settling,
      Database database,
      ExportStore store,
      ResourceStore resources,
      Clock clock) {
    ExportWriter writer = new ExportWriter(store, resources, Stored::line, Stored::unreadable);
    return new Exports(
        new Exports.Settings(folder, expiry, settling), database, store, writer, clock);
  }
}
