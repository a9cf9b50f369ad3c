package org.m2ib.fhir;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;

/** What is refused before HAPI reads a request. */
@Interceptor
public final class Requests {
  /**
   * All that FHIR's own paths need. Who may ask for a path is decided on its normal form, what is
   * answered on its raw one: a path where the two differ is not served.
   */
  private static final Pattern PATH = Pattern.compile("(/(?!\\.{1,2}(/|$))[A-Za-z0-9._$-]+)+/?");

  @Hook(Pointcut.SERVER_INCOMING_REQUEST_PRE_PROCESSED)
  public void check(HttpServletRequest request) {
    if (!PATH.matcher(request.getRequestURI()).matches()) {
      throw Refusal.of(400, IssueType.INVALID, "the path is not a plain one");
    }
    String encoding = request.getHeader("Content-Encoding");
    if (encoding != null && !encoding.equals("identity")) {
      throw Refusal.of(415, IssueType.NOTSUPPORTED, "the body must come without Content-Encoding");
    }
  }
}
