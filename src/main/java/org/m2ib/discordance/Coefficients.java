package org.m2ib.discordance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What was fitted for one model. docs/discordance.md says how it is made.
 *
 * @param model SHA-256 of the model's files; for another model they mean nothing
 * @param made how: command, number and seeds of the phantoms
 * @param sentences of the list: mean and standard deviation of their similarity over images
 * @param seen by finding: whether the image shows it
 * @param left by finding: whether it is on the left, if the image shows it
 * @param zone by finding: whether it is in a zone, if the image shows it
 * @param kinds by kind: whether a sentence is wrong, if one of two such sentences is
 * @param textOnly by kind: the same by {@link TextFeatures}, without any image; empty if they were
 *     made before there was such a control
 */
public record Coefficients(
    String model,
    Map<String, String> made,
    Map<String, Spread> sentences,
    Map<String, Logistic> seen,
    Map<String, Logistic> left,
    Map<String, Logistic> zone,
    Map<Kind, Logistic> kinds,
    Map<Kind, Logistic> textOnly) {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private static final Coefficients BUILT_IN = builtIn();

  public Coefficients {
    textOnly = textOnly == null ? Map.of() : textOnly;
  }

  /**
   * @param mean of the cosine
   * @param deviation of the cosine, above 0
   */
  public record Spread(double mean, double deviation) {
    double standardised(double similarity) {
      return (similarity - mean) / deviation;
    }
  }

  /**
   * Those in this program.
   *
   * @param model SHA-256 of the model's files
   * @return empty if none were made for it: no probability can be given
   */
  public static Optional<Coefficients> of(String model) {
    return Optional.ofNullable(BUILT_IN).filter(made -> made.model.equals(model));
  }

  private static Coefficients builtIn() {
    try (InputStream in = Coefficients.class.getResourceAsStream("coefficients.json")) {
      return in == null ? null : JSON.readValue(in, Coefficients.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Those of a file that {@link #json} made.
   *
   * @throws IOException if it cannot be read, is not JSON of this form, or something is missing;
   *     the message names the file, says what is wrong, and how such files are made
   */
  public static Coefficients read(Path file) throws IOException {
    try {
      return read(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw wrong(file, "no such file", e);
    } catch (JsonProcessingException e) {
      throw wrong(file, "no coefficients", e);
    } catch (IOException e) {
      throw wrong(file, e.getMessage(), e);
    }
  }

  private static IOException wrong(Path file, String what, IOException cause) {
    return new IOException(
        "%s: %s; ./m2ib evaluate discordance --fit FILE writes such files".formatted(file, what),
        cause);
  }

  static Coefficients read(byte[] json) throws IOException {
    Coefficients read = JSON.readValue(json, Coefficients.class);
    if (read == null || read.model == null) {
      throw new IOException("it names no model");
    }
    for (String sentence : StandardFinding.allSentences()) {
      has(read.sentences, sentence, "sentences");
    }
    for (StandardFinding finding : StandardFinding.all()) {
      has(read.seen, finding.code(), "seen");
      if (finding.sided()) {
        has(read.left, finding.code(), "left");
      }
      if (finding.zoned()) {
        has(read.zone, finding.code(), "zone");
      }
    }
    for (Kind kind : Kind.values()) {
      if (kind != Kind.CONTRADICTION) {
        has(read.kinds, kind, "kinds");
      }
    }
    return read;
  }

  private static <K> void has(Map<K, ?> map, K key, String name) throws IOException {
    if (map == null || map.get(key) == null) {
      throw new IOException("\"%s\" has no \"%s\"".formatted(name, key));
    }
  }

  public byte[] json() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
