package org.m2ib.fhir;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.m2ib.fhir.store.SearchParameters;

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

  private static final String FORM = "application/x-www-form-urlencoded";

  /** A media range that JSON or XML is in. */
  private static final Pattern ACCEPTED =
      Pattern.compile(
          "(\\*/|application/|text/)(\\*|(fhir\\+)?(json|xml)|html)|json|xml",
          Pattern.CASE_INSENSITIVE);

  /** Of NDJSON, which is also accepted as what its lines are. */
  private static final Pattern ACCEPTED_LINES =
      Pattern.compile(
          "(\\*/|application/|text/)(\\*|(fhir\\+)?(nd)?json)|ndjson|json",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern FHIR_VERSION =
      Pattern.compile(";\\s*fhirVersion\\s*=\\s*\"?([0-9.]*)", Pattern.CASE_INSENSITIVE);

  private Requests() {}

  /** Refuses a method that the path does not have; of an unknown type HAPI says that it is. */
  static void checkMethod(HttpServletRequest request) {
    String allowed = allowed(request);
    String method = request.getMethod();
    boolean unknown = method.equals("POST") && !isServed(path(request));
    if (!unknown && !List.of(allowed.split(", ")).contains(method)) {
      throw Refusal.of(405, IssueType.NOTSUPPORTED, "this method is not supported here")
          .header("Allow", allowed);
    }
  }

  /**
   * Returns the methods that a path has, as a header has them. Only Subscriptions are changed or
   * deleted by their id.
   */
  private static String allowed(HttpServletRequest request) {
    String path = path(request);
    if (path.matches("/Subscription/[A-Za-z0-9.-]+")) {
      return "GET, HEAD, PUT, DELETE";
    }
    boolean posts =
        path.isEmpty()
            || path.equals("/DiagnosticReport")
            || path.equals("/Subscription")
            || path.endsWith("/_search")
            || path.contains("/$");
    return posts ? "GET, HEAD, POST" : "GET, HEAD";
  }

  private static String path(HttpServletRequest request) {
    return request.getPathInfo() == null ? "" : request.getPathInfo().replaceFirst("/+$", "");
  }

  private static boolean isServed(String path) {
    String type = path.replaceFirst("^/", "").split("/", 2)[0];
    return Definitions.isDefinition(type)
        || type.equals(SubscriptionProvider.TYPE)
        || !SearchParameters.of(type).isEmpty();
  }

  static void check(HttpServletRequest request) {
    checkFormats(request);
    checkAccept(request, ACCEPTED, "JSON or XML of FHIR 4.0");
  }

  /** The same for a file of an export. */
  static void checkFile(HttpServletRequest request) {
    checkFormats(request);
    checkAccept(request, ACCEPTED_LINES, "application/fhir+ndjson");
  }

  private static void checkFormats(HttpServletRequest request) {
    if (!PATH.matcher(request.getRequestURI()).matches()) {
      throw Refusal.of(400, IssueType.INVALID, "the path contains unsupported characters");
    }
    String encoding = request.getHeader("Content-Encoding");
    if (encoding != null && !encoding.equals("identity")) {
      throw Refusal.of(415, IssueType.NOTSUPPORTED, "Content-Encoding is not supported");
    }
    String type = request.getContentType();
    if (request.getMethod().equals("POST")
        && request.getRequestURI().endsWith("/_search")
        && (type == null
            ? request.getContentLengthLong() > 0
            : !type.split(";")[0].strip().equalsIgnoreCase(FORM))) {
      throw Refusal.of( // HAPI would not look at the body, and find all
          415, IssueType.NOTSUPPORTED, "the Content-Type of a search must be " + FORM);
    }
    if (type != null && !CONTENT_TYPE.matcher(type.split(";")[0].strip()).matches()) {
      throw Refusal.of(
          415,
          IssueType.NOTSUPPORTED,
          "Content-Type must be application/fhir+json or application/fhir+xml");
    }
    if (type != null
        && type.split(";")[0].strip().equalsIgnoreCase(FORM)
        && !request.getMethod().equals("GET")
        && !request.getRequestURI().endsWith("/_search")) {
      throw Refusal.of(
          415, IssueType.NOTSUPPORTED, "only a search is sent as a form; send JSON or XML");
    }
    LimitedRequest.charset(request);
    if (type != null && isOtherVersion(type)) {
      throw Refusal.of(415, IssueType.NOTSUPPORTED, "fhirVersion must be 4.0");
    }
  }

  private static void checkAccept(HttpServletRequest request, Pattern accepted, String what) {
    String accept = request.getHeader("Accept");
    if (accept != null
        && !accept.isBlank()
        && Arrays.stream(accept.split(","))
            .noneMatch(
                range ->
                    accepted.matcher(range.split(";")[0].strip()).matches()
                        && !isOtherVersion(range))) {
      throw Refusal.of(406, IssueType.NOTSUPPORTED, "Accept must allow " + what);
    }
  }

  /** The MIME parameter fhirVersion (FHIR R4 http.html#version-parameter). */
  private static boolean isOtherVersion(String type) {
    Matcher version = FHIR_VERSION.matcher(type);
    return version.find() && !version.group(1).startsWith("4.0");
  }
}
