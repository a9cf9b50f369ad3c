package org.m2ib.results;

import ca.uhn.fhir.context.FhirContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Device;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationStatus;
import org.hl7.fhir.r4.model.Provenance;
import org.hl7.fhir.r4.model.Provenance.ProvenanceEntityRole;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.m2ib.cases.StoredResource;

/**
 * A case's results as one transaction Bundle (FHIR R4 http.html#transaction). Every entry is a
 * conditional update on a derived identifier, so that sending twice leaves one of each.
 */
public final class FhirBundle {

  /** Built once: it reads all definitions of FHIR R4. */
  private static final class Fhir {
    static final FhirContext R4 = FhirContext.forR4Cached();
  }

  private final String version;
  private final FhirObservation observations;

  /**
   * @param version of this service
   * @param zone in which the studies' local times are meant
   */
  public FhirBundle(String version, ZoneId zone) {
    this.version = version;
    this.observations = new FhirObservation(version, zone);
  }

  /**
   * @param results that hold
   * @param stored ids of those whose capture is stored where it must be: their Observation is
   *     final, the others' preliminary
   * @param withdrawn that no longer hold
   */
  public Bundle of(List<SentenceResult> results, Set<UUID> stored, List<SentenceResult> withdrawn) {
    Bundle bundle = new Bundle();
    bundle.setType(BundleType.TRANSACTION);
    Map<String, Reference> devices = new LinkedHashMap<>();
    Map<UUID, List<SentenceResult>> byImage = new LinkedHashMap<>();
    for (SentenceResult result : results) {
      add(
          bundle,
          devices,
          result,
          stored.contains(result.key().id())
              ? ObservationStatus.FINAL
              : ObservationStatus.PRELIMINARY);
      byImage.computeIfAbsent(imageId(result), id -> new ArrayList<>()).add(result);
    }
    for (SentenceResult result : withdrawn) {
      add(bundle, devices, result, ObservationStatus.ENTEREDINERROR);
    }
    byImage.forEach(
        (id, ofImage) -> put(bundle, provenance(id, ofImage, devices), "_tag", tag(id)));
    if (!results.isEmpty()) {
      ImagingStudy captures = captures(results);
      put(bundle, captures, "identifier", captures.getIdentifierFirstRep());
    }
    return bundle;
  }

  private void add(
      Bundle bundle,
      Map<String, Reference> devices,
      SentenceResult result,
      ObservationStatus status) {
    Reference device =
        devices.computeIfAbsent(
            result.model().hash(),
            hash -> {
              Device made = device(result);
              put(bundle, made, "identifier", made.getIdentifierFirstRep());
              return reference(made);
            });
    Observation observation = observations.of(result, status, device);
    put(bundle, observation, "identifier", observation.getIdentifierFirstRep());
  }

  /** This service with this model. */
  private Device device(SentenceResult result) {
    UUID id = ResultKey.derive("device", version, result.model().hash());
    Device device = new Device();
    device.setId(id.toString());
    device.addIdentifier(FhirNames.identifier(id));
    device.setStatus(Device.FHIRDeviceStatus.ACTIVE);
    device.setManufacturer("m2ib-pacs");
    device
        .addDeviceName()
        .setName("m2ib-pacs with model " + result.model().name())
        .setType(Device.DeviceNameType.USERFRIENDLYNAME);
    device.addVersion().setValue(version);
    if (!result.model().version().isEmpty()) {
      device
          .addVersion()
          .setType(FhirNames.code("model-version", "Version of the model"))
          .setValue(result.model().version());
    }
    device
        .addProperty()
        .setType(FhirNames.code("model-hash", "SHA-256 of the model's files"))
        .addValueCode()
        .setText(result.model().hash());
    device
        .addNote()
        .setText(
            "Not a diagnostic device: it shows what a model used, right or wrong."
                + FhirObservation.warning(result));
    return device;
  }

