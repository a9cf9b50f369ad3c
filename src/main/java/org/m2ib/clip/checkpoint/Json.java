package org.m2ib.clip.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.m2ib.clip.ModelException;

/** Parses JSON of a checkpoint strictly: valid UTF-8, no duplicate keys. */
final class Json {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private Json() {}

  /**
   * @param what which part of the file this is, for messages
   * @throws ModelException if it is not a JSON object
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
      // The parser's message may quote the input.
      throw new ModelException(file, what + " is not JSON, or repeats a key", e);
    }
  }
}
