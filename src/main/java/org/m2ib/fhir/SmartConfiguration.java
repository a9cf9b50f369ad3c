package org.m2ib.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import org.m2ib.api.AuthorizationServer;
import org.m2ib.api.FhirOutcome;

/**
 * {@code /fhir/.well-known/smart-configuration}: where clients get tokens (SMART App Launch 2,
 * conformance). What the authorization server supports is as it says itself.
 */
final class SmartConfiguration {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> PASSED_ON =
      List.of(
          "issuer",
          "jwks_uri",
          "token_endpoint",
          "token_endpoint_auth_methods_supported",
          "token_endpoint_auth_signing_alg_values_supported",
          "introspection_endpoint");

  @Inject Instance<AuthorizationServer> server;

  void route(@Observes Router router) {
    router
        .get("/fhir/.well-known/smart-configuration")
        .order(RouteConstants.ROUTE_ORDER_DEFAULT - 1) // before Undertow
        .blockingHandler(this::answer, false);
  }

  private void answer(RoutingContext context) {
    if (!server.get().isConfigured()) {
      FhirOutcome.end(context, 404, "not-found", "no authorization server is configured");
      return;
    }
    Optional<JsonNode> metadata = server.get().metadata();
    if (metadata.isEmpty() || !metadata.get().hasNonNull("token_endpoint")) {
      context.response().putHeader("Retry-After", "30");
      FhirOutcome.end(context, 503, "transient", "the authorization server cannot be reached");
      return;
    }
    ObjectNode answer = JSON.createObjectNode();
    PASSED_ON.forEach(
        name -> Optional.ofNullable(metadata.get().get(name)).ifPresent(v -> answer.set(name, v)));
    answer.putArray("grant_types_supported").add("client_credentials");
    answer.putArray("scopes_supported").add("system/*.rs").add("system/*.cruds");
    answer
        .putArray("capabilities")
        .add("client-confidential-asymmetric")
        .add("permission-v1")
        .add("permission-v2");
    answer.putArray("code_challenge_methods_supported").add("S256");
    context.response().putHeader("Content-Type", "application/json").end(answer.toString());
  }
}
