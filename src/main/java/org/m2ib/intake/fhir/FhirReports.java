package org.m2ib.intake.fhir;

import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.m2ib.cases.ReportStatus;
import org.m2ib.cases.ReportTimes;
import org.m2ib.cases.StudyKey;
import org.m2ib.intake.Identifiers;
import org.m2ib.intake.ReportDraft;
import org.m2ib.intake.ReportIntake;
import org.m2ib.intake.UnacceptableReportException;

/**
 * Converts a FHIR R4 DiagnosticReport to a report. docs/intake.md has the mapping.
 *
 * <p>References are resolved only within {@code contained}. Nothing is fetched.
 */
public final class FhirReports {
  private static final String DICOM_UID = "urn:dicom:uid";

  private final ReportIntake intake;

  public FhirReports(ReportIntake intake) {
    this.intake = intake;
  }

  /**
   * Stores the report. It is durable when this returns.
   *
   * @param raw the request body
   * @return what was stored
   * @throws UnacceptableReportException if it can never be accepted
   * @throws org.m2ib.cases.StorageUnavailableException if it cannot be accepted now
   */
  public Received receive(DiagnosticReport report, byte[] raw) {
    ReportDraft draft = read(report);
    intake.keep(raw, "fhir", List.of(draft));
    return new Received(draft.reportId(), draft.notes());
  }

  /**
   * @param reportId the report's identifier
   * @param notes what was left out of its text, for the sender
   */
  public record Received(String reportId, List<String> notes) {}

  ReportDraft read(DiagnosticReport report) {
    ReportStatus status = status(report);
    StudyKey study = study(report);
    FhirReportText.Found found = FhirReportText.of(report);
    String text = found.text();
    if (text.isBlank() && status != ReportStatus.CANCELLED) {
      throw new UnacceptableReportException(
          "DiagnosticReport.presentedForm",
          "no report text: send a presentedForm with data (text/plain, text/html, application/rtf,"
              + " application/pdf or CDA), a conclusion, contained Observations with valueString,"
              + " or a narrative"
              + found.notes().stream().map(note -> "; " + note).collect(Collectors.joining()));
    }
    return new ReportDraft(
        study,
        ReportDraft.idOr(
            Identifiers.check("DiagnosticReport.identifier", reportId(report), Identifiers.NAME),
            study),
        status,
        text,
        number("DiagnosticReport.language", report.getLanguage()),
        times(report),
        authors(report),
        notes(report, study, found.notes()));
  }

  /** What was not read of the text, and of what the report is about. */
  private static List<String> notes(DiagnosticReport report, StudyKey study, List<String> ofText) {
    List<String> notes = new ArrayList<>(ofText);
    if (study.patientId() == null && report.getSubject().hasReference()) {
      notes.add(
          "subject has no identifier, and references are not followed, so the report is matched"
              + " without a patient identifier: send subject.identifier or a contained Patient");
    }
    onlyFirst(notes, "studies", studyUids(report));
    onlyFirst(notes, "accession numbers", accessions(report).map(Identifier::getValue));
    return notes;
  }

  private static void onlyFirst(List<String> notes, String what, Stream<String> all) {
    long named = all.distinct().count();
    if (named > 1) {
      notes.add(
          "the report names %d %s, and is matched by the first alone: send one report for each study"
              .formatted(named, what));
    }
  }

  /** Identifiers, references and names of who interpreted the results or is responsible. */
  private static List<String> authors(DiagnosticReport report) {
    List<String> authors = new ArrayList<>();
    List<Reference> persons = new ArrayList<>(report.getResultsInterpreter());
    persons.addAll(report.getPerformer());
    identifiers(persons).forEach(identifier -> authors.add(identifier.getValue()));
    for (Reference person : persons) {
      authors.add(person.getReference());
      authors.add(person.getDisplay());
      if (person.getResource() instanceof Practitioner practitioner) {
        practitioner.getIdentifier().forEach(identifier -> authors.add(identifier.getValue()));
        practitioner
            .getName()
            .forEach(name -> authors.add(name.getFamily() + "^" + name.getGivenAsSingleString()));
      }
    }
    authors.removeIf(author -> author == null || author.startsWith("#"));
    return authors;
  }

  private static ReportTimes times(DiagnosticReport report) {
    Date issued = report.getIssued();
    Date updated = report.getMeta().getLastUpdated();
    return new ReportTimes(
        ReportTimes.digits(issued == null ? null : issued.toInstant()),
        ReportTimes.digits(updated == null ? null : updated.toInstant()));
  }

  private static String number(String place, String value) {
    return Identifiers.check(place, value, Identifiers.NUMBER);
  }

