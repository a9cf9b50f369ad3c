package org.m2ib.operations;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.m2ib.api.JsonBody;
import org.m2ib.api.ProblemException;
import org.m2ib.cases.StorableText;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.routes.Fact;
import org.m2ib.routes.RouteKey;

/**
 * The body of a dry run of the routes: exactly one of a case, an accession number and attributes.
 *
 * @param caseId null: not given
 * @param accessionNumber of a case; null: not given
 * @param attributes values by keys of a route's conditions; null: not given
 */
record RouteTrialBody(UUID caseId, String accessionNumber, Map<String, String> attributes) {
  private static final int MOST_BYTES = 64 << 10;
  private static final int LONGEST = 256;
  private static final List<String> FIELDS = List.of("caseId", "accessionNumber", "attributes");
  private static final String AGE = RouteKey.PATIENT_AGE.key();
  private static final List<String> KEYS =
      Stream.concat(Arrays.stream(Fact.values()).map(Fact::key), Stream.of(AGE)).toList();

  /**
   * @throws ProblemException 413, 415 or 400, saying what is wrong and what is allowed
   */
  static RouteTrialBody read(MediaType type, byte[] body) {
    JsonBody.requireJson(type);
    JsonBody.requireAtMost(MOST_BYTES, body);
    String allowed = " with one of " + String.join(", ", FIELDS);
    JsonNode json = JsonBody.object(body, allowed);
    if (json.size() != 1 || !FIELDS.contains(json.fieldNames().next())) {
      throw JsonBody.notAnObject(allowed);
    }
    return new RouteTrialBody(
        uuid(json.path("caseId")),
        json.has("accessionNumber") ? text("accessionNumber", json.get("accessionNumber")) : null,
        json.has("attributes") ? attributes(json.get("attributes")) : null);
  }

  private static UUID uuid(JsonNode id) {
    try {
      return id.isMissingNode() ? null : UUID.fromString(id.asText());
    } catch (IllegalArgumentException e) {
      throw new ProblemException(400, "caseId: must be a UUID");
    }
  }

  private static Map<String, String> attributes(JsonNode json) {
    if (!json.isObject()) {
      throw new ProblemException(400, "attributes: must be an object");
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    json.fields()
        .forEachRemaining(
            each -> {
              if (!KEYS.contains(each.getKey())) {
                throw new ProblemException(
                    400, "attributes: unknown key; the keys are " + String.join(", ", KEYS));
              }
              attributes.put(each.getKey(), text(each.getKey(), each.getValue()));
            });
    if (attributes.containsKey(AGE) && !attributes.get(AGE).matches("[0-9]{3}[DWMY]")) {
      throw new ProblemException(400, AGE + ": must be an age as DICOM writes it, such as 018Y");
    }
    return attributes;
  }

  private static String text(String name, JsonNode value) {
    if (!value.isTextual() || value.asText().isBlank() || value.asText().length() > LONGEST) {
      throw new ProblemException(400, name + ": must be a text of at most " + LONGEST + " letters");
    }
    if (!StorableText.of(value.asText()).equals(value.asText())) {
      throw new ProblemException(400, name + ": has a control character, which no value has");
    }
    return value.asText().strip();
  }

  /** A value of the attributes; null if it is not given. */
  String attribute(Fact fact) {
    return attributes.get(fact.key());
  }

  /** The attributes as the header of an image. */
  DicomObject header() {
    DicomObject header = DicomObject.create();
    set(header, Tags.Modality, attribute(Fact.MODALITY));
    set(header, Tags.BodyPartExamined, attribute(Fact.BODY_PART_EXAMINED));
    set(header, Tags.StudyDescription, attribute(Fact.STUDY_DESCRIPTION));
    set(header, Tags.SeriesDescription, attribute(Fact.SERIES_DESCRIPTION));
    set(header, Tags.PatientSex, attribute(Fact.PATIENT_SEX));
    set(header, Tags.PatientAge, attributes.get(AGE));
    if (attribute(Fact.PROCEDURE_CODE) != null) {
      String[] code = attribute(Fact.PROCEDURE_CODE).split("\\^", 2);
      DicomObject item = header.addItem(Tags.ProcedureCodeSequence);
      set(item, Tags.CodeValue, code[0]);
      set(item, Tags.CodingSchemeDesignator, code.length > 1 ? code[1] : null);
    }
    return header;
  }

  private static void set(DicomObject header, int tag, String value) {
    if (value != null) {
      header.set(tag, value);
    }
  }
}
