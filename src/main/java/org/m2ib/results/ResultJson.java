package org.m2ib.results;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import org.m2ib.attribution.Attribution;

/** Converts results to and from the JSON stored in the database. */
public final class ResultJson {

  /** Unknown fields of later versions are ignored; a missing figure is never read as 0. */
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .addMixIn(Attribution.class, StoredAttribution.class)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

  private ResultJson() {}

  /** The stored name of the map dates from when M2IB was the only method. */
  private interface StoredAttribution {
    @JsonProperty("bits")
    double[][] map();
  }

  public static String write(SentenceResult result) {
    try {
      return JSON.writeValueAsString(result);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a result cannot be written as JSON", e);
    }
  }

  /**
   * @throws IllegalArgumentException if it was not written by {@link #write}; names the place
   */
  public static SentenceResult read(String json) {
    try {
      return JSON.readValue(json, SentenceResult.class);
    } catch (JsonMappingException e) {
      throw new IllegalArgumentException("not a stored result, at " + e.getPathReference());
    } catch (JsonProcessingException e) { // without it as the cause: it quotes the patient's text
      throw new IllegalArgumentException("not a stored result: not JSON");
    }
  }
}
