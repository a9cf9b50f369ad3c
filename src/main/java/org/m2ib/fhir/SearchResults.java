package org.m2ib.fhir;

import ca.uhn.fhir.context.BaseRuntimeChildDefinition;
import ca.uhn.fhir.context.RuntimeResourceDefinition;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.m2ib.fhir.store.ResourcePage;
import org.m2ib.fhir.store.ResourceStore;
import org.m2ib.fhir.store.SearchParameters;
import org.m2ib.fhir.store.StoredVersion;

/**
 * What a search returns of its matches and beside them (FHIR R4 search.html#return). HAPI leaves
 * out the elements that are not wanted, and tags what remains as SUBSETTED.
 *
 * @param only whether nothing but the total is wanted
 * @param total whether the total is wanted
 * @param summarised whether HAPI is to leave out what is not in the summary
 * @param elements the elements to return, with the mandatory ones; empty for all
 * @param includes what to return beside the matches
 */
record SearchResults(
    boolean only,
    boolean total,
    boolean summarised,
    List<String> elements,
    List<Include> includes) {
  static final String ELEMENTS = "_elements";
  static final String SUMMARY = "_summary";
  private static final String TOTAL = "_total";

  /** The parameters. None of them selects matches. */
  static final Set<String> NAMES = Set.of(SUMMARY, TOTAL, ELEMENTS, "_include", "_revinclude");

  /** Maximum number of resources that one page may have beside its matches, by each parameter. */
  private static final int MOST = 1000;

  /**
   * @param parameter {@code _include} or {@code _revinclude}
   * @param source type of the resources that have the reference
   * @param reference name of its search parameter
   * @param targets types of the resources that it points to
   */
  record Include(String parameter, String source, String reference, List<String> targets) {

    /** Returns the types of the resources that are returned. */
    List<String> types() {
      return parameter.equals("_include") ? targets : List.of(source);
    }
  }

  /**
   * @param parameters what it knows is removed
   */
  static SearchResults take(
      RuntimeResourceDefinition definition, Map<String, String[]> parameters) {
    String summary = one(parameters, SUMMARY, Set.of("true", "text", "data", "count", "false"));
    String total = one(parameters, TOTAL, Set.of("none", "estimate", "accurate"));
    List<String> elements = elements(definition, parameters.remove(ELEMENTS));
    if (!elements.isEmpty() && !summary.isEmpty() && !summary.equals("false")) {
      throw Refusal.parameter(ELEMENTS, IssueType.INVALID, "cannot be combined with _summary");
    }
    List<Include> includes = new ArrayList<>();
    for (String name : List.of("_include", "_revinclude")) {
      String[] values = parameters.remove(name);
      for (String value : values == null ? new String[0] : values) {
        includes.add(include(definition.getName(), name, value));
      }
      if (values != null && summary.equals("text")) {
        throw Refusal.parameter(name, IssueType.INVALID, "cannot be combined with _summary=text");
      }
    }
    boolean only = summary.equals("count");
    boolean summarised = !only && !summary.isEmpty() && !summary.equals("false");
    return new SearchResults(only, only || !total.equals("none"), summarised, elements, includes);
  }

  private static String one(Map<String, String[]> parameters, String name, Set<String> allowed) {
    String[] values = parameters.remove(name);
    if (values == null) {
      return "";
    }
    String value = SearchQuery.only(name, values);
    if (!allowed.contains(value)) {
      throw Refusal.parameter(
          name,
          IssueType.INVALID,
          "must be one of " + String.join(", ", allowed.stream().sorted().toList()));
    }
    return value;
  }

  private static List<String> elements(RuntimeResourceDefinition definition, String[] values) {
    if (values == null) {
      return List.of();
    }
    List<String> all = new ArrayList<>();
    for (String name : SearchQuery.only(ELEMENTS, values).split(",", -1)) {
      if (definition.getChildByName(name) == null
          && definition.getChildByName(name + "[x]") == null) {
        throw Refusal.parameter(
            ELEMENTS, IssueType.INVALID, "must be names of elements of " + definition.getName());
      }
      all.add(name.replace("[x]", ""));
    }
    definition.getChildren().stream()
        .filter(child -> child.getMin() > 0)
        .map(BaseRuntimeChildDefinition::getElementName)
        .forEach(all::add);
    return all;
  }

  private static Include include(String type, String parameter, String value) {
    boolean forward = parameter.equals("_include");
    List<String> known =
        forward ? SearchParameters.includes(type) : SearchParameters.revIncludes(type);
    String[] parts = value.split(":", -1);
    String name = parts.length < 2 ? value : parts[0] + ":" + parts[1];
    List<String> targets =
        parts.length < 2 ? List.of() : SearchParameters.targets(parts[0], parts[1]);
    boolean typed =
        parts.length == 3 && targets.contains(parts[2]) && (forward || parts[2].equals(type));
    if (!known.contains(name) || parts.length > 2 && !typed) {
      throw Refusal.parameter(
          parameter,
          IssueType.NOTSUPPORTED,
          known.isEmpty()
              ? "not supported for " + type
              : "must be one of "
                  + String.join(", ", known)
                  + ", with a type of target after another colon if wanted");
    }
    return new Include(parameter, parts[0], parts[1], typed ? List.of(parts[2]) : targets);
  }

  /** Whether whole resources are wanted. */
  boolean whole() {
    return !summarised && elements.isEmpty();
  }

  /** Tells HAPI which elements to return. */
  void showElements(RequestDetails request) {
    if (!elements.isEmpty()) {
      request.addParameter(ELEMENTS, new String[] {String.join(",", elements)});
    }
  }

  /** Returns what is wanted beside the matches of a page, each once. */
  List<StoredVersion> included(ResourceStore store, String type, ResourcePage page) {
    List<String> ids = page.resources().stream().map(StoredVersion::id).toList();
    Map<String, StoredVersion> all = new LinkedHashMap<>();
    for (Include include : ids.isEmpty() ? List.<Include>of() : includes) {
      found(store, type, ids, include).forEach(found -> all.put(reference(found), found));
    }
    page.resources().forEach(match -> all.remove(reference(match)));
    return List.copyOf(all.values());
  }

  private static Stream<StoredVersion> found(
      ResourceStore store, String type, List<String> ids, Include include) {
    if (include.parameter().equals("_include")) {
      return include.targets().stream()
          .flatMap(target -> store.referredTo(type, ids, include.reference(), target).stream());
    }
    List<String> references = ids.stream().map(id -> type + "/" + id).toList();
    List<StoredVersion> found =
        store.referring(include.source(), include.reference(), references, MOST + 1);
    if (found.size() > MOST) {
      throw Refusal.parameter(
          include.parameter(),
          IssueType.TOOCOSTLY,
          "more than %d resources refer to this page; search %s by %s instead"
              .formatted(MOST, include.source(), include.reference()));
    }
    return found.stream();
  }

  private static String reference(StoredVersion stored) {
    return stored.type() + "/" + stored.id();
  }
}
