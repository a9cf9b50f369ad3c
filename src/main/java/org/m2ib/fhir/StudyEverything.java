package org.m2ib.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Supplier;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.m2ib.fhir.store.ResourceStore;
import org.m2ib.fhir.store.StoredVersion;

/**
 * {@code ImagingStudy/ID/$everything}: the resources about a study, the devices that made them and
 * the cards of their models, in pages, with the parameters of the standard's own operation of that
 * name (FHIR R4 patient-operation-everything.html).
 */
public final class StudyEverything {
  static final String NAME = "$everything";
  private static final String TYPE = "_type";

  private final FhirContext fhir;
  private final Supplier<ResourceStore> store;
  private final List<String> types;

  /**
   * @param types all that are served
   */
  StudyEverything(FhirContext fhir, Supplier<ResourceStore> store, List<String> types) {
    this.fhir = fhir;
    this.store = store;
    this.types = types;
  }

  @Operation(name = NAME, type = ImagingStudy.class, idempotent = true)
  public Bundle everything(@IdParam IdType id, RequestDetails request) {
    Map<String, String[]> others = OperationInput.of(fhir, request);
    String[] type = others.remove(TYPE);
    HistoryQuery query = HistoryQuery.parse(others);
    BundleFinish.withLinks(request);
    List<String> wanted = types(TYPE, type, types);
    Access access = Access.of(request);
    access.require("ImagingStudy", 'r');
    wanted.forEach(access::search);
    String study =
        store
            .get()
            .studyOf("ImagingStudy", id.getIdPart())
            .orElseThrow(() -> Refusal.of(404, IssueType.NOTFOUND, "no resource has this id"));
    StoredVersion before = query.before();
    List<StoredVersion> found =
        store
            .get()
            .ofStudy(
                study,
                wanted,
                query.since(),
                before == null ? "" : before.type(),
                before == null ? "" : before.id(),
                query.count() + 1);
    boolean more = found.size() > query.count();
    String url = request.getFhirServerBase() + "/ImagingStudy/" + id.getIdPart() + "/" + NAME;
    Bundle bundle = new Bundle().setType(BundleType.SEARCHSET);
    bundle.addLink().setRelation("self").setUrl(url + parameters(type, query, before));
    StoredVersion last = null;
    for (StoredVersion stored : more ? found.subList(0, query.count()) : found) {
      SearchPage.add(
          bundle.addEntry(),
          fhir,
          request.getFhirServerBase(),
          stored,
          Bundle.SearchEntryMode.MATCH);
      last = stored;
    }
    if (more && last != null) {
      bundle.addLink().setRelation("next").setUrl(url + parameters(type, query, last));
    }
    return bundle;
  }

  /**
   * Returns the types that a parameter names, separated by commas, or all.
   *
   * @param values null if it is not given
   */
  static List<String> types(String name, String[] values, List<String> all) {
    if (values == null) {
      return all;
    }
    List<String> named = new ArrayList<>();
    for (String value : values) {
      named.addAll(Arrays.asList(value.split(",", -1)));
    }
    if (!all.containsAll(named)) {
      throw Refusal.parameter(name, IssueType.NOTSUPPORTED, "must be of " + String.join(", ", all));
    }
    return named.stream().distinct().toList();
  }

  private static String parameters(String[] type, HistoryQuery query, StoredVersion after) {
    StringJoiner all = new StringJoiner("&", "?", "");
    if (type != null) {
      all.add(TYPE + "=" + SearchPage.encode(String.join(",", type)));
    }
    if (!query.since().equals(Instant.EPOCH)) {
      all.add(HistoryQuery.SINCE + "=" + SearchPage.encode(query.sinceAsked()));
    }
    all.add(SearchQuery.COUNT + "=" + query.count());
    if (after != null) {
      all.add(SearchQuery.AFTER + "=" + HistoryQuery.place(after));
    }
    return all.toString();
  }
}
