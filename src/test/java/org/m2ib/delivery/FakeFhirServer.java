package org.m2ib.delivery;

import ca.uhn.fhir.context.FhirContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Resource;

/**
 * A fake of a FHIR server over real HTTP: it takes transactions of conditional updates and holds
 * one resource for each condition.
 */
public final class FakeFhirServer implements AutoCloseable {
  static final FhirContext R4 = FhirContext.forR4Cached();

  public final Map<String, Resource> resources = new ConcurrentHashMap<>();
  final AtomicInteger transactions = new AtomicInteger();

  /** Refuse with this HTTP status and an outcome that quotes the resource; 0: do not. */
  volatile int refusal;

  /** Retry-After of a refusal; null for none. */
  volatile String retryAfter;

  private final HttpServer server;

  public FakeFhirServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.createContext("/fhir", this::answer);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/fhir";
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (refusal != 0) {
      OperationOutcome outcome = new OperationOutcome();
      outcome
          .addIssue()
          .setSeverity(IssueSeverity.ERROR)
          .setCode(IssueType.INVALID)
          .setDiagnostics("SECRET^NAME is wrong")
          .addExpression("Observation.subject");
      if (retryAfter != null) {
        exchange.getResponseHeaders().set("Retry-After", retryAfter);
      }
      answer(exchange, refusal, outcome);
      return;
    }
    Bundle answer = new Bundle().setType(Bundle.BundleType.TRANSACTIONRESPONSE);
    for (var entry : R4.newJsonParser().parseResource(Bundle.class, body).getEntry()) {
      resources.put(entry.getRequest().getUrl(), entry.getResource());
      answer.addEntry().getResponse().setStatus("200 OK");
    }
    transactions.incrementAndGet();
    answer(exchange, 200, answer);
  }

  private static void answer(HttpExchange exchange, int status, Resource resource)
      throws IOException {
    byte[] json =
        R4.newJsonParser().encodeResourceToString(resource).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/fhir+json");
    exchange.sendResponseHeaders(status, json.length);
    exchange.getResponseBody().write(json);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
