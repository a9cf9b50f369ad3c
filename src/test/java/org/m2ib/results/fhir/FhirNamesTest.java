package org.m2ib.results.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FhirNamesTest {

  @Test
  void ownAddressesMoveAndOthersStay() {
    FhirNames names = new FhirNames(" https://fhir.hospital.example/m2ib/ ");
    assertThat(names.moved("http://localhost:8080/fhir/SearchParameter/study"))
        .isEqualTo("https://fhir.hospital.example/m2ib/SearchParameter/study");
    assertThat(names.moved("http://hl7.org/fhir/SearchParameter/Observation-code"))
        .isEqualTo("http://hl7.org/fhir/SearchParameter/Observation-code");
    assertThat(names.codes())
        .isEqualTo("https://fhir.hospital.example/m2ib/CodeSystem/attribution");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "urn:m2ib", "http://", "https://a b", "http://a|b", "http://a?b"})
  void aBaseThatIsNoHttpUrlIsRefused(String base) {
    assertThatThrownBy(() -> new FhirNames(base))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("m2ib.fhir.canonical-base");
  }
}
