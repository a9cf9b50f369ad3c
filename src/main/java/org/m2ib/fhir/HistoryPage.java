package org.m2ib.fhir;

import ca.uhn.fhir.context.FhirContext;
import java.util.Date;
import java.util.Optional;
import java.util.UUID;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Resource;
import org.m2ib.fhir.store.ResourceHistory;
import org.m2ib.fhir.store.StoredVersion;

/** Builds a history Bundle with one page of versions and the link to the next page. */
final class HistoryPage {
  private HistoryPage() {}

  /**
   * @param base base URL of the service
   * @param url of what the history is of
   */
  static Bundle of(
      FhirContext fhir, String base, String url, HistoryQuery query, ResourceHistory history) {
    Bundle bundle = new Bundle();
    bundle.setId(UUID.randomUUID().toString()); // HAPI refuses a history without one
    bundle.setType(BundleType.HISTORY).setTotal(history.total());
    StoredVersion last = query.before();
    bundle.addLink().setRelation("self").setUrl(url + "/_history" + parameters(query, last));
    for (StoredVersion stored : history.versions()) {
      String fullUrl = base + "/" + stored.type() + "/" + stored.id();
      add(bundle.addEntry().setFullUrl(fullUrl), stored, Stored.read(fhir, stored));
      last = stored;
    }
    if (history.more() && query.count() > 0) {
      bundle.addLink().setRelation("next").setUrl(url + "/_history" + parameters(query, last));
    }
    return bundle;
  }

  private static void add(
      BundleEntryComponent entry, StoredVersion stored, Optional<Resource> resource) {
    boolean first = stored.version() == 1;
    entry
        .getRequest()
        .setMethod(first ? HTTPVerb.POST : HTTPVerb.PUT)
        .setUrl(stored.type() + (first ? "" : "/" + stored.id()));
    entry
        .getResponse()
        .setStatus(first ? "201 Created" : "200 OK")
        .setEtag("W/\"" + stored.version() + "\"")
        .setLastModified(Date.from(stored.updated()));
    if (resource.isPresent()) {
      entry.setResource(resource.get());
    } else {
      String message = stored.type() + "/" + stored.id() + " is stored but unreadable";
      entry.getResponse().setOutcome(Refusal.of(500, IssueType.EXCEPTION, message).outcome());
    }
  }

  private static String parameters(HistoryQuery query, StoredVersion before) {
    String since = query.sinceAsked();
    return "?"
        + SearchQuery.COUNT
        + "="
        + query.count()
        + (since.isEmpty() ? "" : "&" + HistoryQuery.SINCE + "=" + SearchPage.encode(since))
        + (before == null ? "" : "&" + SearchQuery.AFTER + "=" + HistoryQuery.place(before));
  }
}
