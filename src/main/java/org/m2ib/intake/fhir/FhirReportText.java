package org.m2ib.intake.fhir;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Attachment;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationStatus;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Type;
import org.m2ib.intake.HtmlText;
import org.m2ib.intake.Markup;
import org.m2ib.intake.ReportForms;
import org.m2ib.intake.ReportSections;
import org.m2ib.intake.documents.DocumentText;

/**
 * Extracts the text of a DiagnosticReport: the presented forms and whatever the conclusion adds to
 * them. Without presented forms it takes the coded parts (Observations and conclusion), and without
 * these the narrative.
 */
public final class FhirReportText {
  private static final Set<ObservationStatus> WITHDRAWN =
      EnumSet.of(ObservationStatus.ENTEREDINERROR, ObservationStatus.CANCELLED);

  private final ReportSections.Builder text = new ReportSections.Builder();
  private final List<String> notes = new ArrayList<>();
  private final Set<IBaseResource> seen = new HashSet<>();
  private boolean withdrawn;
  private int unread;

  private FhirReportText() {}

  /**
   * @param text text as received, with line feeds; blank if there is none
   * @param notes which forms were not read, if nothing else contains the whole report
   */
  public record Found(String text, List<String> notes) {}

  public static Found of(DiagnosticReport report) {
    FhirReportText read = new FhirReportText();
    read.read(report);
    return new Found(read.text.text(), read.notes);
  }

  private void read(DiagnosticReport report) {
    FhirForms.of(report, this::presented).forEach(form -> text.add(null, form));
    String conclusion =
        plain(report.hasConclusion() ? report.getConclusion() : "", "DiagnosticReport.conclusion");
    if (!text.text().isBlank()) {
      notes.clear(); // forms in other formats of what was read
      text.add("IMPRESSION", ReportForms.unsaid(text.text(), conclusion));
      return;
    }
    report.getResult().forEach(this::observation);
    text.add("IMPRESSION", conclusion);
    if (unread > 0) {
      notes.add(
          "%d result Observations were not read: references are not followed, send them contained"
              .formatted(unread));
    }
    // the narrative would repeat what was withdrawn
    if (!withdrawn && text.text().isBlank() && report.hasText() && report.getText().hasDiv()) {
      text.add(null, HtmlText.plain(report.getText().getDivAsString()));
    }
  }

  /** A panel's members follow it directly. Members of a withdrawn panel are withdrawn too. */
  private void observation(Reference reference) {
    if (reference.getResource() == null && reference.hasReference()) {
      unread++;
    }
    if (!(reference.getResource() instanceof Observation observation) || !seen.add(observation)) {
      return;
    }
    if (WITHDRAWN.contains(observation.getStatus())) {
      withdrawn = true;
      return;
    }
    String heading = heading(observation.getCode());
    text.add(heading, value(observation.getValue()));
    observation
        .getComponent()
        .forEach(part -> text.add(heading(part.getCode()), value(part.getValue())));
    observation.getHasMember().forEach(this::observation);
  }

  private static String value(Type value) {
    if (value instanceof StringType words && words.hasValue()) {
      return plain(words.getValue(), "Observation.valueString");
    }
    if (value instanceof CodeableConcept concept) {
      return concept.hasText()
          ? Markup.lines(concept.getText())
          : concept.getCoding().stream()
              .filter(Coding::hasDisplay)
              .map(Coding::getDisplay)
              .findFirst()
              .orElse("");
    }
    return "";
  }

  private static String heading(CodeableConcept code) {
    String heading = ReportSections.heading(code.getText());
    for (Coding coding : code.getCoding()) {
      if (heading == null) {
        heading = ReportSections.heading(coding.getCode(), coding.getDisplay());
      }
    }
    return heading;
  }

  private String presented(Attachment attachment, int index) {
    String place = "DiagnosticReport.presentedForm[" + index + "]";
    if (!attachment.hasData()) {
      notes.add(
          "presentedForm[%d] was not read: it has no data, and links are not followed"
              .formatted(index));
      return "";
    }
    DocumentText.Read read = AttachedText.of(attachment, place);
    read.notes().forEach(note -> notes.add("presentedForm[%d]: %s".formatted(index, note)));
    if (read.whyNot() != null) {
      notes.add("presentedForm[%d] was not read: %s".formatted(index, read.told()));
    }
    return read.text();
  }

  /** Removes markup from a string that should not have any. */
  private static String plain(String text, String place) {
    return Markup.plain(Markup.lines(text), place);
  }
}
