package org.m2ib.results.fhir;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.UUID;
import org.hl7.fhir.r4.model.DocumentReference;
import org.hl7.fhir.r4.model.DocumentReference.DocumentReferenceContextComponent;
import org.hl7.fhir.r4.model.Enumerations.DocumentReferenceStatus;
import org.hl7.fhir.r4.model.Narrative.NarrativeStatus;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.utilities.xhtml.NodeType;
import org.hl7.fhir.utilities.xhtml.XhtmlNode;
import org.m2ib.base.Notice;
import org.m2ib.cases.StorableText;
import org.m2ib.results.InteractionsDocument;
import org.m2ib.results.ResultKey;
import org.m2ib.results.SentenceResult;

/**
 * Builds the DocumentReference that has the interactions of one result as JSON (FHIR R4
 * documentreference.html); docs/fhir has its profile. Its Observation is derived from it.
 */
final class FhirInteractions {
  private static final String TITLE = "Which word goes with which region, by a model";

  private final FhirReferences references;

  FhirInteractions(FhirReferences references) {
    this.references = references;
  }

  /** The attachment's content. */
  private record Attached(@JsonUnwrapped InteractionsDocument document, String notice) {}

  static UUID id(SentenceResult result) {
    return ResultKey.derive(FhirNames.INTERACTIONS, result.key().id().toString());
  }

  /**
   * @param result with interactions
   * @param withdrawn whether it is no longer valid
   */
  DocumentReference of(SentenceResult result, boolean withdrawn, Reference device) {
    String notice = Notice.AUDIT + FhirObservation.warning(result);
    DocumentReference d = new DocumentReference();
    d.getMeta().addProfile(references.names().profile("interactions"));
    references.label(d);
    narrate(d, result, withdrawn, notice);
    d.addIdentifier(FhirNames.identifier(id(result)));
    d.setStatus(
        withdrawn ? DocumentReferenceStatus.ENTEREDINERROR : DocumentReferenceStatus.CURRENT);
    d.setType(
        references.names().code(FhirNames.INTERACTIONS, "Word-region interactions of a model"));
    d.setSubject(references.patient(result.study()));
    d.setDateElement(FhirReferences.instant(result.computed()));
    d.addAuthor(device);
    d.setDescription(TITLE + ". " + notice);
    d.addContent()
        .setAttachment(
            FhirAttachment.json(new Attached(InteractionsDocument.of(result), notice), TITLE));
    context(d, result);
    return d;
  }

  /** The study and the report, by identifier like the Observation's. */
  private void context(DocumentReference d, SentenceResult result) {
    DocumentReferenceContextComponent context = d.getContext();
    Reference encounter = references.encounter(result.study());
    if (encounter != null) {
      context.addEncounter(encounter);
    }
    context.addRelated(
        FhirReferences.logical(
            "ImagingStudy", FhirNames.dicomUid(result.study().studyInstanceUid())));
    context.addRelated(references.report(result));
  }

  private static void narrate(
      DocumentReference d, SentenceResult result, boolean withdrawn, String notice) {
    XhtmlNode div = new XhtmlNode(NodeType.Element, "div");
    div.attribute("xmlns", "http://www.w3.org/1999/xhtml");
    div.addTag("p").addText(TITLE + ": " + StorableText.of(result.sentence().text()));
    if (withdrawn) {
      div.addTag("p").addText("Withdrawn: its report no longer contains the sentence.");
    }
    div.addTag("p").addText(notice);
    d.getText().setStatus(NarrativeStatus.GENERATED).setDiv(div);
  }
}
