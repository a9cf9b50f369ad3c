package org.m2ib.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.annotation.History;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import java.util.function.Supplier;
import org.hl7.fhir.r4.model.Bundle;
import org.m2ib.fhir.store.ResourceStore;

/** The history of all resources (FHIR R4 http.html#history). */
public final class HistoryProvider {
  private final FhirContext fhir;
  private final Supplier<ResourceStore> store;

  HistoryProvider(FhirContext fhir, Supplier<ResourceStore> store) {
    this.fhir = fhir;
    this.store = store;
  }

  @History
  public Bundle history(RequestDetails request) {
    return page(fhir, store.get(), null, request);
  }

  /**
   * Returns a page of the newest versions.
   *
   * @param type null for every type
   */
  static Bundle page(FhirContext fhir, ResourceStore store, String type, RequestDetails request) {
    HistoryQuery query = HistoryQuery.parse(request.getParameters());
    BundleFinish.withLinks(request);
    String base = request.getFhirServerBase();
    return HistoryPage.of(
        fhir,
        base,
        type == null ? base : base + "/" + type,
        query,
        store.history(type, query.since(), query.before(), query.count()));
  }
}
