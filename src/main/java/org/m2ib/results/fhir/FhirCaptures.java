package org.m2ib.results.fhir;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Endpoint;
import org.hl7.fhir.r4.model.Endpoint.EndpointStatus;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.hl7.fhir.r4.model.ImagingStudy.ImagingStudySeriesComponent;
import org.hl7.fhir.r4.model.ImagingStudy.ImagingStudyStatus;
import org.hl7.fhir.r4.model.Reference;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.base.Notice;
import org.m2ib.results.ResultKey;
import org.m2ib.results.SentenceResult;

/**
 * Builds an ImagingStudy for a series of captures (FHIR R4 imagingstudy.html). It has its own
 * identifier: the study UID identifies the hospital's ImagingStudy, which must not be overwritten.
 */
final class FhirCaptures {
  private final FhirBundle.Settings settings;
  private final FhirReferences references;

  FhirCaptures(FhirBundle.Settings settings, FhirReferences references) {
    this.settings = settings;
    this.references = references;
  }

  static UUID id(SentenceResult result) {
    return ResultKey.derive("captures", result.key().captureSeriesInstanceUid());
  }

  /**
   * @param results of one series
   * @param stored ids of those whose capture is stored
   */
  ImagingStudy of(List<SentenceResult> results, Set<UUID> stored) {
    boolean all = results.stream().allMatch(result -> stored.contains(result.key().id()));
    return study(results, all ? ImagingStudyStatus.AVAILABLE : ImagingStudyStatus.REGISTERED);
  }

  /** For a series without valid results. */
  ImagingStudy withdrawn(List<SentenceResult> results) {
    return study(results, ImagingStudyStatus.ENTEREDINERROR);
  }

  private ImagingStudy study(List<SentenceResult> results, ImagingStudyStatus status) {
    SentenceResult first = results.get(0);
    String attribution = Methods.card(first.attribution().method()).attribution();
    ImagingStudy study = new ImagingStudy();
    references.label(study);
    study.addIdentifier(FhirNames.identifier(id(first)));
    study.setStatus(status);
    study.setSubject(references.subject(first.study()));
    study.setStartedElement(references.studyTime(first));
    Reference order = references.order(first.study());
    if (order != null) {
      study.addBasedOn(order);
    }
    settings
        .dicomWebUrl()
        .ifPresent(
            url -> {
              study.addContained(endpoint(url));
              study.addEndpoint(new Reference("#dicomweb"));
            });
    Map<String, String> instances = new LinkedHashMap<>();
    for (SentenceResult result : results) {
      instances.put(result.capture().sopInstanceUid(), result.capture().sopClassUid());
    }
    study.setNumberOfSeries(1).setNumberOfInstances(instances.size());
    study.setDescription(
        attribution
            + ". "
            + Notice.NOT_DIAGNOSTIC
            + " Captures in study "
            + first.study().studyInstanceUid());
    ImagingStudySeriesComponent captures = study.addSeries();
    captures
        .setUid(first.key().captureSeriesInstanceUid())
        .setModality(new Coding(FhirNames.DICOM_CODES, "OT", "Other"))
        .setDescription(attribution)
        .setNumberOfInstances(instances.size());
    instances.forEach(
        (uid, sopClass) ->
            captures
                .addInstance()
                .setUid(uid)
                .setSopClass(new Coding().setSystem(FhirNames.URI).setCode("urn:oid:" + sopClass)));
    return study;
  }

  private static Endpoint endpoint(String url) {
    Endpoint endpoint = new Endpoint();
    endpoint.setId("dicomweb");
    endpoint.setStatus(EndpointStatus.ACTIVE);
    endpoint.setConnectionType(
        new Coding(
            "http://terminology.hl7.org/CodeSystem/endpoint-connection-type",
            "dicom-wado-rs",
            "DICOM WADO-RS"));
    endpoint.addPayloadType().setText("DICOM");
    endpoint.setAddress(url);
    return endpoint;
  }
}
