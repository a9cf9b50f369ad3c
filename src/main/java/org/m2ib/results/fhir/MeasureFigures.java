package org.m2ib.results.fhir;

import java.util.Map;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportGroupComponent;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportGroupStratifierComponent;
import org.hl7.fhir.r4.model.MeasureReport.StratifierGroupComponent;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Range;
import org.m2ib.agreement.Proportion;

/** What our MeasureReports have in common; intervals are in our extension {@code interval}. */
final class MeasureFigures {
  private static final String POPULATION =
      "http://terminology.hl7.org/CodeSystem/measure-population";

  private final FhirNames names;

  MeasureFigures(FhirNames names) {
    this.names = names;
  }

  /** Denominator, numerator and score of a group. */
  void share(MeasureReportGroupComponent group, Proportion share) {
    population(group, "denominator", share.of());
    population(group, "numerator", share.count());
    group.setMeasureScore(score(share));
  }

  /** A stratum for each share, by name. */
  void strata(MeasureReportGroupStratifierComponent stratifier, Map<String, Proportion> shares) {
    shares.forEach(
        (name, share) -> {
          StratifierGroupComponent stratum = stratifier.addStratum();
          stratum.setValue(new CodeableConcept().setText(name));
          stratum.addPopulation().setCode(code("denominator")).setCount(share.of());
          stratum.addPopulation().setCode(code("numerator")).setCount(share.count());
          stratum.setMeasureScore(score(share));
        });
  }

  void population(MeasureReportGroupComponent group, String code, int count) {
    group.addPopulation().setCode(code(code)).setCount(count);
  }

  private static CodeableConcept code(String population) {
    return new CodeableConcept().addCoding(new Coding(POPULATION, population, null));
  }

  private Quantity score(Proportion share) {
    return share.value() == null
        ? absent("none judged")
        : quantity(share.value(), share.low(), share.high());
  }

  /** FHIR's own extension of a value that is not there, with its reason as text. */
  Quantity absent(String why) {
    Quantity none = new Quantity();
    none.addExtension(
        new Extension(
            "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
            new CodeType("not-applicable")));
    return none.setUnit(why);
  }

  /**
   * @param low of the interval; null without one
   */
  Quantity quantity(double value, Double low, Double high) {
    Quantity quantity =
        new Quantity().setValue(value).setSystem("http://unitsofmeasure.org").setCode("1");
    if (low != null) {
      quantity.addExtension(
          new Extension(
              names.profile("interval"),
              new Range()
                  .setLow(new Quantity().setValue(low))
                  .setHigh(new Quantity().setValue(high))));
    }
    return quantity;
  }
}
