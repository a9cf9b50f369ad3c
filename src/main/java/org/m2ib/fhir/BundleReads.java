package org.m2ib.fhir;

import ca.uhn.fhir.util.UrlUtil;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.Bundle.BundleEntryRequestComponent;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Resource;

/** Reads and searches as entries of a batch or transaction (FHIR R4 http.html#transaction). */
final class BundleReads {
  private static final Pattern URL =
      Pattern.compile(
          "/?([A-Z][A-Za-z]+)(?:/([A-Za-z0-9.-]{1,64})(?:/_history/([A-Za-z0-9.-]{1,64}))?)?(?:\\?(.*))?");

  private final Map<String, ResourceProvider> providers;

  BundleReads(List<ResourceProvider> providers) {
    this.providers =
        providers.stream()
            .collect(
                Collectors.toMap(
                    one -> one.getResourceType().getSimpleName(), Function.identity()));
  }

  /**
   * Answers an entry whose method is GET.
   *
   * @param base base URL of the service
   * @param answer entry of the response
   */
  void read(
      BundleEntryRequestComponent request,
      String base,
      Access access,
      BundleEntryComponent answer) {
    Matcher url = URL.matcher(String.valueOf(request.getUrl()));
    if (!url.matches() || !providers.containsKey(url.group(1))) {
      throw Refusal.of(
          422,
          IssueType.NOTSUPPORTED,
          "a GET in a Bundle must be a read, a vread or a search of a type that /metadata lists");
    }
    ResourceProvider provider = providers.get(url.group(1));
    Map<String, String[]> parameters =
        UrlUtil.parseQueryString(url.group(4) == null ? "" : url.group(4));
    if (url.group(2) == null) {
      answer.setResource(provider.searchWhole(parameters, base, access));
      answer.getResponse().setStatus("200 OK");
      return;
    }
    SearchQuery.none(parameters);
    access.require(url.group(1), 'r');
    Resource found = provider.read(new IdType(url.group(1), url.group(2), url.group(3)));
    String etag = "W/\"" + found.getMeta().getVersionId() + "\"";
    Date updated = found.getMeta().getLastUpdated();
    boolean same =
        request.hasIfNoneMatch()
            ? request.getIfNoneMatch().replace("W/", "").equals(etag.replace("W/", ""))
            : request.hasIfModifiedSince() && !updated.after(request.getIfModifiedSince());
    answer
        .getResponse()
        .setStatus(same ? "304 Not Modified" : "200 OK")
        .setEtag(etag)
        .setLastModified(updated);
    if (!same) {
      answer.setFullUrl(base + "/" + url.group(1) + "/" + url.group(2)).setResource(found);
    }
  }
}
