package org.m2ib.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchQueryTest {
  private static final String BASE = "http://host/fhir";

  private static SearchQuery parse(String type, String name, String... values) {
    return SearchQuery.parse(type, Map.of(name, values), BASE, ZoneOffset.UTC);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "Observation foo SECRET",
        "Observation _sort SECRET",
        "Observation _include SECRET",
        "Observation _include Observation:subject",
        "Observation _include Observation:device:Patient",
        "Observation _revinclude Provenance:agent",
        "Device _revinclude Observation:derived-from",
        "Observation _summary SECRET",
        "Observation _elements SECRET",
        "Observation _elements status,",
        "Observation _elements:exclude status",
        "Observation _total SECRET",
        "Observation device.name SECRET",
        "Observation device:Patient.identifier SECRET",
        "Observation device.identifier |",
        "Provenance target.started 2026",
        "Provenance target:Device.identifier SECRET",
        "Provenance target:Observation.date SECRET",
        "Observation started 2026",
        "Observation code:not SECRET",
        "Observation code:identifier SECRET",
        "Observation date:missing true",
        "Observation patient.name SECRET",
        "Observation patient:Patient.identifier SECRET",
        "Observation subject SECRET",
        "Observation date SECRET",
        "Observation date 2026-02-30",
        "Observation date ne2026",
        "Observation date ap2026",
        "Observation date 2026,SECRET",
        "Observation _lastUpdated SECRET",
        "Observation study SECRET",
        "Observation study urn:oid:",
        "Observation code |",
        "Observation code a,,b",
        "Observation _count -1",
        "Observation _count 1e3",
        "Observation _after SECRET!",
        "Device patient 1",
        "Device study 1.2",
        "ImagingStudy date 2026",
        "Provenance identifier SECRET",
        "Provenance patient Patient/1",
        "Patient _id 1"
      })
  void whatIsNotKnownOrNotWellFormedIsRefusedByNameWithoutItsValue(
      String type, String name, String value) {
    assertThatThrownBy(() -> parse(type, name, value))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.getStatusCode()).isEqualTo(400);
              assertThat(refusal.issue().getDiagnostics())
                  .startsWith(name + ": ")
                  .doesNotContain("SECRET");
              assertThat(refusal.issue().getLocation().get(0)).hasToString("http." + name);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\0b"})
  void aValueThatIsEmptyOrCannotBeIsRefused(String value) {
    assertThatThrownBy(() -> parse("Observation", "code", value)).isInstanceOf(Refusal.class);
  }

  @Test
  void aPageSizeGivenTwiceIsRefusedAndATooLargeOneIsMadeTheLargest() {
    assertThatThrownBy(() -> parse("Observation", "_count", "1", "2")).isInstanceOf(Refusal.class);
    assertThat(parse("Observation", "_count", "201").count()).isEqualTo(200);
    assertThat(parse("Observation", "_count", "0").count()).isZero();
    assertThat(parse("Observation", "code", "c").count()).isEqualTo(50);
  }

  @Test
  void whatCannotBeAnsweredTogetherIsRefused() {
    for (String other : new String[] {"_elements", "_include"}) {
      String value = other.equals("_elements") ? "status" : "Observation:device";
      Map<String, String[]> both =
          Map.of("_summary", new String[] {"text"}, other, new String[] {value});
      assertThatThrownBy(() -> SearchQuery.parse("Observation", both, BASE, ZoneOffset.UTC))
          .isInstanceOf(Refusal.class)
          .hasMessageStartingWith(other + ": ");
    }
  }

  @Test
  void moreThanAHundredValuesAreRefused() {
    assertThat(parse("Observation", "code", "c" + ",c".repeat(99)).asked()).hasSize(1);
    assertThatThrownBy(() -> parse("Observation", "code", "c" + ",c".repeat(100)))
        .isInstanceOf(Refusal.class);
  }

  @Test
  void anUnknownFormatIsNotAcceptable() {
    assertThatThrownBy(() -> parse("Observation", "_format", "SECRET"))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.getStatusCode()).isEqualTo(406))
        .hasMessage("_format: must be json or xml");
  }

  @Test
  void aReadKnowsNoParameterButTheFormat() {
    SearchQuery.none(Map.of("_format", new String[] {"xml"}, "_pretty", new String[] {"true"}));
    assertThatThrownBy(() -> SearchQuery.none(Map.of("_elements", new String[] {"id"})))
        .isInstanceOf(Refusal.class)
        .hasMessageStartingWith("_elements: ");
  }
}
