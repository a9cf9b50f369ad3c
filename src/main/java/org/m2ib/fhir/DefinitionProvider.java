package org.m2ib.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.annotation.Search;
import ca.uhn.fhir.rest.api.QualifiedParamList;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.IResourceProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Bundle.SearchEntryMode;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.MetadataResource;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;

/**
 * Read and search of the definitions of one type, open to everybody as the CapabilityStatement is:
 * they have no data, and a validator that meets their addresses in a result fetches them here.
 */
public final class DefinitionProvider implements IResourceProvider {

  /** The search parameters, which all of these types have, and the element that each looks at. */
  static final Map<String, Function<MetadataResource, String>> PARAMETERS =
      new TreeMap<>(
          Map.of(
              "_id", MetadataResource::getIdPart,
              "url", MetadataResource::getUrl,
              "version", MetadataResource::getVersion,
              "name", MetadataResource::getName,
              "status", definition -> definition.getStatus().toCode()));

  private static final String NAME = "name";

  private final Class<? extends MetadataResource> type;
  private final Definitions definitions;

  DefinitionProvider(Class<? extends MetadataResource> type, Definitions definitions) {
    this.type = type;
    this.definitions = definitions;
  }

  @Override
  public Class<? extends IBaseResource> getResourceType() {
    return type;
  }

  @Read
  public MetadataResource read(@IdParam IdType id, RequestDetails request) {
    SearchQuery.none(request.getParameters());
    return definitions.of(type.getSimpleName()).stream()
        .filter(definition -> definition.getIdPart().equals(id.getIdPart()))
        .findFirst()
        .map(definition -> (MetadataResource) definition.copy()) // HAPI writes to it
        .orElseThrow(() -> Refusal.of(404, IssueType.NOTFOUND, "no resource has this id"));
  }

  /** All parameters must hold; the values of one, separated by commas, are alternatives. */
  @Search(allowUnknownParams = true)
  public Bundle search(RequestDetails request) {
    Map<String, String[]> asked = SearchQuery.withoutFormat(request.getParameters());
    Map<String, String[]> conditions = new TreeMap<>(asked);
    int count = SearchQuery.count(conditions.remove(SearchQuery.COUNT));
    String[] after = conditions.remove(SearchQuery.AFTER);
    SearchResults results =
        SearchResults.take(FhirContext.forR4Cached().getResourceDefinition(type), conditions);
    results.showElements(request);
    BundleFinish.withLinks(request);
    List<MetadataResource> found = new ArrayList<>(definitions.of(type.getSimpleName()));
    conditions.forEach(
        (name, values) ->
            Stream.of(values)
                .map(value -> condition(name, value))
                .forEach(condition -> found.removeIf(one -> !condition.test(one))));
    int total = found.size();
    if (after != null) {
      String last = SearchQuery.only(SearchQuery.AFTER, after);
      found.removeIf(one -> one.getIdPart().compareTo(last) <= 0);
    }
    List<MetadataResource> page =
        found.subList(0, Math.min(found.size(), results.only() ? 0 : count));

    Bundle bundle = new Bundle().setType(BundleType.SEARCHSET);
    if (results.total()) {
      bundle.setTotal(total);
    } else {
      BundleFinish.withoutTotal(bundle);
    }
    String url = request.getFhirServerBase() + "/" + type.getSimpleName();
    bundle.addLink().setRelation("self").setUrl(url + SearchPage.parameters(asked));
    for (MetadataResource one : page) {
      bundle
          .addEntry()
          .setFullUrl(url + "/" + one.getIdPart())
          .setResource(one.copy())
          .getSearch()
          .setMode(SearchEntryMode.MATCH);
    }
    if (!page.isEmpty() && page.size() < found.size()) {
      Map<String, String[]> next = new TreeMap<>(asked);
      next.put(SearchQuery.AFTER, new String[] {page.get(page.size() - 1).getIdPart()});
      bundle.addLink().setRelation("next").setUrl(url + SearchPage.parameters(next));
    }
    return bundle;
  }

  private static Predicate<MetadataResource> condition(String asked, String value) {
    String name = asked.replaceFirst(":(exact|contains)$", "");
    Function<MetadataResource, String> element = PARAMETERS.get(name);
    if (element == null || !name.equals(asked) && !name.equals(NAME)) {
      throw Refusal.parameter(
          asked,
          IssueType.NOTSUPPORTED,
          "must be one of " + String.join(", ", PARAMETERS.keySet()));
    }
    List<String> values = QualifiedParamList.splitQueryStringByCommasIgnoreEscape(null, value);
    if (values.isEmpty() || values.stream().anyMatch(String::isBlank)) {
      throw Refusal.parameter(asked, IssueType.INVALID, "a value is empty");
    }
    BiPredicate<String, String> meets =
        asked.equals(NAME)
            ? (has, wanted) -> lower(has).startsWith(lower(wanted))
            : asked.equals(NAME + ":contains")
                ? (has, wanted) -> lower(has).contains(lower(wanted))
                : String::equals;
    return definition ->
        values.stream().anyMatch(wanted -> meets.test(element.apply(definition), wanted));
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
