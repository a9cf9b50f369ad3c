package org.m2ib.results.fhir;

import java.math.BigDecimal;
import java.math.MathContext;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationComponentComponent;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.StringType;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.TokenScore;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.report.Sentence;
import org.m2ib.results.Audit;
import org.m2ib.results.MapLocation;
import org.m2ib.results.SentenceResult;

/** Adds the figures of one result as components of its Observation; docs/fhir defines the codes. */
final class FhirComponents {
  private static final String UCUM = "http://unitsofmeasure.org";
  private static final String ONE = "1";
  private static final String PERCENT = "%";
  private static final String BIT = "bit";
  private static final String ARBITRARY = "[arb'U]";
  private static final String PIXEL = "{pixel}";

  private final Observation observation;
  private final FhirNames names;

  private FhirComponents(Observation observation, FhirNames names) {
    this.observation = observation;
    this.names = names;
  }

  static void add(Observation observation, SentenceResult result, FhirNames names) {
    FhirComponents components = new FhirComponents(observation, names);
    components.sentence(result.sentence(), result.attribution());
    components.whole("frame-number", "Frame of the image", result.image().frame());
    components.figures(result.attribution());
    components.place(result.place());
    if (result.audit() != null) {
      components.audit(result.audit());
    }
    Attribution a = result.attribution();
    a.tokens().forEach(token -> components.token(token, Methods.card(a.method())));
    components.settings(a.settings(), Methods.card(a.method()));
  }

  private void sentence(Sentence sentence, Attribution a) {
    whole("sentence-start", "Offset of the sentence in the report", sentence.start());
    whole("sentence-end", "Offset of the sentence's end", sentence.end());
    if (!sentence.section().isEmpty()) {
      text("section", "Section of the report", sentence.section());
    }
    flag("truncated", "Sentence longer than the model reads", a.truncated());
    String cut = a.cutWords(sentence.text());
    if (!cut.isEmpty()) {
      text("cut", "Words that were cut", cut);
    }
  }

  private void figures(Attribution a) {
    number("similarity", "Image-text similarity", a.similarity(), ONE);
    known("probability", "Image-text probability", a.probability());
    number("confidence-drop", "Confidence drop, image", a.confidenceDrop(), PERCENT);
    number("confidence-increase", "Confidence increase, image", a.confidenceIncrease(), PERCENT);
    number(
        "removed-confidence-drop",
        "Confidence drop, map removed",
        a.removedConfidenceDrop(),
        PERCENT);
    number(
        "removed-confidence-increase",
        "Confidence increase, map removed",
        a.removedConfidenceIncrease(),
        PERCENT);
    if (Methods.card(a.method()).isM2ib()
        || !a.tokens().isEmpty()) { // others may have no text side
      number("text-confidence-drop", "Confidence drop, text", a.textConfidenceDrop(), PERCENT);
      number(
          "text-confidence-increase",
          "Confidence increase, text",
          a.textConfidenceIncrease(),
          PERCENT);
    }
    if (Methods.card(a.method()).isM2ib()) {
      number("image-capacity", "Mean capacity of a patch", a.imageCapacity(), BIT);
      number("text-capacity", "Mean capacity of a token", a.textCapacity(), BIT);
    }
  }

  private void place(MapLocation p) {
    place("image-side", "Side in the image", p.imageSide());
    place("patient-side", "Side in the patient", p.patientSide());
    place("zone", "Zone", p.zone());
    number("centroid-x", "Column of the centroid", p.centroidX(), PIXEL);
    number("centroid-y", "Row of the centroid", p.centroidY(), PIXEL);
    number("peak-x", "Column of the peak", p.peakX(), PIXEL);
    number("peak-y", "Row of the peak", p.peakY(), PIXEL);
    number("area-above-half", "Share of the map above half", p.areaAboveHalf(), ONE);
    if (p.areaAboveHalf() > 0) {
      number("box-left", "First column above half", p.left(), PIXEL);
      number("box-top", "First row above half", p.top(), PIXEL);
      number("box-right", "End column above half", p.right(), PIXEL);
      number("box-bottom", "End row above half", p.bottom(), PIXEL);
    }
  }

