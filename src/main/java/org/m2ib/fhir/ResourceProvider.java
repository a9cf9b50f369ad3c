package org.m2ib.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.annotation.Search;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.IResourceProvider;
import java.time.ZoneId;
import java.util.function.Supplier;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Resource;
import org.m2ib.fhir.store.ResourceStore;

/** Read and search for one resource type (FHIR R4 http.html#read, #search). */
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

  @Read
  public IBaseResource read(@IdParam IdType id, RequestDetails request) {
    SearchQuery.none(request.getParameters());
    return store
        .get()
        .find(type.getSimpleName(), id.getIdPart())
        .map(
            stored ->
                Stored.read(fhir, stored)
                    .orElseThrow(
                        () ->
                            Refusal.of(
                                500, IssueType.EXCEPTION, "the resource is stored but unreadable")))
        .orElseThrow(() -> Refusal.of(404, IssueType.NOTFOUND, "no resource has this id"));
  }

  /**
   * {@link SearchQuery} refuses unknown parameters, because HAPI's own check skips names that begin
   * with _ and drops unknown modifiers.
   */
  @Search(allowUnknownParams = true)
  public Bundle search(RequestDetails request) {
    String base = request.getFhirServerBase();
    SearchQuery query =
        SearchQuery.parse(
            type.getSimpleName(), request.getParameters(), base, ZoneId.systemDefault());
    return SearchPage.of(
        fhir, base, query, store.get().search(query.search(), query.after(), query.count()));
  }
}
