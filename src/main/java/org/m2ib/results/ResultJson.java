package org.m2ib.results;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import org.m2ib.attribution.Attribution;

/** A result as JSON, as the database keeps it. */
public final class ResultJson {

  /** What a later version adds is passed over; a figure that is missing is never taken for 0. */
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .addMixIn(Attribution.class, StoredAttribution.class)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

  private ResultJson() {}

  /** The map's stored name is from when there was M2IB alone. */
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
   * @throws IllegalArgumentException when it is not what {@link #write} writes; it names the place
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
