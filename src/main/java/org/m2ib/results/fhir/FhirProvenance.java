package org.m2ib.results.fhir;

import static org.m2ib.results.fhir.FhirReferences.logical;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Provenance;
import org.hl7.fhir.r4.model.Provenance.ProvenanceEntityRole;
import org.hl7.fhir.r4.model.Reference;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.results.ResultKey;
import org.m2ib.results.SentenceResult;

/**
 * Builds the Provenance of the results of one image and one wording of the report (FHIR R4
 * provenance.html).
 */
final class FhirProvenance {
  private FhirProvenance() {}

  static UUID id(SentenceResult result) {
    return ResultKey.derive(
        "provenance",
        result.key().captureSeriesInstanceUid(),
        result.image().sopInstanceUid(),
        String.valueOf(result.image().frame()),
        result.report().textHash());
  }

  /**
   * @param results that share {@link #id}
   * @param references to their Observations and DocumentReferences
   */
  static Provenance of(
      FhirNames names, List<SentenceResult> results, List<Reference> references, Reference device) {
    SentenceResult first = results.get(0);
    Identifier tag = FhirNames.identifier(id(first)); // R4's Provenance has no identifier
    Provenance provenance = new Provenance();
    provenance
        .getMeta()
        .addProfile(names.profile("provenance"))
        .addTag(new Coding().setSystem(tag.getSystem()).setCode(tag.getValue()));
    references.forEach(provenance::addTarget);
    results.stream()
        .map(result -> result.capture().sopInstanceUid())
        .distinct()
        .forEach(
            uid ->
                provenance.addTarget(
                    logical("Media", FhirNames.dicomUid(uid)).setDisplay("Secondary capture")));
    Instant last =
        results.stream().map(SentenceResult::computed).max(Comparator.naturalOrder()).get();
    provenance.setRecordedElement(FhirReferences.instant(last));
    provenance.setActivity(
        new CodeableConcept().setText(Methods.card(first.attribution().method()).attribution()));
    provenance.addAgent().setWho(device).getType().addCoding(performer());
    entity(
        provenance,
        logical("Media", FhirNames.dicomUid(first.image().sopInstanceUid()))
            .setDisplay("Source image"));
    entity(
        provenance,
        logical("DiagnosticReport", names.sha256(first.report().textHash()))
            .setDisplay("Text of report " + first.report().id()));
    entity(
        provenance,
        logical("Device", names.sha256(first.model().hash()))
            .setDisplay("Model " + first.model().name()));
    return provenance;
  }

  private static void entity(Provenance provenance, Reference what) {
    provenance.addEntity().setRole(ProvenanceEntityRole.SOURCE).setWhat(what);
  }

  private static Coding performer() {
    return new Coding(
        "http://terminology.hl7.org/CodeSystem/provenance-participant-type",
        "performer",
        "Performer");
  }
}
