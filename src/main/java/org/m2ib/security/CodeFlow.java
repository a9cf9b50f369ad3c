package org.m2ib.security;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenErrorResponse;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;
import org.m2ib.api.AuthorizationServer;

/**
 * This service as a client of an authorization server: authorization code flow with PKCE (RFC 6749,
 * 4.1; RFC 7636).
 *
 * @param tls for https; empty for the Java platform's trust store
 */
record CodeFlow(Settings settings, AuthorizationServer server, Optional<SSLSocketFactory> tls) {
  /** Milliseconds. */
  static final int TIMEOUT = 5_000;

  /**
   * How this service is known there.
   *
   * @param secret empty for a public client
   * @param redirect where the server sends people back to
   */
  record Settings(String clientId, Optional<String> secret, Scope scope, URI redirect) {}

  /** Returns an address of the server's discovery document. */
  URI endpoint(String name) throws ProviderException {
    JsonNode metadata =
        server
            .metadata()
            .orElseThrow(() -> new ProviderException("its discovery document is missing", true));
    try {
      return URI.create(metadata.path(name).textValue());
    } catch (IllegalArgumentException | NullPointerException e) {
      throw new ProviderException("its discovery document has no " + name, false);
    }
  }

  /** Redeems a code; returns the server's answer, which is a success. */
  HTTPResponse redeem(String code, CodeVerifier verifier) throws ProviderException {
    AuthorizationCodeGrant grant =
        new AuthorizationCodeGrant(new AuthorizationCode(code), settings.redirect(), verifier);
    ClientID client = new ClientID(settings.clientId());
    URI endpoint = endpoint("token_endpoint");
    HTTPResponse answer =
        send(
            settings
                .secret()
                .map(
                    secret ->
                        new TokenRequest.Builder(
                            endpoint, new ClientSecretBasic(client, new Secret(secret)), grant))
                .orElseGet(() -> new TokenRequest.Builder(endpoint, client, grant))
                .build()
                .toHTTPRequest(),
            "the token endpoint");
    if (answer.indicatesSuccess()) {
      return answer;
    }
    try {
      throw new ProviderException(
          "the code is refused: " + TokenErrorResponse.parse(answer).getErrorObject().getCode(),
          false);
    } catch (ParseException e) {
      throw new ProviderException("the token endpoint's answer cannot be read", false);
    }
  }

  /**
   * Sends a request; a redirect is an answer, so that a token goes nowhere else.
   *
   * @param to whom, for the message of the exception
   */
  HTTPResponse send(HTTPRequest request, String to) throws ProviderException {
    request.setConnectTimeout(TIMEOUT);
    request.setReadTimeout(TIMEOUT);
    request.setFollowRedirects(false);
    tls.ifPresent(request::setSSLSocketFactory);
    try {
      return request.send();
    } catch (IOException e) {
      throw new ProviderException(to + " does not answer", true);
    }
  }
}
