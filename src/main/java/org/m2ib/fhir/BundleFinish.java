package org.m2ib.fhir;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;

/** Corrects what HAPI adds to a Bundle, and what its links lack. */
@Interceptor
public final class BundleFinish {
  private static final String NO_TOTAL = BundleFinish.class.getName();

  /** HAPI would give the number of a page's entries as the total of a Bundle that has none. */
  static void withoutTotal(Bundle bundle) {
    bundle.setUserData(NO_TOTAL, true);
  }

  /**
   * HAPI answers {@code _summary=count} and {@code _count=0} with type and total alone, and so
   * without the self link. It is not told of them: such a Bundle has no entries anyway.
   */
  static void withLinks(RequestDetails request) {
    for (String name : List.of(SearchResults.SUMMARY, SearchQuery.COUNT)) {
      String[] values = request.getParameters().get(name);
      if (values != null && values.length == 1 && List.of("count", "0").contains(values[0])) {
        request.removeParameter(name);
      }
    }
  }

  /** A client that asks for a format in the URL follows links, and sends no Accept. */
  @Hook(Pointcut.SERVER_OUTGOING_RESPONSE)
  public void finish(RequestDetails request, IBaseResource answer) {
    if (!(answer instanceof Bundle bundle)) {
      return;
    }
    if (bundle.getType() == BundleType.HISTORY) {
      bundle.setIdElement(null); // HAPI would give it as a Content-Location, where nothing is
    }
    if (bundle.hasUserData(NO_TOTAL)) {
      bundle.setTotalElement(null);
    }
    Map<String, String[]> format = new TreeMap<>(request.getParameters());
    format.keySet().retainAll(SearchQuery.FORMAT);
    String more = SearchPage.parameters(format);
    if (!more.isEmpty()) {
      bundle
          .getLink()
          .forEach(
              link -> {
                String url = link.getUrl();
                link.setUrl(url + (url.contains("?") ? "&" + more.substring(1) : more));
              });
    }
  }
}