  private static ReportStatus status(DiagnosticReport report) {
    if (report.getStatus() == null) {
      throw new UnacceptableReportException("DiagnosticReport.status", "the status is missing");
    }
    return switch (report.getStatus()) {
      case REGISTERED, PARTIAL, PRELIMINARY -> ReportStatus.PRELIMINARY;
      case FINAL -> ReportStatus.FINAL;
      case AMENDED, CORRECTED, APPENDED -> ReportStatus.AMENDED;
      case CANCELLED, ENTEREDINERROR -> ReportStatus.CANCELLED;
      default ->
          throw new UnacceptableReportException(
              "DiagnosticReport.status", "the status 'unknown' cannot be interpreted");
    };
  }

  private static StudyKey study(DiagnosticReport report) {
    StudyKey study = named(report);
    if (!study.identifiesStudy()) {
      throw new UnacceptableReportException(
          "DiagnosticReport.identifier",
          "the report names no study: add an identifier of type ACSN (here, on basedOn or"
              + " imagingStudy), a basedOn identifier or a Study Instance UID ("
              + DICOM_UID
              + ")");
    }
    return study;
  }

  /**
   * The identifiers of a report's study, none of them if it names no study.
   *
   * @throws UnacceptableReportException if one of them is invalid
   */
  public static StudyKey named(DiagnosticReport report) {
    Identifier accession = accessions(report).findFirst().orElse(null);
    String order = orders(report).map(Identifier::getValue).findFirst().orElse(null);
    Identifier patient = patient(report.getSubject());
    return new StudyKey(
        Identifiers.checkUid("DiagnosticReport.imagingStudy", studyUid(report)),
        number("DiagnosticReport.identifier", value(accession)),
        null,
        number("DiagnosticReport.basedOn", order),
        number("DiagnosticReport.subject", value(patient)),
        null,
        number("DiagnosticReport.encounter", visit(report)));
  }

  private static Stream<Identifier> accessions(DiagnosticReport report) {
    return Stream.of(
            report.getIdentifier(),
            identifiers(report.getBasedOn()),
            identifiers(report.getImagingStudy()))
        .flatMap(List::stream)
        .filter(i -> hasType(i, "ACSN") && i.hasValue());
  }

  private static Stream<Identifier> orders(DiagnosticReport report) {
    return identifiers(report.getBasedOn()).stream()
        .filter(i -> i.hasValue() && (hasType(i, "PLAC") || !i.hasType()));
  }

  /** Returns the Study Instance UID that a report names, or null. */
  public static String studyUid(DiagnosticReport report) {
    return studyUids(report).findFirst().orElse(null);
  }

  private static Stream<String> studyUids(DiagnosticReport report) {
    return Stream.concat(
            identifiers(report.getImagingStudy()).stream(), report.getIdentifier().stream())
        .filter(i -> DICOM_UID.equals(i.getSystem()) && i.hasValue())
        .map(i -> i.getValue().replaceFirst("^urn:oid:", ""));
  }

  /** Returns the sender's identifier: the first that is neither an accession number nor a UID. */
  private static String reportId(DiagnosticReport report) {
    return report.getIdentifier().stream()
        .filter(i -> i.hasValue() && !hasType(i, "ACSN") && !DICOM_UID.equals(i.getSystem()))
        .map(Identifier::getValue)
        .findFirst()
        .orElse(null);
  }

  private static String visit(DiagnosticReport report) {
    return identifiers(List.of(report.getEncounter())).stream()
        .map(Identifier::getValue)
        .findFirst()
        .orElse(null);
  }

  private static Identifier patient(Reference subject) {
    List<Identifier> all = identifiers(List.of(subject));
    return all.stream()
        .filter(i -> hasType(i, "MR"))
        .findFirst()
        .orElse(all.isEmpty() ? null : all.get(0));
  }

  /**
   * Returns identifiers of the references themselves and of the contained resources they point to.
   */
  private static List<Identifier> identifiers(List<Reference> references) {
    List<Identifier> all = new ArrayList<>();
    for (Reference reference : references) {
      if (reference.hasIdentifier()) {
        all.add(reference.getIdentifier());
      }
      IBaseResource target = reference.getResource();
      if (target instanceof ImagingStudy study) {
        all.addAll(study.getIdentifier());
      } else if (target instanceof ServiceRequest request) {
        all.addAll(request.getIdentifier());
      } else if (target instanceof Encounter encounter) {
        all.addAll(encounter.getIdentifier());
      } else if (target instanceof Patient patient) {
        all.addAll(patient.getIdentifier());
      }
    }
    all.removeIf(i -> !i.hasValue());
    return all;
  }

  /** Returns whether an identifier has this type of HL7 table 0203, as FHIR codes it. */
  private static boolean hasType(Identifier identifier, String code) {
    CodeableConcept type = identifier.getType();
    return type.getCoding().stream().map(Coding::getCode).anyMatch(code::equals);
  }

  private static String value(Identifier identifier) {
    return identifier == null ? null : identifier.getValue();
  }
}
