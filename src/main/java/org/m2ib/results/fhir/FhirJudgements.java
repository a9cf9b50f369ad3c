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
import org.m2ib.cases.Judgement;
import org.m2ib.cases.StorableText;
import org.m2ib.cases.StoredResource;
import org.m2ib.cases.StoredResult;
import org.m2ib.results.ResultJson;
import org.m2ib.results.ResultKey;
import org.m2ib.results.SentenceResult;

/**
 * Builds judgements as Observations derived from those they judge; docs/fhir has their profile. A
 * person has one Observation per result with the latest verdict that is not undone, so that nobody
 * is counted twice. If all are undone it is withdrawn.
 */
public final class FhirJudgements {
  private final FhirReferences references;
  private final FhirNames names;

  public FhirJudgements(FhirBundle.Settings settings) {
    this.references = new FhirReferences(settings);
    this.names = settings.names();
  }

  /** Logical id of the Observation that contains a judgement. */
  public static UUID id(Judgement judgement) {
    return ResultKey.derive("judgement", judgement.resultId().toString(), judgement.person());
  }

  /**
   * @param results of one case, including withdrawn ones
   * @param latestFirst all judgements of these
   */
  public List<StoredResource> of(List<StoredResult> results, List<Judgement> latestFirst) {
    Map<UUID, List<Judgement>> byObservation =
        latestFirst.stream()
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
            .setText("A person's verdict on a sentence and its map (not diagnostic)"));
    DateTimeType at = new DateTimeType(FhirReferences.instant(judgement.at()).getValueAsString());
    o.setEffective(at);
    o.setIssuedElement(FhirReferences.instant(judgement.at()));
    o.addPerformer().setType("Practitioner").setDisplay(judgement.person());
    Coding verdict = verdict(judgement);
    o.setValue(new CodeableConcept().addCoding(verdict).setText(verdict.getDisplay()));
    if (!judgement.note().isBlank()) {
      o.addNote()
          .setAuthor(new StringType(judgement.person()))
          .setTimeElement(at.copy())
          .setText(StorableText.of(judgement.note()));
    }
    o.addNote().setText(Notice.AUDIT + FhirObservation.warning(result));
    o.addDerivedFrom(new Reference("Observation/" + result.key().id()).setType("Observation"));
    narrate(o, result, judgement, verdict.getDisplay());
    return new StoredResource(
        "Observation",
        id.toString(),
        result.study().studyInstanceUid(),
        FhirContext.forR4Cached().newJsonParser().encodeResourceToString(o));
  }

  /** As defined in docs/fhir/input/resources/CodeSystem-verdict.json. */
  private Coding verdict(Judgement judgement) {
    return new Coding(
        names.verdicts(),
        judgement.verdict().code(),
        switch (judgement.verdict()) {
          case AGREE -> "Agree";
          case WRONG_PLACE -> "Wrong place";
          case NO_SUCH_FINDING -> "No such finding";
          case CANNOT_TELL -> "Cannot tell";
        });
  }

  private static void narrate(
      Observation o, SentenceResult result, Judgement judgement, String verdict) {
    XhtmlNode div = new XhtmlNode(NodeType.Element, "div");
    div.attribute("xmlns", "http://www.w3.org/1999/xhtml");
    div.addTag("p").addText("Sentence: " + StorableText.of(result.sentence().text()));
    div.addTag("p").addText(judgement.person() + ": " + verdict);
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
