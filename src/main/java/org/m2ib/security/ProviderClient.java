package org.m2ib.security;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.LogoutRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLSocketFactory;
import org.m2ib.api.AuthorizationServer;

/**
 * Signs people in at an OpenID provider: authorization code flow with PKCE (OpenID Connect Core
 * 1.0, 3.1; RFC 7636). The ID token's signature, issuer, audience, expiry and nonce are checked.
 */
final class ProviderClient {
  private static final int TIMEOUT = 5_000;
  private static final int MOST_BYTES = 1 << 20;

  /** Those by the provider's own key; a shared secret could sign for it. */
  private static final Set<JWSAlgorithm> SIGNATURES =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384);

  /**
   * How this service is known at the provider.
   *
   * @param issuer of ID tokens
   * @param secret empty for a public client
   * @param redirect where the provider sends people back to
   */
  record Settings(
      String issuer, String clientId, Optional<String> secret, Scope scope, URI redirect) {}

  /**
   * A sign-in that the provider has not answered yet.
   *
   * @param target path to show afterwards
   */
  record Pending(State state, Nonce nonce, CodeVerifier verifier, String target) {
    static Pending of(String target) {
      return new Pending(new State(), new Nonce(), new CodeVerifier(), target);
    }
  }

  /**
   * Whom the provider vouches for.
   *
   * @param idToken as it was sent
   */
  record Vouched(JWTClaimsSet claims, String idToken) {}

  /** The provider cannot be reached, or refuses, or sends what is not for this service. */
  static final class ProviderException extends Exception {
    private final boolean unreachable;

    ProviderException(String message, boolean unreachable) {
      super(message);
      this.unreachable = unreachable;
    }

    boolean isUnreachable() {
      return unreachable;
    }
  }

  private final Settings settings;
  private final AuthorizationServer server;
  private final Optional<SSLSocketFactory> tls;
  private final Map<JWSAlgorithm, IDTokenValidator> validators = new ConcurrentHashMap<>();

  ProviderClient(Settings settings, AuthorizationServer server, Optional<SSLSocketFactory> tls) {
    this.settings = settings;
    this.server = server;
    this.tls = tls;
  }

  /**
   * Returns the address at the provider at which a person signs in.
   *
   * @param parameters further ones
   */
  URI authorization(Pending pending, Map<String, String> parameters) throws ProviderException {
    AuthenticationRequest.Builder request =
        new AuthenticationRequest.Builder(
                ResponseType.CODE,
                settings.scope(),
                new ClientID(settings.clientId()),
                settings.redirect())
            .endpointURI(endpoint("authorization_endpoint"))
            .state(pending.state())
            .nonce(pending.nonce())
            .codeChallenge(pending.verifier(), CodeChallengeMethod.S256);
    parameters.forEach(request::customParameter);
    return request.build().toURI();
  }

  /** Redeems the code that the provider sent a person back with. */
  Vouched redeem(String code, Pending pending) throws ProviderException {
    AuthorizationCodeGrant grant =
        new AuthorizationCodeGrant(
            new AuthorizationCode(code), settings.redirect(), pending.verifier());
    ClientID client = new ClientID(settings.clientId());
    URI endpoint = endpoint("token_endpoint");
    HTTPRequest request =
        settings
            .secret()
            .map(
                secret ->
                    new TokenRequest.Builder(
                        endpoint, new ClientSecretBasic(client, new Secret(secret)), grant))
            .orElseGet(() -> new TokenRequest.Builder(endpoint, client, grant))
            .build()
            .toHTTPRequest();
    request.setConnectTimeout(TIMEOUT);
    request.setReadTimeout(TIMEOUT);
    tls.ifPresent(request::setSSLSocketFactory);
    try {
      HTTPResponse answer = request.send();
      TokenResponse response = OIDCTokenResponseParser.parse(answer);
      if (!response.indicatesSuccess()) {
        throw new ProviderException(
            "the code is refused: " + response.toErrorResponse().getErrorObject().getCode(), false);
      }
      OIDCTokenResponse tokens = (OIDCTokenResponse) response.toSuccessResponse();
      JWT idToken = tokens.getOIDCTokens().getIDToken();
      if (idToken == null) {
        throw new ProviderException("the answer has no ID token", false);
      }
      return new Vouched(check(idToken, pending.nonce()), idToken.serialize());
    } catch (IOException e) {
      throw new ProviderException("the token endpoint does not answer", true);
    } catch (ParseException e) {
      throw new ProviderException("the token endpoint's answer cannot be read", false);
    }
  }

  private JWTClaimsSet check(JWT idToken, Nonce nonce) throws ProviderException {
    if (!(idToken.getHeader().getAlgorithm() instanceof JWSAlgorithm algorithm)
        || !SIGNATURES.contains(algorithm)) {
      throw new ProviderException("the ID token is not signed by the provider's key", false);
    }
    try {
      IDTokenValidator validator = validators.get(algorithm);
      if (validator == null) {
        DefaultResourceRetriever keys =
            new DefaultResourceRetriever(TIMEOUT, TIMEOUT, MOST_BYTES, true, tls.orElse(null));
        validator =
            new IDTokenValidator(
                new Issuer(settings.issuer()),
                new ClientID(settings.clientId()),
                algorithm,
                endpoint("jwks_uri").toURL(),
                keys);
        validators.put(algorithm, validator);
      }
      return validator.validate(idToken, nonce).toJWTClaimsSet();
    } catch (BadJOSEException e) {
      throw new ProviderException("the ID token is not accepted: " + e.getMessage(), false);
    } catch (JOSEException | IOException e) {
      throw new ProviderException("the provider's keys cannot be read", true);
    } catch (ParseException e) {
      throw new ProviderException("the ID token's claims cannot be read", false);
    }
  }

  /**
   * Returns where a person signs out at the provider (OpenID Connect RP-Initiated Logout 1.0).
   *
   * @param after where the provider sends the person afterwards
   */
  Optional<URI> signOut(String idToken, URI after) {
    try {
      URI endpoint = endpoint("end_session_endpoint");
      return Optional.of(
          new LogoutRequest(endpoint, com.nimbusds.jwt.JWTParser.parse(idToken), after, new State())
              .toURI());
    } catch (ProviderException | java.text.ParseException e) {
      return Optional.empty();
    }
  }

  private URI endpoint(String name) throws ProviderException {
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
}
