package org.m2ib.results.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.m2ib.results.FhirSamples.effusion;
import static org.m2ib.results.FhirSamples.heart;

import ca.uhn.fhir.context.FhirContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hl7.fhir.r4.model.Annotation;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Observation;
import org.junit.jupiter.api.Test;
import org.m2ib.cases.StoredResource;
import org.m2ib.cases.StoredResult;
import org.m2ib.judging.Judgement;
import org.m2ib.judging.Scheme;
import org.m2ib.judging.Schemes;
import org.m2ib.judging.Stage;
import org.m2ib.judging.TestJudgements;
import org.m2ib.results.FhirSamples;
import org.m2ib.results.ResultJson;
import org.m2ib.results.ResultKey;
import org.m2ib.results.SentenceResult;

class FhirJudgementsTest {
  private static final UUID CASE = UUID.fromString("00000000-0000-4000-8000-000000000000");
  private final FhirJudgements builder =
      new FhirJudgements(FhirSamples.settings(), Schemes.usual());

  static StoredResult stored(SentenceResult result, boolean withdrawn) {
    String body = ResultJson.write(result);
    return new StoredResult(result.key().id(), CASE, 0, "i", body, 0.3, false, "c", "p", withdrawn);
  }

  /** That there is a finding, and what of its region. */
  static Judgement judgement(SentenceResult of, String region, String note, String person) {
    return judgement(of, TestJudgements.answers("yes", region), Stage.WITH_MAP, 1, note, person);
  }

  private static Judgement judgement(
      SentenceResult of,
      Map<String, String> answers,
      Stage stage,
      int readers,
      String note,
      String person) {
    Instant at = Instant.parse("2024-05-03T09:30:00.125Z");
    return TestJudgements.of(
        CASE, of.key().id(), Schemes.STANDARD, answers, stage, readers, note, person, at);
  }

  private static Observation parse(StoredResource resource) {
    return FhirContext.forR4Cached()
        .newJsonParser()
        .parseResource(Observation.class, resource.body());
  }

  private static String answer(Observation o, String question) {
    return o.getComponent().stream()
        .filter(c -> c.getCode().getCodingFirstRep().getCode().equals(question))
        .map(c -> c.getValueCodeableConcept().getCodingFirstRep().getCode())
        .findFirst()
        .orElse(null);
  }

  @Test
  void aJudgementIsAnObservationDerivedFromTheAttributions() {
    Judgement judgement = judgement(effusion(), "wrong-place", "It is at the base.", "ada");

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
    assertThat(answer(o, "finding")).isEqualTo("finding.yes");
    assertThat(answer(o, "region")).isEqualTo("region.wrong-place");
    Coding region = o.getComponent().get(1).getValueCodeableConcept().getCodingFirstRep();
    assertThat(region.getSystem())
        .isEqualTo("http://localhost:8080/fhir/CodeSystem/judging-standard");
    assertThat(region.getVersion()).isEqualTo("1");
    assertThat(region.getDisplay()).isEqualTo("Wrong place");
    assertThat(o.getMethod().getCodingFirstRep().getCode()).isEqualTo("with-map");
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
        .contains(
            "Small pleural effusion.",
            "Is the highlighted region right? Wrong place",
            "It is at the base.")
        .contains("Not for diagnostic use.");
  }

  @Test
  void aPersonsSecondJudgementAmendsTheFirstAndAnotherPersonsStandsBesideIt() {
    Judgement first = judgement(effusion(), "yes", "", "ada");
    Judgement second = judgement(effusion(), "partly", "", "ada");
    Judgement other = judgement(effusion(), "yes", "", "bob");

    List<Observation> found =
        builder.of(List.of(stored(effusion(), false)), List.of(other, second, first)).stream()
            .map(FhirJudgementsTest::parse)
            .toList();

    assertThat(FhirJudgements.id(first)).isEqualTo(FhirJudgements.id(second));
    assertThat(found)
        .extracting(o -> o.getPerformerFirstRep().getDisplay())
        .containsExactly("bob", "ada");
    assertThat(found)
        .extracting(o -> answer(o, "region"))
        .containsExactly("region.yes", "region.partly");
    assertThat(found).extracting(o -> o.getStatus().toCode()).containsExactly("final", "amended");
    assertThat(found.get(1).getNote()).hasSize(1);
  }

  @Test
  void aJudgementOfAWithdrawnResultSaysSo() {
    Judgement judgement = judgement(effusion(), "yes", "", "ada");
    Observation o = parse(builder.of(List.of(stored(effusion(), true)), List.of(judgement)).get(0));
    assertThat(o.getStatus().toCode()).isEqualTo("entered-in-error");
    assertThat(o.getText().getDivAsString())
        .contains("Withdrawn: the report no longer contains the judged sentence.");
  }

  @Test
  void whatWasSaidBeforeTheMapWasShownStandsBesideWhatWasSaidWithIt() {
    Judgement blind =
        judgement(effusion(), Map.of("finding", "no"), Stage.BEFORE_MAP, 1, "", "ada");
    Judgement sighted = judgement(effusion(), "yes", "", "ada");

    List<Observation> found =
        builder.of(List.of(stored(effusion(), false)), List.of(sighted, blind)).stream()
            .map(FhirJudgementsTest::parse)
            .toList();

    assertThat(found)
        .extracting(o -> o.getMethod().getCodingFirstRep().getCode())
        .containsExactly("with-map", "before-map");
    assertThat(found.get(1).getValueCodeableConcept().getCodingFirstRep().getCode())
        .isEqualTo("finding.no");
    assertThat(found).allMatch(o -> o.getStatus().toCode().equals("final"));
  }

  @Test
  void whatTheOtherReaderMayNotSeeYetIsNotBuilt() {
    Map<String, String> yes = TestJudgements.answers("yes", "yes");
    Judgement one = judgement(effusion(), yes, Stage.WITH_MAP, 2, "", "ada");
    Judgement two = judgement(effusion(), yes, Stage.WITH_MAP, 2, "", "bob");
    List<StoredResult> results = List.of(stored(effusion(), false));

    assertThat(builder.of(results, List.of(one))).isEmpty();
    assertThat(builder.of(results, List.of(two, one))).hasSize(2);
  }

  @Test
  void theVerdictOfBeforeStaysAVerdict() {
    Instant at = Instant.parse("2024-05-03T09:30:00.125Z");
    Judgement old =
        TestJudgements.of(
            CASE,
            effusion().key().id(),
            Scheme.VERDICT,
            Map.of("verdict", "wrong-place"),
            Stage.WITH_MAP,
            1,
            "",
            "ada",
            at);
    Observation o = parse(builder.of(List.of(stored(effusion(), false)), List.of(old)).get(0));
    assertThat(o.getIdPart())
        .isEqualTo(ResultKey.derive("judgement", old.resultId().toString(), "ada").toString());
    assertThat(o.getComponent()).isEmpty();
    Coding verdict = o.getValueCodeableConcept().getCodingFirstRep();
    assertThat(verdict.getSystem()).isEqualTo("http://localhost:8080/fhir/CodeSystem/verdict");
    assertThat(verdict.getCode()).isEqualTo("wrong-place");
  }
}
