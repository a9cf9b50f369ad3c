package org.m2ib.fhir;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.parser.DataFormatException;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import java.util.Arrays;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.jboss.logging.Logger;
import org.m2ib.base.Traces;
import org.m2ib.cases.StorageUnavailableException;
import org.m2ib.intake.UnacceptableReportException;

/**
 * Turns every failure into an OperationOutcome. HAPI logs its own messages, which quote the
 * request, but not an exception that already has an outcome.
 */
@Interceptor
public final class FhirErrors {
  private static final Logger LOG = Logger.getLogger(FhirErrors.class);
  private static final int RETRY_SECONDS = 30;

  /** Of HAPI's own messages. */
  private static final Pattern NUMBER = Pattern.compile("^HAPI-\\d+: ");

  private static final Pattern TYPE = Pattern.compile("expected \"(\\w+)\" but found \"(\\w+)\"");
  private static final Pattern ELEMENT =
      Pattern.compile("element[= ](?:['\"](\\w+)['\"]|(\\w+) - )");
  private static final Pattern POSITION =
      Pattern.compile("\\[(?:line: )?(\\d+), ?(?:column: )?(\\d+)]");

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
        LOG.errorf("FHIR request failed (503): %s", e.getMessage());
        return Refusal.of(503, IssueType.TRANSIENT, "storage is not available; try again later")
            .retryAfter(RETRY_SECONDS);
      }
    }
    if (failure instanceof DataFormatException || isUnreadable(failure)) {
      return Refusal.of(400, IssueType.STRUCTURE, unreadable(String.valueOf(failure.getMessage())));
    }
    if (failure instanceof BaseServerResponseException e && e.getStatusCode() < 500) {
      String message = NUMBER.matcher(String.valueOf(e.getMessage())).replaceFirst("");
      Refusal refusal = Refusal.of(e.getStatusCode(), IssueType.PROCESSING, message);
      if (e.hasResponseHeaders()) { // the ETag of a 304
        e.getResponseHeaders()
            .forEach((name, values) -> values.forEach(value -> refusal.header(name, value)));
      }
      return refusal;
    }
    LOG.error("FHIR request failed (500)", Traces.withoutMessages(failure));
    return Refusal.of(
        500, IssueType.EXCEPTION, "internal error; the cause is in the service's log");
  }

  private static boolean isUnreadable(Throwable failure) {
    return failure instanceof InvalidRequestException
            && failure.getMessage().contains("Failed to parse request body")
        || isWhileReading(failure);
  }

  /**
   * Returns whether HAPI failed with an unexpected exception while it read the body or the URL.
   * Nothing has been done by then.
   */
  private static boolean isWhileReading(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      boolean reading =
          Arrays.stream(cause.getStackTrace())
              .takeWhile(call -> !call.getClassName().startsWith("org.m2ib."))
              .anyMatch(FhirErrors::reads);
      if (reading && cause instanceof RuntimeException) {
        return true;
      }
    }
    return false;
  }

  private static boolean reads(StackTraceElement call) {
    return call.getClassName().equals("java.net.URLDecoder")
        || call.getClassName().startsWith("ca.uhn.fhir.parser.")
            && call.getMethodName().startsWith("parse");
  }

  /**
   * Describes a parse error. HAPI's message quotes values, so only names and positions are taken
   * from it.
   */
  private static String unreadable(String message) {
    StringJoiner all = new StringJoiner("; ");
    all.add("the body or the URL is not valid FHIR R4");
    Matcher type = TYPE.matcher(message);
    if (type.find()) {
      all.add("expected " + type.group(1) + ", found " + type.group(2));
    }
    Matcher element = ELEMENT.matcher(message);
    if (element.find()) {
      String name = element.group(1) == null ? element.group(2) : element.group(1);
      all.add("element " + name + " is unknown, misplaced or has a wrong value");
    }
    Matcher position = POSITION.matcher(message);
    if (position.find()) {
      all.add("line " + position.group(1) + ", column " + position.group(2));
    }
    return all.toString();
  }
}
