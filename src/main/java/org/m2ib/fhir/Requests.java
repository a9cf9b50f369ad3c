package org.m2ib.fhir;

import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;

/** Refuses requests before HAPI routes them. */
final class Requests {
  /**
   * All that FHIR's own paths need. Access is checked on a path's normal form, but its raw form is
   * served: a path whose two forms may differ is refused.
   */
  private static final Pattern PATH = Pattern.compile("(/(?!\\.{1,2}(/|$))[A-Za-z0-9._$-]+)+/?");

  /** HAPI supports further types, through libraries that need not parse untrusted input. */
  private static final Pattern CONTENT_TYPE =
      Pattern.compile(
          "((application|text)/(fhir\\+)?(json|xml)|application/x-www-form-urlencoded)");

  private static final Pattern OTHER_FORMATS = Pattern.compile("turtle|ndjson");

  private Requests() {}

  static void check(HttpServletRequest request) {
    if (!PATH.matcher(request.getRequestURI()).matches()) {
      throw Refusal.of(400, IssueType.INVALID, "the path is not a plain one");
    }
    String encoding = request.getHeader("Content-Encoding");
    if (encoding != null && !encoding.equals("identity")) {
      throw Refusal.of(415, IssueType.NOTSUPPORTED, "the body must come without Content-Encoding");
    }
    String type = request.getContentType();
    if (type != null && !CONTENT_TYPE.matcher(type.split(";")[0].strip()).matches()) {
      throw Refusal.of(
          400,
          IssueType.NOTSUPPORTED,
          "Content-Type: application/fhir+json or application/fhir+xml is needed");
    }
    String accept = request.getHeader("Accept");
    if (accept != null && OTHER_FORMATS.matcher(accept).find()) {
      throw Refusal.of(406, IssueType.NOTSUPPORTED, "Accept: answers are JSON or XML");
    }
  }
}
