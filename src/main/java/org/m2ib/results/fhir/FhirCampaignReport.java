package org.m2ib.results.fhir;

import ca.uhn.fhir.context.FhirContext;
import java.util.Date;
import java.util.Map;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.MeasureReport;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportGroupComponent;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportStatus;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportType;
import org.hl7.fhir.r4.model.MeasureReport.StratifierGroupComponent;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Range;
import org.m2ib.agreement.Coefficient;
import org.m2ib.agreement.Proportion;
import org.m2ib.campaigns.Campaign;
import org.m2ib.campaigns.CampaignReport;
import org.m2ib.campaigns.CampaignReport.Agreements;
import org.m2ib.campaigns.CampaignReport.QuestionReport;

/**
 * Builds a campaign's report as a MeasureReport (FHIR R4 measurereport.html): a group for each
 * question with the share of sentences whose answer agrees, by stratum, and a group for each
 * coefficient of agreement between readers. Intervals are in our extension {@code interval}.
 */
public final class FhirCampaignReport {
  private static final String POPULATION =
      "http://terminology.hl7.org/CodeSystem/measure-population";

  private final FhirNames names;

  public FhirCampaignReport(FhirNames names) {
    this.names = names;
  }

  /**
   * @param at when it is made, the only part that differs between two reports of the same
   * @return JSON
   */
  public String json(Campaign campaign, CampaignReport report, Date at) {
    MeasureReport resource = new MeasureReport();
    resource.setId(campaign.id().toString());
    resource.setStatus(
        campaign.closedAt() == null ? MeasureReportStatus.PENDING : MeasureReportStatus.COMPLETE);
    resource.setType(MeasureReportType.SUMMARY);
    resource.setMeasure(names.base() + "/Measure/campaign");
    resource.setDateElement(new DateTimeType(at));
    Period period = new Period().setStart(Date.from(campaign.createdAt()));
    if (campaign.closedAt() != null) {
      period.setEnd(Date.from(campaign.closedAt()));
    }
    resource.setPeriod(period);
    for (QuestionReport question : report.questions()) {
      MeasureReportGroupComponent group = resource.addGroup();
      group.setCode(coded(campaign, question.question(), question.text()));
      population(group, "initial-population", report.items());
      population(group, "denominator", question.agreeing().of());
      population(group, "numerator", question.agreeing().count());
      group.setMeasureScore(score(question.agreeing()));
      if (question.strata().size() > 1) {
        strata(group, question.strata());
      }
      agreements(resource, campaign, question, question.agreement(), "with-map");
      if (question.beforeMap() != null) {
        agreements(resource, campaign, question, question.beforeMap(), "before-map");
      }
    }
    return FhirContext.forR4Cached().newJsonParser().encodeResourceToString(resource);
  }

  private void strata(MeasureReportGroupComponent group, Map<String, Proportion> strata) {
    var stratifier = group.addStratifier();
    strata.forEach(
        (name, share) -> {
          StratifierGroupComponent stratum = stratifier.addStratum();
          stratum.setValue(new CodeableConcept().setText(name));
          stratum.addPopulation().setCode(population("denominator")).setCount(share.of());
          stratum.addPopulation().setCode(population("numerator")).setCount(share.count());
        });
    for (int i = 0; i < stratifier.getStratum().size(); i++) {
      Proportion share = strata.values().stream().skip(i).findFirst().orElseThrow();
      stratifier.getStratum().get(i).setMeasureScore(score(share));
    }
  }

  private void agreements(
      MeasureReport resource,
      Campaign campaign,
      QuestionReport question,
      Agreements of,
      String stage) {
    coefficient(resource, campaign, question, "percent-agreement", of.percent(), stage);
    coefficient(resource, campaign, question, "cohen-kappa", of.cohen(), stage);
    coefficient(resource, campaign, question, "fleiss-kappa", of.fleiss(), stage);
    coefficient(resource, campaign, question, "gwet-ac1", of.gwet(), stage);
  }

  private void coefficient(
      MeasureReport resource,
      Campaign campaign,
      QuestionReport question,
      String name,
      Coefficient value,
      String stage) {
    MeasureReportGroupComponent group = resource.addGroup();
    CodeableConcept code = coded(campaign, question.question(), question.text());
    code.addCoding(new Coding(names.codes(), name, null));
    code.addCoding(new Coding(names.codes(), stage, null));
    group.setCode(code.setText(question.text() + " " + name + ", " + stage));
    population(group, "denominator", value.subjects());
    group.setMeasureScore(
        value.value() == null
            ? absent(value.reason())
            : quantity(value.value(), value.low(), value.high()));
  }

  private CodeableConcept coded(Campaign campaign, String question, String text) {
    Coding coding = new Coding(names.scheme(campaign.scheme()), question, text);
    return new CodeableConcept().addCoding(coding.setVersion(campaign.version())).setText(text);
  }

  private static CodeableConcept population(String code) {
    return new CodeableConcept().addCoding(new Coding(POPULATION, code, null));
  }

  private static void population(MeasureReportGroupComponent group, String code, int count) {
    group.addPopulation().setCode(population(code)).setCount(count);
  }

  private Quantity score(Proportion share) {
    return share.value() == null
        ? absent("none judged")
        : quantity(share.value(), share.low(), share.high());
  }

  /** FHIR's own extension of a value that is not there, with its reason as text. */
  private static Quantity absent(String why) {
    Quantity none = new Quantity();
    none.addExtension(
        new Extension(
            "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
            new org.hl7.fhir.r4.model.CodeType("not-applicable")));
    return none.setUnit(why);
  }

  private Quantity quantity(double value, Double low, Double high) {
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
