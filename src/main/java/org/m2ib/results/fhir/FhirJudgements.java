package org.m2ib.results.fhir;

import ca.uhn.fhir.context.FhirContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Narrative.NarrativeStatus;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationStatus;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.utilities.xhtml.NodeType;
import org.hl7.fhir.utilities.xhtml.XhtmlNode;
import org.m2ib.base.Notice;
import org.m2ib.cases.StorableText;
import org.m2ib.cases.StoredResource;
import org.m2ib.cases.StoredResult;
import org.m2ib.judging.Blinding;
import org.m2ib.judging.Choice;
import org.m2ib.judging.Judgement;
import org.m2ib.judging.Question;
import org.m2ib.judging.Scheme;
import org.m2ib.judging.Schemes;
import org.m2ib.judging.Stage;
import org.m2ib.results.ResultJson;
import org.m2ib.results.ResultKey;
import org.m2ib.results.SentenceResult;

/**
 * Builds judgements as Observations derived from those they judge; docs/fhir has their profile. A
 * person has one Observation per result, scheme and stage with the latest answers that are not
 * undone, so that nobody is counted twice. If all are undone it is withdrawn. Those that other
 * readers may not see yet are not built.
 */
public final class FhirJudgements {
  private final FhirReferences references;
  private final FhirNames names;
  private final Schemes schemes;

  /**
   * @param schemes of the judgements
   */
  public FhirJudgements(FhirBundle.Settings settings, Schemes schemes) {
    this.references = new FhirReferences(settings);
    this.names = settings.names();
    this.schemes = schemes;
  }

  /** Logical id of the Observation that contains a judgement. */
  public static UUID id(Judgement judgement) {
    String result = judgement.resultId().toString();
    return judgement.scheme().equals(Scheme.VERDICT)
        ? ResultKey.derive("judgement", result, judgement.person())
        : ResultKey.derive(
            "judgement", result, judgement.person(), judgement.scheme(), judgement.stage().code());
  }

  /**
   * @param results of one case, including withdrawn ones
   * @param latestFirst all judgements of these
   */
  public List<StoredResource> of(List<StoredResult> results, List<Judgement> latestFirst) {
    Map<UUID, List<Judgement>> byObservation =
        Blinding.open(latestFirst).stream()
            .collect(
                Collectors.groupingBy(FhirJudgements::id, LinkedHashMap::new, Collectors.toList()));
    List<StoredResource> resources = new ArrayList<>();
    for (StoredResult stored : results) {
      SentenceResult result = null;
      for (List<Judgement> own : byObservation.values()) {
        if (own.get(0).resultId().equals(stored.id())) {
          result = result == null ? ResultJson.read(stored.body()) : result;
          resources.add(resource(result, shown(own), status(stored, own)));
        }
      }
    }
    return resources;
  }

  private static Judgement shown(List<Judgement> own) {
    return own.stream().filter(j -> !j.undone()).findFirst().orElse(own.get(0));
  }

  /** Withdrawn together with its result, or if it was undone. */
  private static ObservationStatus status(StoredResult stored, List<Judgement> own) {
    if (stored.withdrawn() || own.stream().allMatch(Judgement::undone)) {
      return ObservationStatus.ENTEREDINERROR;
    }
    return own.size() > 1 ? ObservationStatus.AMENDED : ObservationStatus.FINAL;
  }

