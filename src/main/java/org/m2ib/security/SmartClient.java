package org.m2ib.security;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.oauth2.sdk.AccessTokenResponse;
import com.nimbusds.oauth2.sdk.AuthorizationRequest;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Asks an electronic record what it launched this service for (SMART App Launch 2, EHR launch): a
 * study of {@code fhirContext}, else the patient.
 */
final class SmartClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern STUDY = Pattern.compile("ImagingStudy/[A-Za-z0-9.-]{1,64}");
  private static final Pattern PATIENT = Pattern.compile("[A-Za-z0-9.-]{1,64}");
  private static final Pattern STUDY_UID = Pattern.compile("urn:oid:([0-9.]{1,64})");

  private final String fhirBase;
  private final Optional<String> patientIdSystem;
  private final CodeFlow flow;

  /** A launch whose code the record has not sent yet. */
  record Pending(State state, CodeVerifier verifier) {
    static Pending create() {
      return new Pending(new State(), new CodeVerifier());
    }
  }

  /**
   * @param fhirBase base URL of the record's FHIR server, the launch's {@code iss}
   * @param patientIdSystem of the identifiers that studies have; empty: of type MR, else the first
   */
  SmartClient(String fhirBase, Optional<String> patientIdSystem, CodeFlow flow) {
    this.fhirBase = fhirBase.replaceFirst("/+$", "");
    this.patientIdSystem = patientIdSystem;
    this.flow = flow;
  }

  /** Whether a launch is of this record. */
  boolean isOf(String iss) {
    return iss != null && iss.replaceFirst("/+$", "").equals(fhirBase);
  }

  /** Returns the record's address that a person is led to. */
  URI authorization(String launch, Pending pending) throws ProviderException {
    CodeFlow.Settings settings = flow.settings();
    return new AuthorizationRequest.Builder(ResponseType.CODE, new ClientID(settings.clientId()))
        .endpointURI(flow.endpoint("authorization_endpoint"))
        .redirectionURI(settings.redirect())
        .scope(settings.scope())
        .state(pending.state())
        .codeChallenge(pending.verifier(), CodeChallengeMethod.S256)
        .customParameter("launch", launch)
        .customParameter("aud", fhirBase)
        .build()
        .toURI();
  }

  /**
   * Redeems the code; returns the path of this service that shows what the launch is about, empty
   * if it names neither a study nor a patient.
   */
  Optional<String> target(String code, Pending pending) throws ProviderException {
    HTTPResponse answer = flow.redeem(code, pending.verifier());
    AccessToken token;
    JsonNode context;
    try {
      token = AccessTokenResponse.parse(answer).getTokens().getAccessToken();
      context = JSON.readTree(answer.getBody());
    } catch (ParseException | JsonProcessingException e) {
      throw new ProviderException("the token endpoint's answer cannot be read", false);
    }
    Optional<String> study =
        elements(context.path("fhirContext"))
            .map(element -> element.path("reference").asText())
            .map(this::relative)
            .filter(reference -> STUDY.matcher(reference).matches())
            .findFirst();
    if (study.isPresent()) {
      return Optional.of("/open?study=" + studyUid(read(study.get(), token)));
    }
    String patient = context.path("patient").asText();
    return PATIENT.matcher(patient).matches()
        ? Optional.of("/?patient=" + encode(patientId(read("Patient/" + patient, token))))
        : Optional.empty();
  }

  private String relative(String reference) {
    return reference.startsWith(fhirBase + "/")
        ? reference.substring(fhirBase.length() + 1)
        : reference;
  }

  private JsonNode read(String resource, AccessToken token) throws ProviderException {
    HTTPRequest request =
        new HTTPRequest(HTTPRequest.Method.GET, URI.create(fhirBase + "/" + resource));
    request.setAuthorization(token.toAuthorizationHeader());
    request.setAccept("application/fhir+json");
    String type = resource.substring(0, resource.indexOf('/'));
    HTTPResponse answer = flow.send(request, "the record's FHIR server");
    if (!answer.indicatesSuccess()) {
      throw new ProviderException(
          "the record answers %d to reading a %s".formatted(answer.getStatusCode(), type), false);
    }
    try {
      JsonNode read = JSON.readTree(answer.getBody());
      if (read.path("resourceType").asText().equals(type)) {
        return read;
      }
    } catch (JsonProcessingException | IllegalArgumentException e) {
      // as another type
    }
    throw new ProviderException("the record's answer is no " + type, false);
  }

  private static String studyUid(JsonNode study) throws ProviderException {
    return elements(study.path("identifier"))
        .filter(identifier -> identifier.path("system").asText().equals("urn:dicom:uid"))
        .map(identifier -> STUDY_UID.matcher(identifier.path("value").asText()))
        .filter(Matcher::matches)
        .map(uid -> uid.group(1))
        .findFirst()
        .orElseThrow(
            () -> new ProviderException("the record's ImagingStudy has no DICOM UID", false));
  }

  private String patientId(JsonNode patient) throws ProviderException {
    JsonNode identifiers = patient.path("identifier");
    Stream<JsonNode> best =
        patientIdSystem.isPresent()
            ? elements(identifiers)
                .filter(each -> each.path("system").asText().equals(patientIdSystem.get()))
            : Stream.concat(
                elements(identifiers).filter(SmartClient::isRecordNumber), elements(identifiers));
    return best.map(identifier -> identifier.path("value").asText())
        .filter(value -> !value.isBlank())
        .findFirst()
        .orElseThrow(() -> new ProviderException("the record's Patient has no identifier", false));
  }

  /** HL7 table 0203. */
  private static boolean isRecordNumber(JsonNode identifier) {
    return elements(identifier.path("type").path("coding"))
        .anyMatch(coding -> coding.path("code").asText().equals("MR"));
  }

  private static Stream<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
