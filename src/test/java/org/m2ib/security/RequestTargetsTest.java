package org.m2ib.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.boot.RawHttp;
import org.m2ib.boot.ServiceProfile;
import org.m2ib.cases.StoredResource;
import org.m2ib.fhir.store.ResourceStore;

/** URLs as curl sends them, on a socket: Java's URI would refuse them. */
@QuarkusTest
@TestProfile(ServiceProfile.Fhir.class)
class RequestTargetsTest {
  @TestHTTPResource("/")
  URI base;

  @Inject ResourceStore store;

  private RawHttp.Answer get(String target) throws IOException {
    return new RawHttp(base).send("GET " + target, "Authorization: " + ServiceProfile.BASIC, "");
  }

  private void observation(String id, String system, String value) {
    store.put(
        new StoredResource(
            "Observation",
            id,
            "1.2.77",
            """
            {"resourceType":"Observation","id":"%s","status":"final",
             "subject":{"identifier":{"system":"%s","value":"%s"}}}"""
                .formatted(id, system, value)));
  }

  @Test
  void aSystemAndItsValueAreFoundWithABareBar() throws Exception {
    observation("bar-1", "urn:sys", "1");
    observation("bar-2", "urn:other", "1");
    RawHttp.Answer answer = get("/fhir/Observation?subject:identifier=urn:sys|1");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("bar-1", "identifier=urn%3Asys%7C1").doesNotContain("bar-2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a^b", "a{b}", "a`b", "a<b>", "Müller", "É", "日本", "%C3%89", "a[b]"})
  void whatIsNotEncodedMeansItself(String value) throws Exception {
    String plain = value.equals("%C3%89") ? "É" : value;
    observation("raw", "urn:raw", plain);
    RawHttp.Answer answer = get("/fhir/Observation?study=1.2.77&subject:identifier=" + value);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("\"raw\"");
  }

  @Test
  void anEscapedBarIsPartOfTheValue() throws Exception {
    observation("escaped", "urn:sys", "a|b");
    assertThat(get("/fhir/Observation?subject:identifier=urn:sys|a\\|b").body())
        .contains("\"escaped\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/fhir/Observ|ation",
        "/fhir/Observation/{id}",
        "/fhir/Observation/%zz",
        "/fhir/Observation?code=%zz",
        "/fhir/Observation?code=%",
        "/fhir/Observation?code=%C3",
        "/fhir/Observation?code=M%FCller",
        "/fhir/Observation?code=a#b",
        "/fhir/Observation?code=\u0001",
        "/fhir|"
      })
  void aUrlWithAFaultIsRefusedWithAReason(String target) throws Exception {
    RawHttp.Answer answer = get(target);
    assertThat(answer.status()).isEqualTo(400);
    if (!target.equals("/fhir|")) {
      assertThat(answer.headers().get("content-type")).startsWith("application/fhir+json");
      assertThat(answer.body()).contains("OperationOutcome", "the URL ");
    }
  }

  @Test
  void elsewhereAFaultIsAProblem() throws Exception {
    RawHttp.Answer answer = get("/api/cases?accessionNumber=%E4");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.headers().get("content-type")).startsWith("application/problem+json");
    assertThat(answer.body()).contains("the URL is not UTF-8");
    assertThat(get("/api/ca|ses").status()).isEqualTo(400);
    assertThat(get("/api/cases?accessionNumber=A^B|C").status()).isEqualTo(200);
    assertThat(get("/dicom-web/studies?PatientName=DOE^JOHN").status()).isIn(200, 204);
  }
}
