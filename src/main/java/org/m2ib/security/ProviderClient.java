package org.m2ib.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
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
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Signs people in at an OpenID provider: authorization code flow with PKCE (OpenID Connect Core
 * 1.0, 3.1; RFC 7636). The ID token's signature, issuer, audience, expiry and nonce are checked.
 */
final class ProviderClient {
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

  private final String issuer;
  private final CodeFlow flow;
  private final Map<JWSAlgorithm, IDTokenValidator> validators = new ConcurrentHashMap<>();

  /**
   * @param issuer of ID tokens
   */
  ProviderClient(String issuer, CodeFlow flow) {
    this.issuer = issuer;
    this.flow = flow;
  }

  /** Returns the address at the provider at which a person signs in. */
  URI authorization(Pending pending) throws ProviderException {
    CodeFlow.Settings settings = flow.settings();
    return new AuthenticationRequest.Builder(
            ResponseType.CODE,
            settings.scope(),
            new ClientID(settings.clientId()),
            settings.redirect())
        .endpointURI(flow.endpoint("authorization_endpoint"))
        .state(pending.state())
        .nonce(pending.nonce())
        .codeChallenge(pending.verifier(), CodeChallengeMethod.S256)
        .build()
        .toURI();
  }

  /** Redeems the code that the provider sent a person back with. */
  Vouched redeem(String code, Pending pending) throws ProviderException {
    HTTPResponse answer = flow.redeem(code, pending.verifier());
    try {
      OIDCTokenResponse tokens = OIDCTokenResponse.parse(answer);
      JWT idToken = tokens.getOIDCTokens().getIDToken();
      if (idToken == null) {
        throw new ProviderException("the answer has no ID token", false);
      }
      return new Vouched(check(idToken, pending.nonce()), idToken.serialize());
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
            new DefaultResourceRetriever(
                CodeFlow.TIMEOUT, CodeFlow.TIMEOUT, MOST_BYTES, true, flow.tls().orElse(null));
        validator =
            new IDTokenValidator(
                new Issuer(issuer),
                new ClientID(flow.settings().clientId()),
                algorithm,
                flow.endpoint("jwks_uri").toURL(),
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
      URI endpoint = flow.endpoint("end_session_endpoint");
      return Optional.of(
          new LogoutRequest(endpoint, com.nimbusds.jwt.JWTParser.parse(idToken), after, new State())
              .toURI());
    } catch (ProviderException | java.text.ParseException e) {
      return Optional.empty();
    }
  }
}
