package org.m2ib.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.IParser;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import org.m2ib.api.HttpProblems;
import org.m2ib.api.LimitedBody;

/** Refuses a body whose length is over the limit before Quarkus does so without an outcome. */
final class FhirLimits {
  private static final int AFTER_SIGN_IN = 3;

  void limit(@Observes Filters filters) {
    filters.register(
        context -> {
          String path = context.normalizedPath();
          boolean fhir = path.equals("/fhir") || path.startsWith("/fhir/");
          if (fhir && HttpProblems.isTooLarge(context)) {
            refuse(context);
          } else {
            context.next();
          }
        },
        AFTER_SIGN_IN);
  }

  private static void refuse(RoutingContext context) {
    boolean xml = String.valueOf(context.request().getHeader("Accept")).contains("xml");
    FhirContext fhir = FhirContext.forR4Cached();
    IParser parser = xml ? fhir.newXmlParser() : fhir.newJsonParser();
    String outcome =
        parser.encodeResourceToString(LimitedRequest.refusal(413, LimitedBody.TOO_LARGE).outcome());
    context
        .response()
        .setStatusCode(413)
        .putHeader("Content-Type", "application/fhir+" + (xml ? "xml" : "json") + ";charset=UTF-8")
        .end(outcome);
  }
}
