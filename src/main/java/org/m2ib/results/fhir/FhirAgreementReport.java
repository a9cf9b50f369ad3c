package org.m2ib.results.fhir;

import ca.uhn.fhir.context.FhirContext;
import java.time.LocalDate;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.MeasureReport;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportGroupComponent;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportGroupStratifierComponent;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportStatus;
import org.hl7.fhir.r4.model.MeasureReport.MeasureReportType;
import org.hl7.fhir.r4.model.Period;
import org.m2ib.agreement.Proportion;

/**
 * Builds the agreement of answers with what was judged, over many cases, as a MeasureReport (FHIR
 * R4 measurereport.html): a group for each question, a stratifier for each way to divide the
 * results.
 */
public final class FhirAgreementReport {
  private final FhirNames names;
  private final MeasureFigures figures;

  public FhirAgreementReport(FhirNames names) {
    this.names = names;
    this.figures = new MeasureFigures(names);
  }

  /**
   * A question.
   *
   * @param code of the question in its scheme
   * @param all share of all results
   * @param by shares by what the results are divided by, then by group
   */
  public record Asked(
      String scheme, String code, Proportion all, Map<String, Map<String, Proportion>> by) {}

  /**
   * @param from first day of the results; null for the first there is
   * @param to last day; null for today
   * @param at when it is made
   * @return JSON
   */
  public String json(List<Asked> questions, LocalDate from, LocalDate to, Date at) {
    MeasureReport report = new MeasureReport();
    report.setStatus(MeasureReportStatus.COMPLETE);
    report.setType(MeasureReportType.SUMMARY);
    report.setMeasure(names.base() + "/Measure/agreement");
    report.setDateElement(new DateTimeType(at));
    Period period = new Period();
    if (from != null) {
      period.setStartElement(new DateTimeType(from.toString()));
    }
    period.setEndElement(to == null ? new DateTimeType(at) : new DateTimeType(to.toString()));
    report.setPeriod(period);
    questions.forEach(question -> add(report, question));
    return FhirContext.forR4Cached().newJsonParser().encodeResourceToString(report);
  }

  private void add(MeasureReport report, Asked asked) {
    MeasureReportGroupComponent group = report.addGroup();
    group.setCode(
        new CodeableConcept()
            .addCoding(new Coding(names.scheme(asked.scheme()), asked.code(), null))
            .setText(asked.scheme() + ", " + asked.code()));
    figures.share(group, asked.all());
    asked
        .by()
        .forEach(
            (by, shares) -> {
              MeasureReportGroupStratifierComponent stratifier = group.addStratifier();
              stratifier.addCode(new CodeableConcept().setText(by));
              figures.strata(stratifier, shares);
            });
  }
}
