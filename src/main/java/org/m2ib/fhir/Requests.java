package org.m2ib.fhir;

import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;

/** Rejects requests before HAPI dispatches them. */
final class Requests {
  /**
   * The characters that FHIR paths need. Access is decided on the normalised path but HAPI
   * dispatches the raw one, so paths where the two could differ are rejected.
   */
  private static final Pattern PATH = Pattern.compile("(/(?!\\.{1,2}(/|$))[A-Za-z0-9._$-]+)+/?");

  /** HAPI knows more content types, handled by libraries that need not parse untrusted input. */
  private static final Pattern CONTENT_TYPE =
      Pattern.compile(
          "((application|text)/(fhir\\+)?(json|xml)|application/x-www-form-urlencoded)");

  private static final Pattern OTHER_FORMATS = Pattern.compile("turtle|ndjson");

  private Requests() {}

  static void check(HttpServletRequest request) {
    if (!PATH.matcher(request.getRequestURI()).matches()) {
      throw Refusal.of(400, IssueType.INVALID, "the path contains unsupported characters");
    }
    String encoding = request.getHeader("Content-Encoding");
    if (encoding != null && !encoding.equals("identity")) {
      throw Refusal.of(415, IssueType.NOTSUPPORTED, "Content-Encoding is not supported");
    }
    String type = request.getContentType();
    if (type != null && !CONTENT_TYPE.matcher(type.split(";")[0].strip()).matches()) {
      throw Refusal.of(
          400,
          IssueType.NOTSUPPORTED,
          "Content-Type must be application/fhir+json or application/fhir+xml");
    }
    String accept = request.getHeader("Accept");
    if (accept != null && OTHER_FORMATS.matcher(accept).find()) {
      throw Refusal.of(406, IssueType.NOTSUPPORTED, "Accept must allow JSON or XML");
    }
  }
}
