package org.m2ib.clip.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.m2ib.clip.ModelException;

/** JSON of a checkpoint: strict UTF-8, no key twice. */
final class Json {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private Json() {}

  /**
   * @param what of the file it is, for messages
   * @throws ModelException when it is no JSON object
   */
  static JsonNode object(String file, String what, byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      JsonNode json = MAPPER.readTree(text);
      if (json == null || !json.isObject()) {
        throw new ModelException(file, what + " is not a JSON object");
      }
      return json;
    } catch (CharacterCodingException e) {
      throw new ModelException(file, what + " is not UTF-8", e);
    } catch (IOException e) {
      // The parser's own message may quote what it met.
      throw new ModelException(file, what + " is not JSON, or repeats a key", e);
    }
  }
}
