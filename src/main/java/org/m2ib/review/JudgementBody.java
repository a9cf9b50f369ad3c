package org.m2ib.review;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import jakarta.ws.rs.core.MediaType;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.m2ib.api.JsonBody;
import org.m2ib.api.ProblemException;
import org.m2ib.judging.Region;
import org.m2ib.judging.Stage;

/**
 * The body of a judgement.
 *
 * @param id made by the client, so that it can send it again without making a second one; null: the
 *     service makes one
 * @param scheme its code; null: the usual one
 * @param version that the person saw; null: the one in force
 * @param answers choices by question
 * @param stage whether the person had seen the map
 * @param arbitration whether it decides between readers that differ
 * @param campaign that asked for it; null outside of one
 * @param region where the finding is, as the person drew it; null if they did not
 * @param note {@code ""} for none
 */
record JudgementBody(
    UUID id,
    String scheme,
    String version,
    Map<String, String> answers,
    Stage stage,
    boolean arbitration,
    UUID campaign,
    Region region,
    String note) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_BYTES = 64 << 10;
  private static final List<String> FIELDS =
      List.of(
          "id",
          "scheme",
          "version",
          "answers",
          "stage",
          "arbitration",
          "campaign",
          "region",
          "note");

  /**
   * @throws ProblemException 413, 415 or 400, saying what is wrong and what is allowed
   */
  static JudgementBody read(MediaType type, byte[] body) {
    JsonBody.requireJson(type);
    JsonBody.requireAtMost(MOST_BYTES, body);
    JsonNode json = JsonBody.object(body, " with answers");
    for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
      if (!FIELDS.contains(names.next())) {
        throw new ProblemException(
            400, "body: unknown field; the fields are " + String.join(", ", FIELDS));
      }
    }
    String stage = text(json, "stage");
    JsonNode arbitration = json.path("arbitration");
    if (!arbitration.isBoolean() && !isAbsent(arbitration)) {
      throw new ProblemException(400, "arbitration: must be true or false");
    }
    String note = text(json, "note");
    return new JudgementBody(
        uuid(json, "id"),
        text(json, "scheme"),
        text(json, "version"),
        answers(json.path("answers")),
        stage == null
            ? Stage.WITH_MAP
            : Stage.of(stage)
                .orElseThrow(
                    () -> new ProblemException(400, "stage: must be one of " + Stage.codes())),
        arbitration.asBoolean(),
        uuid(json, "campaign"),
        region(json.path("region")),
        note == null ? "" : note);
  }

  private static Map<String, String> answers(JsonNode json) {
    Map<String, String> answers = new LinkedHashMap<>();
    if (!json.isObject()) {
      throw new ProblemException(400, "answers: must be an object with a choice for each question");
    }
    json.fields()
        .forEachRemaining(
            answer -> {
              if (!answer.getValue().isTextual()) {
                throw new ProblemException(400, "answers: a choice must be text");
              }
              answers.put(answer.getKey(), answer.getValue().textValue());
            });
    return answers;
  }

  private static Region region(JsonNode json) {
    if (isAbsent(json)) {
      return null;
    }
    try {
      return JSON.treeToValue(json, Region.class);
    } catch (ValueInstantiationException e) {
      String why = e.getCause().getMessage();
      throw new ProblemException(400, why.startsWith("region") ? why : "region.shape: " + why);
    } catch (JsonProcessingException e) { // its message quotes the body
      throw new ProblemException(
          400,
          "region: must have sopInstanceUid, frame, shape (box, ellipse or polygon) and points");
    }
  }

  private static UUID uuid(JsonNode json, String field) {
    String text = text(json, field);
    try {
      return text == null ? null : UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(400, field + ": must be a UUID");
    }
  }

  private static String text(JsonNode json, String field) {
    JsonNode value = json.path(field);
    if (!value.isTextual() && !isAbsent(value)) {
      throw new ProblemException(400, field + ": must be text");
    }
    return value.textValue();
  }

  private static boolean isAbsent(JsonNode value) {
    return value.isNull() || value.isMissingNode();
  }
}
