package org.m2ib.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The answer to STOW-RS (PS3.18 I.2) in the DICOM JSON Model (PS3.18 F). Codes and UIDs are read,
 * and no text, which may quote the objects.
 *
 * @param stored SOP Instance UIDs that it names as stored
 * @param failed failure reasons by the SOP Instance UID of what was not stored; -1 if it gives none
 * @param others reasons of failures of which it does not know the object
 */
record StowAnswer(Set<String> stored, Map<String, Integer> failed, Set<Integer> others) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FAILED_SOP_SEQUENCE = "00081198";
  private static final String REFERENCED_SOP_SEQUENCE = "00081199";
  private static final String OTHER_FAILURES_SEQUENCE = "0008119A";
  private static final String REFERENCED_SOP_INSTANCE_UID = "00081155";
  private static final String FAILURE_REASON = "00081197";
  private static final int NO_REASON = -1;

  /** Empty if the body is no such answer. */
  static Optional<StowAnswer> read(byte[] body) {
    JsonNode dataSet;
    try {
      dataSet = JSON.readTree(body);
    } catch (IOException | StackOverflowError e) {
      return Optional.empty();
    }
    if (dataSet != null && dataSet.isArray() && dataSet.size() == 1) { // as search answers are
      dataSet = dataSet.get(0);
    }
    if (dataSet == null
        || !dataSet.isObject()
        || !(dataSet.has(FAILED_SOP_SEQUENCE)
            || dataSet.has(REFERENCED_SOP_SEQUENCE)
            || dataSet.has(OTHER_FAILURES_SEQUENCE))) {
      return Optional.empty();
    }
    Set<String> stored = new HashSet<>();
    for (JsonNode item : dataSet.path(REFERENCED_SOP_SEQUENCE).path("Value")) {
      stored.add(uid(item));
    }
    Map<String, Integer> failed = new LinkedHashMap<>();
    for (JsonNode item : dataSet.path(FAILED_SOP_SEQUENCE).path("Value")) {
      failed.put(uid(item), reason(item));
    }
    Set<Integer> others = new LinkedHashSet<>();
    for (JsonNode item : dataSet.path(OTHER_FAILURES_SEQUENCE).path("Value")) {
      others.add(reason(item));
    }
    return Optional.of(new StowAnswer(stored, failed, others));
  }

  private static String uid(JsonNode item) {
    return item.path(REFERENCED_SOP_INSTANCE_UID).path("Value").path(0).asText();
  }

  private static int reason(JsonNode item) {
    return item.path(FAILURE_REASON).path("Value").path(0).asInt(NO_REASON);
  }

  /** Why an object is not stored; empty if it is. */
  Optional<String> problem(String sopInstanceUid) {
    Integer reason = failed.get(sopInstanceUid);
    if (reason != null && reason != FailureReasons.DUPLICATE) {
      return Optional.of(text(reason));
    }
    if (reason != null || stored.contains(sopInstanceUid)) {
      return Optional.empty();
    }
    // without a reference, a failure may be of this object
    return Optional.of(others.stream().findFirst().map(StowAnswer::text).orElse("not confirmed"));
  }

  private static String text(int reason) {
    return reason < 0 ? "failed without a reason" : FailureReasons.text(reason);
  }
}
