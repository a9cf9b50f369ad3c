package org.m2ib.results.fhir;

import static org.m2ib.results.fhir.FhirNames.DICOM_CODES;
import static org.m2ib.results.fhir.FhirNames.dicomUid;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.hl7.fhir.r4.model.ImagingStudy.ImagingStudyStatus;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.m2ib.cases.StudyKey;
import org.m2ib.results.SentenceResult;

/**
 * References from a result to other systems' resources: patient, order, report, source image. They
 * use identifiers as given by the study or the report; those resources are never written.
 */
final class FhirReferences {
  private static final String V2_0203 = "http://terminology.hl7.org/CodeSystem/v2-0203";

  private final FhirBundle.Settings settings;

  FhirReferences(FhirBundle.Settings settings) {
    this.settings = settings;
  }

  FhirNames names() {
    return settings.names();
  }

  /** Labels a resource that a model asserted, if that is configured (AI Transparency on FHIR). */
  void label(Resource resource) {
    if (settings.aiLabels()) {
      resource
          .getMeta()
          .addSecurity(
              new Coding(
                  "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
                  "AIAST",
                  "Artificial Intelligence asserted"));
    }
  }

  /** Null without a patient identifier. */
  Reference patient(StudyKey study) {
    return study.patientId() == null
        ? null
        : logical(
            "Patient",
            identifier(
                "MR", study.patientId(), study.issuerOfPatientId(), settings.patientIdSystem()));
  }

  /** Null without a visit number. */
  Reference encounter(StudyKey study) {
    return study.visitNumber() == null
        ? null
        : logical("Encounter", identifier("VN", study.visitNumber(), null, Optional.empty()));
  }

  /** The order, by accession number, else by the placer's number; null without either. */
  Reference order(StudyKey study) {
    if (study.accessionNumber() != null) {
      return logical(
          "ServiceRequest",
          identifier(
              "ACSN",
              study.accessionNumber(),
              study.issuerOfAccessionNumber(),
              settings.accessionNumberSystem()));
    }
    return study.orderNumber() == null
        ? null
        : logical(
            "ServiceRequest", identifier("PLAC", study.orderNumber(), null, Optional.empty()));
  }

  /** Elements common to all imaging Observations of a case: subject and order. */
  void frame(Observation o, UUID id, StudyKey study) {
    o.addIdentifier(FhirNames.identifier(id));
    Reference order = order(study);
    if (order != null) {
      o.addBasedOn(order);
    }
    o.addCategory()
        .addCoding()
        .setSystem("http://terminology.hl7.org/CodeSystem/observation-category")
        .setCode("imaging")
        .setDisplay("Imaging");
    o.setSubject(patient(study));
    o.setEncounter(encounter(study));
  }

  /** The report that contains the sentence. */
  Reference report(SentenceResult result) {
    return logical(
        "DiagnosticReport",
        identifier("FILL", result.report().id(), null, settings.reportIdSystem()));
  }

  /**
   * The source image as a contained ImagingStudy of one instance: the hospital's own ImagingStudy
   * has more content and the same identifier.
   */
  ImagingStudy image(SentenceResult result) {
    SentenceResult.Image image = result.image();
    ImagingStudy study = new ImagingStudy();
    study.setId("image");
    study.addIdentifier(dicomUid(result.study().studyInstanceUid()));
    study.setStatus(ImagingStudyStatus.AVAILABLE);
    study.setSubject(subject(result.study()));
    study.setStartedElement(studyTime(result));
    study
        .addSeries()
        .setUid(image.seriesInstanceUid())
        .setModality(new Coding().setSystem(DICOM_CODES).setCode(image.modality()))
        .addInstance()
        .setUid(image.sopInstanceUid())
        .setSopClass(
            new Coding().setSystem(FhirNames.URI).setCode("urn:oid:" + image.sopClassUid()));
    return study;
  }

  /** The patient, for elements that require one. */
  Reference subject(StudyKey study) {
    Reference patient = patient(study);
    return patient == null ? new Reference().setDisplay("no patient identifier") : patient;
  }

  /**
   * Date, or date and time in the configured zone: DICOM's study time is local, but FHIR requires a
   * zone with a time. Null if the study has none.
   */
  DateTimeType studyTime(SentenceResult result) {
    String time = result.image().studyDateTime();
    if (time == null || !time.contains("T")) {
      return time == null ? null : new DateTimeType(time);
    }
    return new DateTimeType(
        LocalDateTime.parse(time)
            .atZone(settings.zone())
            .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME));
  }

  static InstantType instant(Instant instant) {
    return new InstantType(instant.truncatedTo(ChronoUnit.MILLIS).toString());
  }

  static Reference logical(String type, Identifier identifier) {
    return new Reference().setType(type).setIdentifier(identifier);
  }

  /**
   * @param issuer an OID or URI becomes the identifier's system; a name becomes its assigner, with
   *     the configured system
   */
  private static Identifier identifier(
      String type, String value, String issuer, Optional<String> configured) {
    Identifier identifier = new Identifier().setValue(value);
    identifier.getType().addCoding().setSystem(V2_0203).setCode(type);
    if (issuer != null && issuer.matches("[0-2](\\.(0|[1-9][0-9]*))+")) {
      return identifier.setSystem("urn:oid:" + issuer);
    }
    if (issuer != null && issuer.matches("(urn|https?):.+")) {
      return identifier.setSystem(issuer);
    }
    configured.ifPresent(identifier::setSystem);
    if (issuer != null) {
      identifier.setAssigner(new Reference().setDisplay(issuer));
    }
    return identifier;
  }
}