  private StoredResource resource(
      SentenceResult result, Judgement judgement, ObservationStatus status) {
    UUID id = id(judgement);
    Observation o = new Observation();
    o.setId(id.toString());
    o.getMeta().addProfile(names.profile("judgement"));
    references.frame(o, id, result.study());
    o.setStatus(status);
    o.setCode(
        names
            .code(FhirNames.JUDGEMENT, "Judgement of an attribution")
            .setText("What a person says of a sentence and its map (not diagnostic)"));
    o.setMethod(method(judgement));
    DateTimeType at = new DateTimeType(FhirReferences.instant(judgement.at()).getValueAsString());
    o.setEffective(at);
    o.setIssuedElement(FhirReferences.instant(judgement.at()));
    o.addPerformer().setType("Practitioner").setDisplay(judgement.person());
    List<Answer> answers = answers(judgement);
    if (answers.size() == 1) {
      o.setValue(answers.get(0).value());
    } else {
      answers.forEach(
          answer -> o.addComponent().setCode(answer.question()).setValue(answer.value()));
    }
    if (judgement.region() != null) {
      o.addComponent()
          .setCode(names.code("region", "Region that the person drew"))
          .setValue(new StringType(judgement.region().text()));
    }
    if (!judgement.note().isBlank()) {
      o.addNote()
          .setAuthor(new StringType(judgement.person()))
          .setTimeElement(at.copy())
          .setText(StorableText.of(judgement.note()));
    }
    o.addNote().setText(Notice.AUDIT + FhirObservation.warning(result));
    o.addDerivedFrom(new Reference("Observation/" + result.key().id()).setType("Observation"));
    narrate(o, result, judgement, answers);
    return new StoredResource(
        "Observation",
        id.toString(),
        result.study().studyInstanceUid(),
        FhirContext.forR4Cached().newJsonParser().encodeResourceToString(o));
  }

  private CodeableConcept method(Judgement judgement) {
    boolean before = judgement.stage() == Stage.BEFORE_MAP;
    CodeableConcept method =
        names.code(
            judgement.stage().code(), before ? "Before the map was shown" : "With the map shown");
    if (judgement.arbitration()) {
      method.addCoding(new Coding(names.codes(), "arbitration", "Decision between readers"));
    }
    return method;
  }

  private record Answer(CodeableConcept question, CodeableConcept value) {
    String text() {
      return question.getText() + " " + value.getText();
    }
  }

  /** By their scheme's CodeSystem: {@code finding} and {@code finding.yes}. */
  private List<Answer> answers(Judgement judgement) {
    Scheme scheme = schemes.find(judgement.scheme(), judgement.version()).orElse(null);
    List<Answer> answers = new ArrayList<>();
    judgement
        .answers()
        .forEach(
            (question, choice) -> {
              Question asked = scheme == null ? null : scheme.question(question).orElse(null);
              Choice chosen = asked == null ? null : asked.choice(choice).orElse(null);
              String code = Scheme.conceptCode(judgement.scheme(), question, choice);
              answers.add(
                  new Answer(
                      coded(judgement, question, asked == null ? question : asked.text().en()),
                      coded(judgement, code, chosen == null ? choice : chosen.display().en())));
            });
    return answers;
  }

  private CodeableConcept coded(Judgement judgement, String code, String text) {
    Coding coding = new Coding(names.scheme(judgement.scheme()), code, text);
    if (!judgement.scheme().equals(Scheme.VERDICT)) {
      coding.setVersion(judgement.version());
    }
    return new CodeableConcept().addCoding(coding).setText(text);
  }

  private static void narrate(
      Observation o, SentenceResult result, Judgement judgement, List<Answer> answers) {
    XhtmlNode div = new XhtmlNode(NodeType.Element, "div");
    div.attribute("xmlns", "http://www.w3.org/1999/xhtml");
    div.addTag("p").addText("Sentence: " + StorableText.of(result.sentence().text()));
    answers.forEach(answer -> div.addTag("p").addText(judgement.person() + ": " + answer.text()));
    if (!judgement.note().isBlank()) {
      div.addTag("p").addText(StorableText.of(judgement.note()));
    }
    if (o.getStatus() == ObservationStatus.ENTEREDINERROR) {
      div.addTag("p")
          .addText(
              judgement.undone()
                  ? "Withdrawn: the person undid it."
                  : "Withdrawn: the report no longer contains the judged sentence.");
    }
    div.addTag("p").addText(Notice.AUDIT + FhirObservation.warning(result));
    o.getText().setStatus(NarrativeStatus.GENERATED).setDiv(div);
  }
}
