package org.m2ib.fhir;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.m2ib.cases.Database;
import org.m2ib.fhir.export.ExportStore;
import org.m2ib.fhir.export.ExportWriter;
import org.m2ib.fhir.export.Exports;
import org.m2ib.fhir.store.ResourceStore;

/** What {@code /fhir} does without being asked at the moment. */
public final class BackgroundTasks {
  private BackgroundTasks() {}

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
