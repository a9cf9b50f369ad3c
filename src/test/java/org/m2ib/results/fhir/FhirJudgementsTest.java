package org.m2ib.results.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.m2ib.results.FhirSamples.effusion;
import static org.m2ib.results.FhirSamples.heart;

import ca.uhn.fhir.context.FhirContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Annotation;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Observation;
import org.junit.jupiter.api.Test;
import org.m2ib.cases.Judgement;
import org.m2ib.cases.StoredResource;
import org.m2ib.cases.StoredResult;
import org.m2ib.cases.Verdict;
import org.m2ib.results.FhirSamples;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SentenceResult;

class FhirJudgementsTest {
  private static final UUID CASE = UUID.fromString("00000000-0000-4000-8000-000000000000");
  private final FhirJudgements builder = new FhirJudgements(FhirSamples.settings());

  static StoredResult stored(SentenceResult result, boolean withdrawn) {
    String body = ResultJson.write(result);
    return new StoredResult(result.key().id(), CASE, 0, "i", body, 0.3, false, "c", "p", withdrawn);
  }

  static Judgement judgement(SentenceResult of, Verdict verdict, String note, String person) {
    Instant at = Instant.parse("2024-05-03T09:30:00.125Z");
    return new Judgement(UUID.randomUUID(), CASE, of.key().id(), verdict, note, person, at, false);
  }

  private static Observation parse(StoredResource resource) {
    return FhirContext.forR4Cached()
        .newJsonParser()
        .parseResource(Observation.class, resource.body());
  }

  private static String verdict(Observation o) {
    return o.getValueCodeableConcept().getCodingFirstRep().getCode();
  }

  @Test
  void aJudgementIsAnObservationDerivedFromTheAttributions() {
    Judgement judgement = judgement(effusion(), Verdict.WRONG_PLACE, "It is at the base.", "ada");

    List<StoredResource> resources =
        builder.of(List.of(stored(effusion(), false), stored(heart(), false)), List.of(judgement));

    assertThat(resources).hasSize(1);
    StoredResource resource = resources.get(0);
    assertThat(resource.id()).isEqualTo(FhirJudgements.id(judgement).toString());
    assertThat(resource.studyInstanceUid()).isEqualTo("1.2.3.4");
    Observation o = parse(resource);
    assertThat(o.getIdPart()).isEqualTo(resource.id());
    assertThat(o.getIdentifierFirstRep().getValue()).isEqualTo("urn:uuid:" + resource.id());
    assertThat(o.getStatus().toCode()).isEqualTo("final");
    assertThat(o.getCode().getCodingFirstRep().getCode()).isEqualTo("judgement");
    Coding verdict = o.getValueCodeableConcept().getCodingFirstRep();
    assertThat(verdict.getSystem()).isEqualTo("http://localhost:8080/fhir/CodeSystem/verdict");
    assertThat(verdict.getCode()).isEqualTo("wrong-place");
    assertThat(o.getDerivedFromFirstRep().getReference())
        .isEqualTo("Observation/" + effusion().key().id());
    assertThat(o.getPerformerFirstRep().getDisplay()).isEqualTo("ada");
    assertThat(o.getEffectiveDateTimeType().getValue().toInstant()).isEqualTo(judgement.at());
    assertThat(o.getSubject().getIdentifier().getValue()).isEqualTo("PAT-9");
    Annotation note = o.getNote().get(0);
    assertThat(note.getText()).isEqualTo("It is at the base.");
    assertThat(note.getAuthorStringType().getValue()).isEqualTo("ada");
    assertThat(o.getNote().get(1).getText())
        .startsWith("Audit of a model. Not for diagnostic use.")
        .contains("its maps mean nothing");
    assertThat(o.getText().getDivAsString())
        .contains("Small pleural effusion.", "ada: Wrong place", "It is at the base.")
        .contains("Not for diagnostic use.");
  }

  @Test
  void aPersonsSecondVerdictAmendsTheFirstAndAnotherPersonsStandsBesideIt() {
    Judgement first = judgement(effusion(), Verdict.AGREE, "", "ada");
    Judgement second = judgement(effusion(), Verdict.NO_SUCH_FINDING, "", "ada");
    Judgement other = judgement(effusion(), Verdict.AGREE, "", "bob");

    List<Observation> found =
        builder.of(List.of(stored(effusion(), false)), List.of(other, second, first)).stream()
            .map(FhirJudgementsTest::parse)
            .toList();

    assertThat(FhirJudgements.id(first)).isEqualTo(FhirJudgements.id(second));
    assertThat(found)
        .extracting(o -> o.getPerformerFirstRep().getDisplay())
        .containsExactly("bob", "ada");
    assertThat(found)
        .extracting(FhirJudgementsTest::verdict)
        .containsExactly("agree", "no-such-finding");
    assertThat(found).extracting(o -> o.getStatus().toCode()).containsExactly("final", "amended");
    assertThat(found.get(1).getNote()).hasSize(1);
  }

  @Test
  void aJudgementOfAWithdrawnResultSaysSo() {
    Judgement judgement = judgement(effusion(), Verdict.AGREE, "", "ada");
    Observation o = parse(builder.of(List.of(stored(effusion(), true)), List.of(judgement)).get(0));
    assertThat(o.getStatus().toCode()).isEqualTo("entered-in-error");
    assertThat(o.getText().getDivAsString())
        .contains("Withdrawn: the report no longer contains the judged sentence.");
  }

  /** docs/fhir and the code name the same verdicts in the same words. */
  @Test
  void theCodeSystemHasEachVerdictWithItsDisplay() throws Exception {
    JsonNode system =
        new ObjectMapper()
            .readTree(
                Files.readString(Path.of("docs/fhir/input/resources/CodeSystem-verdict.json")));
    Map<String, String> defined = new TreeMap<>();
    system
        .get("concept")
        .forEach(c -> defined.put(c.get("code").asText(), c.get("display").asText()));
    Map<String, String> written = new TreeMap<>();
    Stream.of(Verdict.values())
        .map(
            v ->
                builder.of(
                    List.of(stored(effusion(), false)),
                    List.of(judgement(effusion(), v, "", "ada"))))
        .map(resources -> parse(resources.get(0)).getValueCodeableConcept().getCodingFirstRep())
        .forEach(coding -> written.put(coding.getCode(), coding.getDisplay()));
    assertThat(written).isEqualTo(defined).hasSize(4);
  }
}
