package org.m2ib.fhir;

import ca.uhn.fhir.context.FhirContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Writes the OperationOutcome of a request that HAPI does not answer. */
final class Outcomes {
  private Outcomes() {}

  static void write(Refusal refusal, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String wanted = request.getHeader("Accept") + request.getQueryString();
    boolean xml = wanted.contains("xml");
    FhirContext fhir = FhirContext.forR4Cached();
    response.resetBuffer(); // the headers against misuse by browsers stay
    response.setStatus(refusal.getStatusCode());
    if (refusal.hasResponseHeaders()) {
      refusal
          .getResponseHeaders()
          .forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
    }
    response.setContentType("application/fhir+" + (xml ? "xml" : "json"));
    response.setCharacterEncoding("UTF-8");
    response
        .getWriter()
        .write(
            (xml ? fhir.newXmlParser() : fhir.newJsonParser())
                .encodeResourceToString(refusal.outcome()));
  }
}
