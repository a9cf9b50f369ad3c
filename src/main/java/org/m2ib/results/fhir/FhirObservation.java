package org.m2ib.results.fhir;

import java.util.Locale;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Narrative;
import org.hl7.fhir.r4.model.Narrative.NarrativeStatus;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationStatus;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.utilities.xhtml.NodeType;
import org.hl7.fhir.utilities.xhtml.XhtmlNode;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.base.Notice;
import org.m2ib.cases.StorableText;
import org.m2ib.results.MapLocation;
import org.m2ib.results.SentenceResult;

/** Builds the Observation of one result (FHIR R4 observation.html); docs/fhir has its profile. */
final class FhirObservation {

  private final FhirBundle.Settings settings;
  private final FhirReferences references;
  private final FhirNames names;

  FhirObservation(FhirBundle.Settings settings, FhirReferences references) {
    this.settings = settings;
    this.references = references;
    this.names = settings.names();
  }

  Observation of(SentenceResult result, ObservationStatus status, Reference device) {
    Observation o = new Observation();
    o.getMeta().addProfile(names.profile("attribution"));
    references.label(o);
    o.setText(narrative(result, status));
    references.frame(o, result.key().id(), result.study());
    o.setStatus(status);
    o.setCode(
        names
            .code(FhirNames.ATTRIBUTION, "Image-text attribution of a model")
            .setText("What a model used to match a sentence with an image (not diagnostic)"));
    o.addFocus(references.report(result));
    o.setEffective(references.studyTime(result));
    o.setIssuedElement(FhirReferences.instant(result.computed()));
    o.setValue(new StringType(StorableText.of(result.sentence().text())));
    o.addNote().setText(Notice.AUDIT + warning(result));
    BodySites.in(result.sentence().text()).ifPresent(o::setBodySite);
    MethodCard method = Methods.card(result.attribution().method());
    o.setMethod(
        new CodeableConcept()
            .setText(
                "%s (%s), %s %s"
                    .formatted(
                        method.title(),
                        method.source(),
                        settings.deviceName(),
                        settings.softwareVersion())));
    o.setDevice(device);
    o.addDerivedFrom(image(o, result));
    FhirComponents.add(o, result, names);
    return o;
  }

  /** Refers to the study by identifier, for searches, and contains series and instance. */
  private Reference image(Observation o, SentenceResult result) {
    var image = references.image(result);
    o.addContained(image);
    return FhirReferences.logical("ImagingStudy", image.getIdentifierFirstRep().copy())
        .setReference("#" + image.getIdPart());
  }

  /** The required warning about the model, after a space; {@code ""} for none. */
  static String warning(SentenceResult result) {
    return result.warning().isEmpty() ? "" : " " + result.warning();
  }

  private static Narrative narrative(SentenceResult result, ObservationStatus status) {
    XhtmlNode div = new XhtmlNode(NodeType.Element, "div");
    div.attribute("xmlns", "http://www.w3.org/1999/xhtml");
    div.addTag("p").addText("Sentence: " + StorableText.of(result.sentence().text()));
    div.addTag("p")
        .addText(
            String.format(
                Locale.ROOT,
                "Model %s: similarity %.3f. %s.",
                result.model().name(),
                result.attribution().similarity(),
                where(result.place())));
    if (status == ObservationStatus.ENTEREDINERROR) {
      div.addTag("p").addText("Withdrawn: its report no longer contains the sentence.");
    }
    div.addTag("p").addText(Notice.AUDIT + warning(result));
    Narrative narrative = new Narrative();
    narrative.setStatus(NarrativeStatus.GENERATED);
    narrative.setDiv(div);
    return narrative;
  }

  private static String where(MapLocation place) {
    return place.pointsNowhere()
        ? "Its map is flat: it points nowhere"
        : "Its map points to the %s of the image%s; side of the patient: %s"
            .formatted(
                place.imageSide(),
                place.zone().equals("unknown") ? "" : ", " + place.zone() + " zone",
                place.patientSide());
  }
}
