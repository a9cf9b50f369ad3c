package org.m2ib.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;

/** Reads the body of a request; no refusal quotes it. */
public final class JsonBody {
  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonBody() {}

  /**
   * Refuses what a form of another site can send: text or a form, never JSON (Fetch,
   * "CORS-safelisted").
   *
   * @throws ProblemException 415 unless the type is JSON
   */
  public static void requireJson(MediaType type) {
    if (type == null || !type.isCompatible(MediaType.APPLICATION_JSON_TYPE)) {
      throw new ProblemException(415, "Content-Type: must be application/json");
    }
  }

  /**
   * @throws ProblemException 413 if the body is longer
   */
  public static void requireAtMost(int bytes, byte[] body) {
    if (body.length > bytes) {
      throw new ProblemException(413, "body: at most " + bytes + " bytes");
    }
  }

  /**
   * @param with what it must have, as the refusal says it; {@code ""} if that is said elsewhere
   * @throws ProblemException 400 if it is no JSON object
   */
  public static JsonNode object(byte[] body, String with) {
    try {
      JsonNode json = JSON.readTree(body);
      if (json != null && json.isObject()) {
        return json;
      }
    } catch (IOException e) {
      // its message quotes the body
    }
    throw notAnObject(with);
  }

  /** The refusal of a body that is no JSON object, or has something else. */
  public static ProblemException notAnObject(String with) {
    return new ProblemException(400, "body: must be a JSON object" + with);
  }
}
