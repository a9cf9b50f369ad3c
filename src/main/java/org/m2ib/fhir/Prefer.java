package org.m2ib.fhir;

import ca.uhn.fhir.rest.api.PreferHeader;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.RestfulServerUtils;

/** The preferences of a client (RFC 7240), which may come as several headers. */
final class Prefer {
  private Prefer() {}

  static PreferHeader of(RequestDetails request) {
    return RestfulServerUtils.parsePreferHeader(String.join(", ", request.getHeaders("Prefer")));
  }
}