  /** A figure that cannot be computed is left out. */
  private void audit(Audit a) {
    known("map-entropy", "Entropy of the map", a.entropy());
    known("share-outside-body", "Share of the map outside the body", a.shareOutsideBody());
    known("share-on-text", "Share of the map on burned-in text", a.shareOnText());
    flag("shortcut", "Alarm: burned-in text", a.shortcut());
    if (a.sentenceSide() != null) {
      place("sentence-side", "Side that the sentence names", a.sentenceSide());
    }
    if (a.sameSide() != null) {
      flag("same-side", "Map on the side that the sentence names", a.sameSide());
    }
    known("seed-agreement", "Agreement with other noise", a.seedAgreement());
    known("negation-agreement", "Agreement with the contrary", a.negationAgreement());
    if (a.contrary() != null) {
      alternative("contrary-similarity", "Similarity of the contrary", a.contrary());
      flag("contrary-fits-better", "Alarm: the contrary fits better", a.contrary().fitsBetter());
    }
    if (a.otherSide() != null) {
      alternative("other-side-similarity", "Similarity with the other side", a.otherSide());
      flag(
          "other-side-fits-better",
          "Alarm: the other side fits better",
          a.otherSide().fitsBetter());
    }
    if (a.forced() != null) {
      flag("forced-map", Audit.FORCED, a.forced());
    }
    a.methodAgreement()
        .forEach(
            (method, value) ->
                number("method-agreement", "Agreement with another method", value, ONE)
                    .getCode()
                    .setText(method));
  }

  /** The code's text is the sentence given to the model. */
  private void alternative(String code, String display, Audit.Alternative alternative) {
    number(code, display, alternative.similarity(), ONE).getCode().setText(alternative.text());
  }

  private void known(String code, String display, Double value) {
    if (value != null) {
      number(code, display, value, ONE);
    }
  }

  /** The code's text identifies the token: its part of the sentence and its offsets there. */
  private void token(TokenScore token, MethodCard method) {
    number("token-score", "Score of a token", token.bits(), method.isM2ib() ? BIT : ARBITRARY)
        .getCode()
        .setText(token.text() + " [" + token.start() + ", " + token.end() + ")");
  }

  /** The settings that the method's maps depend on. */
  private void settings(M2ibSettings settings, MethodCard method) {
    if (method.layer()) {
      whole("layer", "Layer", settings.layer());
    }
    if (method.isM2ib()) {
      number("beta", "Beta", settings.beta(), ONE);
      whole("steps", "Steps", settings.steps());
      whole("samples", "Samples", settings.samples());
      number("learning-rate", "Learning rate", settings.learningRate(), ONE);
      settings.otherPrecision().ifPresent(name -> text("precision", "Precision", name));
      settings.otherNoise().ifPresent(name -> text("noise", "Kind of noise", name));
    } else if (method.steps()) {
      whole("steps", "Steps", settings.steps());
    }
    if (method.seed()) {
      text("seed", "Seed", settings.seed());
    }
  }

  private ObservationComponentComponent add(String code, String display) {
    return observation.addComponent().setCode(names.code(code, display));
  }

  private void text(String code, String display, String value) {
    add(code, display).setValue(new StringType(value));
  }

  private void flag(String code, String display, boolean value) {
    add(code, display).setValue(new BooleanType(value));
  }

  private void whole(String code, String display, int value) {
    add(code, display).setValue(new IntegerType(value));
  }

  private void place(String code, String display, String place) {
    add(code, display)
        .setValue(
            new CodeableConcept()
                .addCoding(new Coding().setSystem(names.places()).setCode(place))
                .setText(place));
  }

  private ObservationComponentComponent number(
      String code, String display, double value, String ucum) {
    ObservationComponentComponent component = add(code, display);
    if (!Double.isFinite(
        value)) { // FHIR decimals cannot represent the NaN of a diverged optimisation
      component
          .getDataAbsentReason()
          .addCoding()
          .setSystem("http://terminology.hl7.org/CodeSystem/data-absent-reason")
          .setCode("not-a-number");
      return component;
    }
    Quantity quantity =
        new Quantity()
            .setValue(new BigDecimal(value, new MathContext(6)))
            .setSystem(UCUM)
            .setCode(ucum);
    if (!ucum.equals(ONE)) {
      quantity.setUnit(ucum.equals(PIXEL) ? "pixel" : ucum);
    }
    return component.setValue(quantity);
  }
}
