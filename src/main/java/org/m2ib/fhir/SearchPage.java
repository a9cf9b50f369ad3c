package org.m2ib.fhir;

import ca.uhn.fhir.context.FhirContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.StringJoiner;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Bundle.SearchEntryMode;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Resource;
import org.m2ib.fhir.store.ResourcePage;
import org.m2ib.fhir.store.StoredVersion;

/** Builds a searchset Bundle with one page of results and the link to the next page. */
final class SearchPage {
  private SearchPage() {}

  /**
   * @param base base URL of the service
   */
  static Bundle of(FhirContext fhir, String base, SearchQuery query, ResourcePage page) {
    Bundle bundle = new Bundle();
    bundle.setType(BundleType.SEARCHSET).setTotal(page.total());
    String url = base + "/" + query.search().type();
    bundle.addLink().setRelation("self").setUrl(url + parameters(query, query.after()));
    String last = "";
    for (StoredVersion stored : page.resources()) {
      BundleEntryComponent entry = bundle.addEntry();
      Optional<Resource> resource = Stored.read(fhir, stored);
      if (resource.isPresent()) {
        entry.setFullUrl(url + "/" + stored.id()).setResource(resource.get());
        entry.getSearch().setMode(SearchEntryMode.MATCH);
      } else {
        String message = query.search().type() + "/" + stored.id() + " is stored but unreadable";
        entry.setResource(Refusal.of(500, IssueType.EXCEPTION, message).outcome());
        entry.getSearch().setMode(SearchEntryMode.OUTCOME);
      }
      last = stored.id();
    }
    if (page.more() && !last.isEmpty()) {
      bundle.addLink().setRelation("next").setUrl(url + parameters(query, last));
    }
    return bundle;
  }

  private static String parameters(SearchQuery query, String after) {
    StringJoiner all = new StringJoiner("&", "?", "");
    query
        .asked()
        .forEach(
            (name, values) -> {
              for (String value : values) {
                all.add(encode(name) + "=" + encode(value));
              }
            });
    all.add(SearchQuery.COUNT + "=" + query.count());
    if (!after.isEmpty()) {
      all.add(SearchQuery.AFTER + "=" + after);
    }
    return all.toString();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
