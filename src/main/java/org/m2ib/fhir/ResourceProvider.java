package org.m2ib.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.annotation.History;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.annotation.Search;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.exceptions.NotModifiedException;
import ca.uhn.fhir.util.DateUtils;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Resource;
import org.m2ib.fhir.store.ResourceHistory;
import org.m2ib.fhir.store.ResourcePage;
import org.m2ib.fhir.store.ResourceStore;
import org.m2ib.fhir.store.StoredVersion;

/** Read, history and search of one resource type (FHIR R4 http.html#read, #history, #search). */
public class ResourceProvider implements IResourceProvider {
  private final FhirContext fhir;
  private final Class<? extends Resource> type;
  private final Supplier<ResourceStore> store;

  ResourceProvider(
      FhirContext fhir, Class<? extends Resource> type, Supplier<ResourceStore> store) {
    this.fhir = fhir;
    this.type = type;
    this.store = store;
  }

  @Override
  public Class<? extends IBaseResource> getResourceType() {
    return type;
  }

  /** The current version, or the one that the id names (FHIR R4 http.html#read, #vread). */
  @Read(version = true)
  public IBaseResource read(@IdParam IdType id, RequestDetails request) {
    SearchQuery.none(request.getParameters());
    Resource found = read(id);
    String tags = request.getHeader("If-None-Match");
    String version = found.getMeta().getVersionId();
    if (tags == null
        ? isUnchanged(found, request.getHeader("If-Modified-Since"))
        : hasTag(tags, version)) {
      NotModifiedException unchanged = new NotModifiedException("not modified");
      unchanged.addResponseHeader("ETag", "W/\"" + version + "\"");
      throw unchanged;
    }
    return found;
  }

  /** Whether a list of entity tags, or {@code *}, has a version (RFC 9110, 13.1.2). */
  private static boolean hasTag(String tags, String version) {
    return Arrays.stream(tags.split(","))
        .map(tag -> tag.strip().replaceFirst("^W/", "").replace("\"", ""))
        .anyMatch(tag -> tag.equals("*") || tag.equals(version));
  }

  /** HTTP's dates have seconds; HAPI compares them with milliseconds, and finds all changed. */
  private static boolean isUnchanged(Resource found, String since) {
    Date date = since == null ? null : DateUtils.parseDate(since);
    return date != null
        && found.getMeta().getLastUpdated().getTime() / 1000 <= date.getTime() / 1000;
  }

  /**
   * @throws Refusal 404 if there is none
   */
  Resource read(IdType id) {
    StoredVersion found =
        stored(id)
            .orElseThrow(
                () ->
                    Refusal.of(
                        404,
                        IssueType.NOTFOUND,
                        id.hasVersionIdPart()
                            ? "no resource has this id and version"
                            : "no resource has this id"));
    return Stored.read(fhir, found)
        .orElseThrow(
            () -> Refusal.of(500, IssueType.EXCEPTION, "the resource is stored but unreadable"));
  }

  private Optional<StoredVersion> stored(IdType id) {
    if (!id.hasVersionIdPart()) {
      return store.get().find(name(), id.getIdPart());
    }
    return id.getVersionIdPart().matches("[1-9][0-9]{0,8}")
        ? store.get().find(name(), id.getIdPart(), Integer.parseInt(id.getVersionIdPart()))
        : Optional.empty();
  }

  /** The versions of one resource, the newest first (FHIR R4 http.html#history). */
  @History
  public Bundle history(@IdParam IdType id, RequestDetails request) {
    HistoryQuery query = HistoryQuery.parse(request.getParameters());
    BundleFinish.withLinks(request);
    ResourceHistory history =
        store
            .get()
            .history(
                name(),
                id.getIdPart(),
                query.since(),
                query.before() == null ? Integer.MAX_VALUE : query.before().version(),
                query.count());
    if (history.total() == 0 && store.get().find(name(), id.getIdPart()).isEmpty()) {
      throw Refusal.of(404, IssueType.NOTFOUND, "no resource has this id");
    }
    String base = request.getFhirServerBase();
    return HistoryPage.of(fhir, base, base + "/" + name() + "/" + id.getIdPart(), query, history);
  }

  /** The versions of all resources of the type, the newest first. */
  @History
  public Bundle history(RequestDetails request) {
    return HistoryProvider.page(fhir, store.get(), name(), request);
  }

  /**
   * {@link SearchQuery} refuses unknown parameters, because HAPI's own check skips names that begin
   * with _ and drops unknown modifiers.
   */
  @Search(allowUnknownParams = true)
  public Bundle search(RequestDetails request) {
    String base = request.getFhirServerBase();
    SearchQuery query = query(request.getParameters(), base, Access.of(request));
    query.results().showElements(request);
    BundleFinish.withLinks(request);
    return found(query, base);
  }

  /** The same for an entry of a Bundle, where HAPI does not leave out elements. */
  Bundle searchWhole(Map<String, String[]> parameters, String base, Access access) {
    SearchQuery query = query(parameters, base, access);
    if (!query.results().whole()) {
      throw Refusal.of(
          400, IssueType.NOTSUPPORTED, "_summary and _elements are not supported in a Bundle");
    }
    return found(query, base);
  }

  private SearchQuery query(Map<String, String[]> parameters, String base, Access access) {
    SearchQuery query = SearchQuery.parse(name(), parameters, base, ZoneId.systemDefault());
    query.types().forEach(access::search);
    return query;
  }

  private Bundle found(SearchQuery query, String base) {
    ResourcePage page;
    try {
      page =
          store
              .get()
              .search(
                  query.search(),
                  query.sort(),
                  query.after(),
                  query.count(),
                  query.results().total());
    } catch (IllegalArgumentException e) {
      throw Refusal.parameter(
          SearchQuery.AFTER, IssueType.INVALID, "must come from a link of this service");
    }
    return SearchPage.of(
        fhir, base, query, page, query.results().included(store.get(), name(), page));
  }

  private String name() {
    return type.getSimpleName();
  }
}
