package org.m2ib.results;

import static org.m2ib.results.FhirNames.code;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import java.util.Locale;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Narrative;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationStatus;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Type;
import org.hl7.fhir.utilities.xhtml.NodeType;
import org.hl7.fhir.utilities.xhtml.XhtmlNode;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.TokenScore;

/** One result as an Observation (FHIR R4 observation.html); docs/fhir holds its profile. */
final class FhirObservation {
  static final String NOTICE = "Audit of a model. Not for diagnostic use.";
  private static final String UCUM = "http://unitsofmeasure.org";

  private final String version;
  private final ZoneId zone;

  /**
   * @param version of this service
   * @param zone of the study's local times
   */
  FhirObservation(String version, ZoneId zone) {
    this.version = version;
    this.zone = zone;
  }

  /**
   * @param device reference to the Device
   */
  Observation of(SentenceResult result, ObservationStatus status, Reference device) {
    Observation o = new Observation();
    o.setId(result.key().id().toString());
    o.getMeta().addProfile(FhirNames.OBSERVATION_PROFILE);
    o.addIdentifier(FhirNames.identifier(result.key().id()));
    o.setStatus(status);
    o.addCategory()
        .addCoding()
        .setSystem("http://terminology.hl7.org/CodeSystem/observation-category")
        .setCode("imaging")
        .setDisplay("Imaging");
    o.setCode(code(FhirNames.ATTRIBUTION, "Image-text attribution of a model (not diagnostic)"));
    o.setSubject(patient(result));
    if (result.study().accessionNumber() != null) {
      o.addBasedOn(order(result));
    }
    o.setEffective(studyTime(result.image().studyDateTime()));
    o.setIssued(Date.from(result.computed()));
    o.setDevice(device);
    o.addDerivedFrom(source(result));
    BodySites.in(result.sentence().text()).ifPresent(o::setBodySite);
    o.setMethod(new CodeableConcept().setText("M2IB (arXiv 2312.17174), m2ib-pacs " + version));
    o.setValue(new StringType(result.sentence().text()));
    components(o, result);
    o.addNote().setText(NOTICE + warning(result));
    o.setText(narrative(result, status));
    return o;
  }

  static String warning(SentenceResult result) {
    return result.model().warning().isEmpty() ? "" : " " + result.model().warning();
  }

  static Reference patient(SentenceResult result) {
    if (result.study().patientId() == null) {
      return null;
    }
    Identifier identifier = new Identifier().setValue(result.study().patientId());
    if (result.study().issuerOfPatientId() != null) {
      identifier.setAssigner(new Reference().setDisplay(result.study().issuerOfPatientId()));
    }
    return new Reference().setType("Patient").setIdentifier(identifier);
  }

  private static Reference order(SentenceResult result) {
    Identifier accession = new Identifier().setValue(result.study().accessionNumber());
    accession
        .getType()
        .addCoding()
        .setSystem("http://terminology.hl7.org/CodeSystem/v2-0203")
        .setCode("ACSN");
    if (result.study().issuerOfAccessionNumber() != null) {
      accession.setAssigner(new Reference().setDisplay(result.study().issuerOfAccessionNumber()));
    }
    return new Reference().setType("ServiceRequest").setIdentifier(accession);
  }

  /** The source image, by its study; series and instance are in the components. */
  private static Reference source(SentenceResult result) {
    return new Reference()
        .setType("ImagingStudy")
        .setIdentifier(FhirNames.dicomUid(result.study().studyInstanceUid()));
  }

