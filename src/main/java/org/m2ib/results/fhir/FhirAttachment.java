package org.m2ib.results.fhir;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.hl7.fhir.r4.model.Attachment;
import org.m2ib.base.Digests;

/** JSON inside a DocumentReference (FHIR R4 datatypes.html#Attachment). */
final class FhirAttachment {
  private static final ObjectMapper JSON = new ObjectMapper();

  private FhirAttachment() {}

  /** Its hash is SHA-1, as R4 has it. */
  static Attachment json(Object content, String title) {
    byte[] bytes = bytes(content);
    return new Attachment()
        .setContentType("application/json")
        .setData(bytes)
        .setSize(bytes.length)
        .setHash(Digests.sha1().digest(bytes))
        .setTitle(title);
  }

  static byte[] bytes(Object content) {
    try {
      return JSON.writeValueAsBytes(content);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an attachment cannot be written as JSON", e);
    }
  }
}
