package org.m2ib.fhir;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.rest.api.RestOperationTypeEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import java.util.List;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;

/**
 * Checks each interaction before it begins (SMART App Launch 2, scopes for resources). What a
 * search looks at besides its own type, and what a Bundle contains, is checked where it is read.
 */
@Interceptor
public final class AccessInterceptor {
  private final List<String> types;

  /**
   * @param types all that are served
   */
  AccessInterceptor(List<String> types) {
    this.types = types;
  }

  @Hook(Pointcut.SERVER_INCOMING_REQUEST_PRE_HANDLED)
  public void check(RestOperationTypeEnum operation, RequestDetails request) {
    if (operation == RestOperationTypeEnum.METADATA || isOfDefinition(operation, request)) {
      return;
    }
    Access access = Access.of(request);
    String type = request.getResourceName();
    switch (operation) {
      case READ, VREAD, HISTORY_INSTANCE -> access.require(type, 'r');
      case SEARCH_TYPE, HISTORY_TYPE -> access.search(type);
      case HISTORY_SYSTEM -> types.forEach(access::search);
      case CREATE -> access.require(type, 'c');
      case UPDATE -> access.require(type, 'u');
      case DELETE -> access.require(type, 'd');
      case TRANSACTION,
          EXTENDED_OPERATION_INSTANCE,
          EXTENDED_OPERATION_TYPE,
          EXTENDED_OPERATION_SERVER -> {} // check what they contain themselves
      default -> throw Refusal.of(403, IssueType.FORBIDDEN, "this interaction has no scope");
    }
  }

  /** Definitions are open to everybody and can only be read. */
  private static boolean isOfDefinition(RestOperationTypeEnum operation, RequestDetails request) {
    boolean reading =
        operation == RestOperationTypeEnum.READ || operation == RestOperationTypeEnum.SEARCH_TYPE;
    return reading && Definitions.isDefinition(request.getResourceName());
  }
}
