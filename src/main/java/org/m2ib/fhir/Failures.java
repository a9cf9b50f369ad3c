package org.m2ib.fhir;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.parser.DataFormatException;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.jboss.logging.Logger;
import org.m2ib.cases.StorageUnavailableException;
import org.m2ib.intake.UnacceptableReportException;

/**
 * Every failure as an OperationOutcome. HAPI would log its own messages, which quote what was sent;
 * what leaves here with an outcome it does not log.
 */
@Interceptor
public final class Failures {
  private static final Logger LOG = Logger.getLogger(Failures.class);
  private static final int RETRY_SECONDS = 30;

  @Hook(Pointcut.SERVER_PRE_PROCESS_OUTGOING_EXCEPTION)
  public BaseServerResponseException answer(Throwable failure) {
    return refusal(failure);
  }

  static Refusal refusal(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof Refusal refusal) {
        return refusal;
      }
      if (cause instanceof UnacceptableReportException e) {
        return Refusal.of(422, IssueType.INVALID, e.place() + ": " + e.getMessage()).at(e.place());
      }
      if (cause instanceof StorageUnavailableException e) {
        LOG.errorf("FHIR request not served (503): %s", e.getMessage());
        return Refusal.of(503, IssueType.TRANSIENT, "storage is not available now: try again later")
            .retryAfter(RETRY_SECONDS);
      }
      if (cause instanceof DataFormatException e) {
        return Refusal.of(400, IssueType.STRUCTURE, e.getMessage());
      }
    }
    if (failure instanceof BaseServerResponseException e && e.getStatusCode() < 500) {
      return Refusal.of(e.getStatusCode(), IssueType.PROCESSING, e.getMessage());
    }
    LOG.error("FHIR request failed (500)", withoutMessage(failure));
    return Refusal.of(500, IssueType.EXCEPTION, "the service failed; its log has the cause");
  }

  /** Where it happened, without a message that may quote what was sent. */
  private static Throwable withoutMessage(Throwable failure) {
    Throwable bare = new RuntimeException(failure.getClass().getName());
    bare.setStackTrace(failure.getStackTrace());
    return bare;
  }
}
