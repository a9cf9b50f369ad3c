package org.m2ib.results.fhir;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.UUID;
import org.hl7.fhir.r4.model.Attachment;
import org.hl7.fhir.r4.model.DocumentReference;
import org.hl7.fhir.r4.model.Enumerations.DocumentReferenceStatus;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Reference;
import org.m2ib.base.Digests;
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

  private static final ObjectMapper JSON = new ObjectMapper();

  private FhirModelCard() {}

  /** The attachment's content. */
  private record Attached(@JsonUnwrapped ModelCard card, String notice) {}

  static UUID id(ModelCard model) {
    return ResultKey.derive(FhirNames.MODEL_CARD, content(model, ""));
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
    byte[] content = content(model, notice).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    d.addContent()
        .setAttachment(
            new Attachment()
                .setContentType("application/json")
                .setData(content)
                .setSize(content.length)
                .setHash(Digests.sha1().digest(content))
                .setTitle("Model card of " + model.name()));
    return d;
  }

  /** The Device's extension that refers to the card. */
  static Extension extension(Reference card) {
    return new Extension(EXTENSION, card);
  }

  private static String content(ModelCard model, String notice) {
    try {
      return JSON.writeValueAsString(new Attached(model, notice));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a model card cannot be written as JSON", e);
    }
  }
}
