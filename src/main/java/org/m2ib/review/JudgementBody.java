package org.m2ib.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.util.Iterator;
import java.util.Set;
import org.m2ib.api.ProblemException;
import org.m2ib.cases.Verdict;

/**
 * The body of a judgement.
 *
 * @param note {@code ""} for none
 */
record JudgementBody(Verdict verdict, String note) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_BYTES = 64 << 10;
  private static final Set<String> FIELDS = Set.of("verdict", "note");

  /**
   * @throws ProblemException 413, 415 or 400, saying what is wrong and what is allowed
   */
  static JudgementBody read(MediaType type, byte[] body) {
    // a form of another site can send text or a form, never JSON (Fetch, "CORS-safelisted")
    if (type == null || !type.isCompatible(MediaType.APPLICATION_JSON_TYPE)) {
      throw new ProblemException(415, "Content-Type: must be application/json");
    }
    if (body.length > MOST_BYTES) {
      throw new ProblemException(413, "body: at most " + MOST_BYTES + " bytes");
    }
    JsonNode json = parse(body);
    for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
      if (!FIELDS.contains(names.next())) {
        throw new ProblemException(400, "body: unknown field; the fields are verdict and note");
      }
    }
    Verdict verdict =
        Verdict.of(json.path("verdict").textValue())
            .orElseThrow(
                () -> new ProblemException(400, "verdict: must be one of " + Verdict.codes()));
    JsonNode note = json.path("note");
    if (!note.isTextual() && !note.isNull() && !note.isMissingNode()) {
      throw new ProblemException(400, "note: must be text");
    }
    return new JudgementBody(verdict, note.isTextual() ? note.textValue() : "");
  }

  private static JsonNode parse(byte[] body) {
    try {
      JsonNode json = JSON.readTree(body);
      if (json != null && json.isObject()) {
        return json;
      }
    } catch (IOException e) {
      // its message quotes the body
    }
    throw new ProblemException(400, "body: must be a JSON object with verdict and note");
  }
}
