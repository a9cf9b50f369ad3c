package org.m2ib.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/**
 * What is stored of a discordance beside its columns.
 *
 * @param reason one sentence for a reader
 * @param sentence null for an omitted finding
 * @param other sentence that it contradicts; null for other kinds
 * @param parts of the score by name
 * @param similarity of sentence and image; null without an image
 * @param alternative the contrary or other side and its similarity; null if there is none
 */
public record DiscordanceBody(
    String reason,
    String sentence,
    String other,
    Map<String, Double> parts,
    Double similarity,
    Audit.Alternative alternative) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * @throws IllegalStateException if it is not one
   */
  public static DiscordanceBody read(String json) {
    try {
      return JSON.readValue(json, new TypeReference<DiscordanceBody>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored discordance cannot be read");
    }
  }

  public String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