  /** FHIR wants a zone with a time: DICOM's local time is taken in the configured one. */
  private DateTimeType studyTime(String studyDateTime) {
    if (studyDateTime == null) {
      return null;
    }
    return studyDateTime.contains("T")
        ? new DateTimeType(
            LocalDateTime.parse(studyDateTime)
                .atZone(zone)
                .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME))
        : new DateTimeType(studyDateTime);
  }

  private static void components(Observation o, SentenceResult result) {
    Attribution a = result.attribution();
    Place p = result.place();
    var sentence = result.sentence();
    var image = result.image();
    add(o, "sentence-start", "Offset of the sentence in the report", whole(sentence.start()));
    add(o, "sentence-end", "Offset of the sentence's end, exclusive", whole(sentence.end()));
    add(o, "section", "Section of the report", text(sentence.section()));
    add(o, "series-instance-uid", "Series of the image", text(image.seriesInstanceUid()));
    add(o, "sop-instance-uid", "Image", text(image.sopInstanceUid()));
    add(o, "frame-number", "Frame of the image", whole(image.frame()));
    add(o, "similarity", "Image-text similarity (cosine)", number(a.similarity(), "1"));
    add(o, "confidence-drop", "Confidence drop, map kept", number(a.confidenceDrop(), "1"));
    add(o, "confidence-increase", "Confidence increase", number(a.confidenceIncrease(), "1"));
    add(o, "text-confidence-drop", "Confidence drop, words", number(a.textConfidenceDrop(), "1"));
    add(
        o,
        "text-confidence-increase",
        "Confidence increase, words",
        number(a.textConfidenceIncrease(), "1"));
    add(o, "image-capacity", "Mean capacity of a patch", number(a.imageCapacity(), "bit"));
    add(o, "text-capacity", "Mean capacity of a token", number(a.textCapacity(), "bit"));
    add(o, "image-side", "Side in the image", text(p.imageSide()));
    add(o, "patient-side", "Side in the patient", text(p.patientSide()));
    add(o, "zone", "Zone", text(p.zone()));
    add(o, "area-above-half", "Share above half of the maximum", number(p.areaAboveHalf(), "1"));
    add(o, "peak", "Greatest attribution, column and row", text(point(p.peakX(), p.peakY())));
    add(
        o,
        "centroid",
        "Centre of attribution, column and row",
        text(point(p.centroidX(), p.centroidY())));
    add(
        o,
        "bounding-box",
        "Left, top, right, bottom in pixels",
        text("%d %d %d %d".formatted(p.left(), p.top(), p.right(), p.bottom())));
    for (TokenScore token : a.tokens()) {
      o.addComponent()
          .setCode(
              code("token-score", "Capacity of a token")
                  .setText("%s [%d, %d)".formatted(token.text(), token.start(), token.end())))
          .setValue(number(token.bits(), "bit"));
    }
    add(o, "layer", "Bottleneck layer", whole(a.settings().layer()));
    add(o, "beta", "Beta", number(a.settings().beta(), "1"));
    add(o, "steps", "Steps", whole(a.settings().steps()));
    add(o, "samples", "Samples", whole(a.settings().samples()));
    add(o, "learning-rate", "Learning rate", number(a.settings().learningRate(), "1"));
    add(o, "seed", "Seed", text(a.settings().seed()));
  }

  private static void add(Observation o, String code, String display, Type value) {
    if (value != null) {
      o.addComponent().setCode(code(code, display)).setValue(value);
    }
  }

  private static StringType text(String text) {
    return text == null || text.isEmpty() ? null : new StringType(text);
  }

  private static IntegerType whole(int value) {
    return new IntegerType(value);
  }

  private static Quantity number(double value, String ucum) {
    Quantity quantity =
        new Quantity()
            .setValue(new BigDecimal(value, new MathContext(6)))
            .setSystem(UCUM)
            .setCode(ucum);
    return ucum.equals("1") ? quantity : quantity.setUnit(ucum);
  }

  private static String point(double x, double y) {
    return String.format(Locale.ROOT, "%.1f %.1f", x, y);
  }

  private static Narrative narrative(SentenceResult result, ObservationStatus status) {
    XhtmlNode div = new XhtmlNode(NodeType.Element, "div");
    div.attribute("xmlns", "http://www.w3.org/1999/xhtml");
    div.addTag("p").addText("Sentence: " + result.sentence().text());
    Place p = result.place();
    div.addTag("p")
        .addText(
            String.format(
                Locale.ROOT,
                "Model %s: similarity %.3f; the map points at the %s zone, side of the patient: %s"
                    + " (%s of the image).",
                result.model().name(),
                result.attribution().similarity(),
                p.zone(),
                p.patientSide(),
                p.imageSide()));
    if (status == ObservationStatus.ENTEREDINERROR) {
      div.addTag("p").addText("Withdrawn: the report or image it was made from no longer holds.");
    }
    div.addTag("p").addText(NOTICE + warning(result));
    Narrative narrative = new Narrative();
    narrative.setStatus(Narrative.NarrativeStatus.GENERATED);
    narrative.setDiv(div);
    return narrative;
  }
}
