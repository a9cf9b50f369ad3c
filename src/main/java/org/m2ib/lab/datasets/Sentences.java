package org.m2ib.lab.datasets;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The sentences for classes of a data set without phrases: {@code There is {class}.}, or the entry
 * of {@code sentences.json} for a class, or for all under {@code *}.
 *
 * @param byClass class as named by the data set, or {@code *}, to sentence
 */
record Sentences(Map<String, String> byClass) {
  static final String FILE = "sentences.json";
  private static final String ANY = "*";
  private static final String PLACE = "{class}";

  /** Words such as "Opacity"; "ILD" and "PA" stay as they are. */
  private static final Pattern CAPITALISED = Pattern.compile("\\b\\p{Lu}(?=\\p{Ll})");

  /**
   * For a folder; the default if the file does not exist.
   *
   * @throws IOException if it is not an object of texts; the message names the file
   */
  static Sentences of(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return new Sentences(Map.of());
    }
    Map<String, String> read;
    try {
      read = new ObjectMapper().readValue(file.toFile(), new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new IOException(
          file + ": must be like {\"*\": \"There is {class}.\", \"ILD\": \"...\"}", e);
    }
    for (Map.Entry<String, String> entry : read.entrySet()) {
      if (entry.getValue() == null || entry.getValue().isBlank()) {
        throw new IOException(file + ": no sentence for '" + entry.getKey() + "'");
      }
    }
    return new Sentences(read);
  }

  String of(String category) {
    String words =
        CAPITALISED.matcher(category).replaceAll(m -> m.group().toLowerCase(Locale.ROOT));
    String general = byClass.getOrDefault(ANY, "There is " + PLACE + ".");
    return byClass.getOrDefault(category, general).replace(PLACE, words);
  }
}
