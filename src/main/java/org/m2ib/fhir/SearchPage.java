package org.m2ib.fhir;

import ca.uhn.fhir.context.FhirContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
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
   * @param included what is returned beside the matches
   */
  static Bundle of(
      FhirContext fhir,
      String base,
      SearchQuery query,
      ResourcePage page,
      List<StoredVersion> included) {
    Bundle bundle = new Bundle();
    bundle.setType(BundleType.SEARCHSET);
    if (page.total() == null) {
      BundleFinish.withoutTotal(bundle);
    } else {
      bundle.setTotal(page.total());
    }
    String url = base + "/" + query.search().type();
    bundle.addLink().setRelation("self").setUrl(url + parameters(query, query.after()));
    for (StoredVersion stored : page.resources()) {
      add(bundle.addEntry(), fhir, base, stored, SearchEntryMode.MATCH);
    }
    included.forEach(stored -> add(bundle.addEntry(), fhir, base, stored, SearchEntryMode.INCLUDE));
    if (page.more() && !page.last().isEmpty()) {
      bundle.addLink().setRelation("next").setUrl(url + parameters(query, page.last()));
    }
    return bundle;
  }

  static void add(
      BundleEntryComponent entry,
      FhirContext fhir,
      String base,
      StoredVersion stored,
      SearchEntryMode mode) {
    String reference = stored.type() + "/" + stored.id();
    Optional<Resource> resource = Stored.read(fhir, stored);
    if (resource.isPresent()) {
      entry.setFullUrl(base + "/" + reference).setResource(resource.get());
      entry.getSearch().setMode(mode);
    } else {
      String message = reference + " is stored but unreadable";
      entry.setResource(Refusal.of(500, IssueType.EXCEPTION, message).outcome());
      entry.getSearch().setMode(SearchEntryMode.OUTCOME);
    }
  }

  private static String parameters(SearchQuery query, String after) {
    Map<String, String[]> all = new TreeMap<>(query.asked());
    all.put(SearchQuery.COUNT, new String[] {String.valueOf(query.count())});
    if (!after.isEmpty()) {
      all.put(SearchQuery.AFTER, new String[] {after});
    }
    return parameters(all);
  }

  /** Returns them as the end of a URL. */
  static String parameters(Map<String, String[]> all) {
    StringJoiner joined = new StringJoiner("&", "?", "").setEmptyValue("");
    all.forEach(
        (name, values) -> {
          for (String value : values) {
            joined.add(encode(name) + "=" + encode(value));
          }
        });
    return joined.toString();
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
