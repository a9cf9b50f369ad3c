package org.m2ib.lab.datasets;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Annotations as JSON. */
final class JsonFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonFile() {}

  /**
   * @throws IOException if it is not JSON; the message names file and line
   */
  static JsonNode tree(Path file) throws IOException {
    try {
      return JSON.readTree(file.toFile());
    } catch (JsonProcessingException e) {
      throw notJson(file, e);
    }
  }

  /**
   * The field names of the object in the file, or of the first in its array; values are skipped,
   * however large.
   *
   * @param depth 0 for that object, 1 for the value of its first field, and so on
   */
  static Set<String> names(Path file, int depth) throws IOException {
    Set<String> names = new HashSet<>();
    try (JsonParser parser = JSON.createParser(file.toFile())) {
      JsonToken first = parser.nextToken();
      if (first == JsonToken.START_ARRAY) {
        first = parser.nextToken();
      }
      for (int i = 0; i < depth && first == JsonToken.START_OBJECT; i++) {
        parser.nextToken(); // its name, or its end
        first = parser.nextToken();
      }
      while (first == JsonToken.START_OBJECT && parser.nextToken() == JsonToken.FIELD_NAME) {
        names.add(parser.currentName());
        parser.nextToken();
        parser.skipChildren();
      }
      return names;
    } catch (JsonProcessingException e) {
      throw notJson(file, e);
    }
  }

  private static IOException notJson(Path file, JsonProcessingException e) {
    return new IOException(
        "%s, line %d: not JSON: %s"
            .formatted(file, e.getLocation().getLineNr(), e.getOriginalMessage()),
        e);
  }
}
