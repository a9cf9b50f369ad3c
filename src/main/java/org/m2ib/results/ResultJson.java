package org.m2ib.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

/** A result as JSON, as the database keeps it. */
public final class ResultJson {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private ResultJson() {}

  public static String write(SentenceResult result) {
    try {
      return JSON.writeValueAsString(result);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a result cannot be written as JSON", e);
    }
  }

  /**
   * @throws IllegalArgumentException when it is not what {@link #write} writes
   */
  public static SentenceResult read(String json) {
    try {
      return JSON.readValue(json, SentenceResult.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a stored result: " + e.getOriginalMessage(), e);
    }
  }
}
