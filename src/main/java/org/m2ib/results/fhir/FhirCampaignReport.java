package org.m2ib.results.fhir;

import ca.uhn.fhir.context.FhirContext;
import java.util.Date;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.MeasureReport;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportGroupComponent;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportStatus;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportType;
import org.hl7.fhir.r4.model.Period;
import org.m2ib.agreement.Coefficient;
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
  private final FhirNames names;
  private final MeasureFigures figures;

  public FhirCampaignReport(FhirNames names) {
    this.names = names;
    this.figures = new MeasureFigures(names);
  }

  /**
   * @param at when it is made, the only part that differs between two reports of the same
   * @return JSON
   */
  public String json(Campaign campaign, CampaignReport report, Date at) {
    MeasureReport resource = new MeasureReport();
    resource.setId(campaign.id().toString());
    Date end = end(campaign, at);
    boolean decided = !campaign.takesDecisions() || report.differing() == report.decided();
    resource.setStatus(
        end != null && decided ? MeasureReportStatus.COMPLETE : MeasureReportStatus.PENDING);
    resource.setType(MeasureReportType.SUMMARY);
    resource.setMeasure(names.base() + "/Measure/campaign");
    resource.setDateElement(new DateTimeType(at));
    Period period = new Period().setStart(Date.from(campaign.createdAt()));
    if (end != null) {
      period.setEnd(end);
    }
    resource.setPeriod(period);
    for (QuestionReport question : report.questions()) {
      MeasureReportGroupComponent group = resource.addGroup();
      group.setCode(coded(campaign, question.question(), question.text()));
      figures.population(group, "initial-population", report.items());
      figures.share(group, question.agreeing());
      if (question.strata().size() > 1) {
        figures.strata(group.addStratifier(), question.strata());
      }
      agreements(resource, campaign, question, question.agreement(), "with-map");
      if (question.beforeMap() != null) {
        agreements(resource, campaign, question, question.beforeMap(), "before-map");
      }
    }
    return FhirContext.forR4Cached().newJsonParser().encodeResourceToString(resource);
  }

  /**
   * When the last judgement was taken, closed by hand or by its deadline; null while it is open.
   */
  private static Date end(Campaign campaign, Date at) {
    if (campaign.isOpen(at.toInstant())) {
      return null;
    }
    return Date.from(campaign.closedAt() != null ? campaign.closedAt() : campaign.deadline());
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
    figures.population(group, "denominator", value.subjects());
    group.setMeasureScore(
        value.value() == null
            ? figures.absent(value.reason())
            : figures.quantity(value.value(), value.low(), value.high()));
  }

  private CodeableConcept coded(Campaign campaign, String question, String text) {
    Coding coding = new Coding(names.scheme(campaign.scheme()), question, text);
    return new CodeableConcept().addCoding(coding.setVersion(campaign.version())).setText(text);
  }
}
