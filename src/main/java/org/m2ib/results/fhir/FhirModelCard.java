package org.m2ib.results.fhir;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.hl7.fhir.r4.model.DocumentReference;
import org.hl7.fhir.r4.model.Enumerations.DocumentReferenceStatus;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Reference;
import org.m2ib.base.Notice;
import org.m2ib.clip.ModelCard;
import org.m2ib.results.ResultKey;
import org.m2ib.results.SentenceResult;

/**
 * Builds the DocumentReference with a model's card, to which the Device refers as HL7's AI
 * Transparency on FHIR has it; docs/fhir has its profile.
 */
final class FhirModelCard {
  private static final String EXTENSION =
      FhirNames.AI_TRANSPARENCY + "/StructureDefinition/aitransparency.modelCardDescription";

  private FhirModelCard() {}

  /** The attachment's content. */
  private record Attached(@JsonUnwrapped ModelCard card, String notice) {}

  static UUID id(ModelCard model) {
    byte[] statements = FhirAttachment.bytes(new Attached(model, ""));
    return ResultKey.derive(FhirNames.MODEL_CARD, new String(statements, StandardCharsets.UTF_8));
  }

  static DocumentReference of(FhirNames names, SentenceResult result) {
    ModelCard model = result.model();
    String notice = Notice.AUDIT + FhirObservation.warning(result);
    DocumentReference d = new DocumentReference();
    d.getMeta().addProfile(names.profile("model-card"));
    d.addIdentifier(FhirNames.identifier(id(model)));
    d.setStatus(DocumentReferenceStatus.CURRENT);
    d.setType(names.code(FhirNames.MODEL_CARD, "Model card"));
    d.setDescription("Card of the model " + model.name() + ". " + notice);
    d.addContent()
        .setAttachment(
            FhirAttachment.json(new Attached(model, notice), "Model card of " + model.name()));
    return d;
  }

  /** The Device's extension that refers to the card. */
  static Extension extension(Reference card) {
    return new Extension(EXTENSION, card);
  }
}
