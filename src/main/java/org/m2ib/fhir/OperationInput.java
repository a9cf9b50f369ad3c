package org.m2ib.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.rest.api.RequestTypeEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;

/**
 * What an operation is given, by GET in the URL or by POST as Parameters (FHIR R4
 * operations.html#executing).
 */
final class OperationInput {
  private OperationInput() {}

  /**
   * Returns the values of each parameter, without those that affect only the format of the answer.
   *
   * @param fhir for the body, strict
   */
  static Map<String, String[]> of(FhirContext fhir, RequestDetails request) {
    Map<String, String[]> all = SearchQuery.withoutFormat(request.getParameters());
    if (request.getRequestType() != RequestTypeEnum.POST) {
      return all;
    }
    String body = new String(request.loadRequestContents(), StandardCharsets.UTF_8);
    if (body.isBlank()) {
      return all;
    }
    boolean xml = String.valueOf(request.getHeader("Content-Type")).contains("xml");
    IParser parser = xml ? fhir.newXmlParser() : fhir.newJsonParser();
    for (ParametersParameterComponent one :
        parser.parseResource(Parameters.class, body).getParameter()) {
      String name = String.valueOf(one.getName());
      if (!one.hasValue() || !one.getValue().isPrimitive()) {
        throw Refusal.parameter(name, IssueType.INVALID, "must have a primitive value");
      }
      all.merge(name, new String[] {one.getValue().primitiveValue()}, OperationInput::both);
    }
    return all;
  }

  private static String[] both(String[] some, String[] others) {
    return Stream.of(some, others).flatMap(Stream::of).toArray(String[]::new);
  }

  /** Removes a parameter that may be given once, and returns its value or null. */
  static String take(Map<String, String[]> parameters, String name) {
    String[] values = parameters.remove(name);
    return values == null ? null : SearchQuery.only(name, values);
  }

  /** Removes a parameter and returns its values; those of one are separated by commas. */
  static List<String> all(Map<String, String[]> parameters, String name) {
    String[] values = parameters.remove(name);
    return values == null
        ? List.of()
        : Stream.of(values).flatMap(value -> Stream.of(value.split(",", -1))).toList();
  }
}