  /** Where the results of one image come from. R4's Provenance has no identifier: a tag is its. */
  private Provenance provenance(
      UUID id, List<SentenceResult> results, Map<String, Reference> devices) {
    SentenceResult first = results.get(0);
    Provenance provenance = new Provenance();
    provenance.setId(id.toString());
    provenance.getMeta().addTag(new Coding().setSystem(FhirNames.URI).setCode("urn:uuid:" + id));
    Date recorded = Date.from(first.computed());
    for (SentenceResult result : results) {
      provenance.addTarget(reference("Observation", result.key().id()));
      provenance.addTarget(
          new Reference()
              .setType("ImagingStudy")
              .setIdentifier(FhirNames.dicomUid(result.key().captureSopInstanceUid()))
              .setDisplay("Secondary capture"));
    }
    provenance.setRecorded(recorded);
    Reference device = devices.get(first.model().hash());
    provenance.addAgent().setType(FhirNames.code("performer", "Performer")).setWho(device);
    entity(
        provenance,
        "ImagingStudy",
        FhirNames.dicomUid(first.image().sopInstanceUid()),
        "Source image");
    entity(
        provenance,
        "DiagnosticReport",
        new Identifier().setSystem(FhirNames.SHA_256).setValue(first.report().textHash()),
        "Text of report " + first.report().id());
    entity(
        provenance,
        "Device",
        new Identifier().setSystem(FhirNames.SHA_256).setValue(first.model().hash()),
        "Model " + first.model().name());
    return provenance;
  }

  private static void entity(
      Provenance provenance, String type, Identifier identifier, String display) {
    provenance
        .addEntity()
        .setRole(ProvenanceEntityRole.SOURCE)
        .setWhat(new Reference().setType(type).setIdentifier(identifier).setDisplay(display));
  }

  /**
   * The series of captures. It does not carry the study UID as its identifier: a hospital's own
   * ImagingStudy has that one and must not be touched.
   */
  private static ImagingStudy captures(List<SentenceResult> results) {
    SentenceResult first = results.get(0);
    String series = first.key().captureSeriesInstanceUid();
    UUID id = ResultKey.derive("captures", series);
    ImagingStudy study = new ImagingStudy();
    study.setId(id.toString());
    study.addIdentifier(FhirNames.identifier(id));
    study.setStatus(ImagingStudy.ImagingStudyStatus.AVAILABLE);
    Reference patient = FhirObservation.patient(first);
    study.setSubject(
        patient == null ? new Reference().setDisplay("No patient identifier was given") : patient);
    study.setDescription(
        "M2IB attribution, captures in study "
            + first.study().studyInstanceUid()
            + ". Not for diagnostic use.");
    ImagingStudy.ImagingStudySeriesComponent captures = study.addSeries();
    captures
        .setUid(series)
        .setModality(new Coding("http://dicom.nema.org/resources/ontology/DCM", "OT", "Other"))
        .setDescription("M2IB attribution");
    for (SentenceResult result : results) {
      captures
          .addInstance()
          .setUid(result.key().captureSopInstanceUid())
          .setSopClass(
              new Coding()
                  .setSystem("urn:ietf:rfc:3986")
                  .setCode("urn:oid:1.2.840.10008.5.1.4.1.1.7"));
    }
    return study;
  }

  private static UUID imageId(SentenceResult result) {
    return ResultKey.derive(
        "provenance",
        result.key().captureSeriesInstanceUid(),
        result.image().sopInstanceUid(),
        String.valueOf(result.image().frame()));
  }

  private static Identifier tag(UUID id) {
    return FhirNames.identifier(id);
  }

  private static void put(Bundle bundle, Resource resource, String parameter, Identifier key) {
    String query =
        parameter
            + "="
            + URLEncoder.encode(key.getSystem() + "|" + key.getValue(), StandardCharsets.UTF_8);
    bundle
        .addEntry()
        .setFullUrl("urn:uuid:" + resource.getIdPart())
        .setResource(resource)
        .getRequest()
        .setMethod(HTTPVerb.PUT)
        .setUrl(resource.fhirType() + "?" + query);
  }

  private static Reference reference(Resource resource) {
    return reference(resource.fhirType(), UUID.fromString(resource.getIdPart()));
  }

  private static Reference reference(String type, UUID id) {
    return new Reference("urn:uuid:" + id).setType(type);
  }

  public static String json(Bundle bundle) {
    return Fhir.R4.newJsonParser().setPrettyPrint(true).encodeResourceToString(bundle);
  }

  /** The Bundle's resources as the service's own {@code /fhir} keeps them. */
  public static List<StoredResource> resources(Bundle bundle) {
    return bundle.getEntry().stream().map(entry -> FhirResource.of(entry.getResource())).toList();
  }
}
