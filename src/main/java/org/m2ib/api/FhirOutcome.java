package org.m2ib.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers requests to {@code /fhir} that are refused before they reach it, with an OperationOutcome
 * as JSON or XML.
 */
public final class FhirOutcome {
  private static final ObjectMapper JSON = new ObjectMapper();

  private FhirOutcome() {}

  /** Whether the request is one to the FHIR endpoint. */
  public static boolean isFhir(RoutingContext context) {
    return isFhir(context.normalizedPath());
  }

  /** The same of a path, also of one that cannot be normalized. */
  public static boolean isFhir(String path) {
    return path.equals("/fhir") || path.startsWith("/fhir/");
  }

  /**
   * Ends the request.
   *
   * @param code of IssueType, such as {@code login}
   * @param diagnostics text without characters that XML escapes
   */
  public static void end(RoutingContext context, int status, String code, String diagnostics) {
    String wanted = context.request().getHeader("Accept") + context.request().query();
    boolean xml = wanted.contains("xml");
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/fhir+" + (xml ? "xml" : "json") + ";charset=UTF-8")
        .end(xml ? xml(code, diagnostics) : json(code, diagnostics));
  }

  private static String json(String code, String diagnostics) {
    Map<String, String> issue = new LinkedHashMap<>();
    issue.put("severity", "error");
    issue.put("code", code);
    issue.put("diagnostics", diagnostics);
    Map<String, Object> outcome = new LinkedHashMap<>();
    outcome.put("resourceType", "OperationOutcome");
    outcome.put("issue", List.of(issue));
    try {
      return JSON.writeValueAsString(outcome);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an OperationOutcome cannot be written as JSON", e);
    }
  }

  private static String xml(String code, String diagnostics) {
    return "<OperationOutcome xmlns=\"http://hl7.org/fhir\"><issue><severity value=\"error\"/>"
        + "<code value=\"%s\"/><diagnostics value=\"%s\"/></issue></OperationOutcome>"
            .formatted(code, diagnostics);
  }
}
