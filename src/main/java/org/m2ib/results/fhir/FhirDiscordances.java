package org.m2ib.results.fhir;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Narrative.NarrativeStatus;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationComponentComponent;
import org.hl7.fhir.r4.model.Observation.ObservationStatus;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.utilities.xhtml.NodeType;
import org.hl7.fhir.utilities.xhtml.XhtmlNode;
import org.m2ib.base.Notice;
import org.m2ib.cases.KeptDiscordance;
import org.m2ib.cases.StorableText;
import org.m2ib.cases.StoredDiscordance;
import org.m2ib.results.DiscordanceBody;
import org.m2ib.results.ResultKey;
import org.m2ib.results.SentenceResult;

/**
 * Builds the Observations of the discordances of a case: the score as value, its parts as
 * components. Each has the status of its result, and is withdrawn with it, or when a later run no
 * longer finds it; docs/fhir has the profile.
 */
final class FhirDiscordances {
  private final FhirBundle.Settings settings;
  private final FhirReferences references;
  private final FhirNames names;

  FhirDiscordances(FhirBundle.Settings settings, FhirReferences references) {
    this.settings = settings;
    this.references = references;
    this.names = settings.names();
  }

  static UUID id(StoredDiscordance one) {
    return ResultKey.derive("discordance", one.id().toString());
  }

  /**
   * The result whose report and image it is about: its own, or any for an omitted finding.
   *
   * @return empty if it is about none of these
   */
  static Optional<SentenceResult> result(StoredDiscordance one, List<SentenceResult> of) {
    return of.stream()
        .filter(r -> one.resultId() == null || r.key().id().equals(one.resultId()))
        .findFirst();
  }

  /** Its status where its result has one. */
  static ObservationStatus status(KeptDiscordance one, ObservationStatus result) {
    return one.holds() ? result : ObservationStatus.ENTEREDINERROR;
  }

  /**
   * @param attribution reference to the Observation of its result
   */
  Observation of(
      StoredDiscordance one,
      SentenceResult result,
      ObservationStatus status,
      Reference device,
      Reference attribution) {
    DiscordanceBody body = DiscordanceBody.read(one.body());
    Observation o = new Observation();
    o.getMeta().addProfile(names.profile("discordance"));
    references.label(o);
    references.frame(o, id(one), result.study());
    o.setStatus(status);
    o.setCode(
        code("discordance")
            .addCoding(new Coding().setSystem(names.discordances()).setCode(one.kind()))
            .setText("Where a report and an image may disagree (not diagnostic)"));
    o.addFocus(references.report(result));
    o.setEffective(references.studyTime(result));
    o.setIssuedElement(FhirReferences.instant(one.foundAt()));
    value(o, one);
    o.addNote().setText(Notice.AUDIT + FhirObservation.warning(result));
    o.setMethod(
        new CodeableConcept()
            .setText(
                "Discordance finder, %s %s"
                    .formatted(settings.deviceName(), settings.softwareVersion())));
    o.setDevice(device);
    o.addDerivedFrom(
        one.resultId() == null
            ? FhirReferences.logical(
                "ImagingStudy", FhirNames.dicomUid(result.study().studyInstanceUid()))
            : attribution);
    components(o, one, body);
    narrate(o, body);
    return o;
  }

  /** Without a score it says why there is none. */
  private void value(Observation o, StoredDiscordance one) {
    if (one.score() != null) {
      o.setValue(quantity(one.score()));
      return;
    }
    boolean rule = one.image() == null;
    o.setDataAbsentReason(
        new CodeableConcept()
            .addCoding(
                new Coding(
                    "http://terminology.hl7.org/CodeSystem/data-absent-reason",
                    rule ? "not-applicable" : "unknown",
                    null))
            .setText(
                rule
                    ? "Found in the text alone, by rules without a probability"
                    : "There are no coefficients for this model"));
  }

  private void components(Observation o, StoredDiscordance one, DiscordanceBody body) {
    text(o, "reason", body.reason());
    text(o, "finding", one.finding());
    text(o, "sentence", body.sentence());
    text(o, "contradicted-sentence", body.other());
    if (body.similarity() != null) {
      component(o, "similarity").setValue(quantity(body.similarity()));
    }
    if (body.alternative() != null) {
      ObservationComponentComponent alternative = component(o, "alternative-similarity");
      alternative.getCode().setText(StorableText.of(body.alternative().text()));
      alternative.setValue(quantity(body.alternative().similarity()));
    }
    for (Map.Entry<String, Double> part : body.parts().entrySet()) {
      component(o, "part-" + part.getKey()).setValue(quantity(part.getValue()));
    }
  }

  private void text(Observation o, String code, String text) {
    if (text != null) {
      component(o, code).setValue(new StringType(StorableText.of(text)));
    }
  }

  private ObservationComponentComponent component(Observation o, String code) {
    return o.addComponent().setCode(code(code));
  }

  private CodeableConcept code(String code) {
    return new CodeableConcept()
        .addCoding(new Coding().setSystem(names.discordances()).setCode(code));
  }

  private static Quantity quantity(double value) {
    return new Quantity()
        .setValue(new BigDecimal(value, new MathContext(6)))
        .setSystem("http://unitsofmeasure.org")
        .setCode("1");
  }

  private static void narrate(Observation o, DiscordanceBody body) {
    XhtmlNode div = new XhtmlNode(NodeType.Element, "div");
    div.attribute("xmlns", "http://www.w3.org/1999/xhtml");
    div.addTag("p").addText(StorableText.of(body.reason()));
    if (o.getStatus() == ObservationStatus.ENTEREDINERROR) {
      div.addTag("p").addText("Withdrawn: it is no longer found, or its result was withdrawn.");
    }
    div.addTag("p").addText(o.getNoteFirstRep().getText());
    o.getText().setStatus(NarrativeStatus.GENERATED).setDiv(div);
  }
}
