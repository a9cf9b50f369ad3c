package org.m2ib.clip;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Reads model-card.json. Every key is optional. An invalid value is refused with its key. */
final class CardFile {
  static final String NAME = "model-card.json";

  private static final int MAX_IMAGE = 4096;

  private final JsonNode json;

  /**
   * @param json content of the file; an empty object if it is missing
   */
  CardFile(JsonNode json) {
    this.json = json;
  }

  /**
   * @param folder name of the model if the card has none
   * @param hash hash of the model's files
   */
  ModelCard card(String folder, String hash) {
    String name = json.has("name") ? text("name") : folder;
    if (name.isBlank() || name.length() > 64) {
      throw new ModelException(NAME, "name must have 1 to 64 characters (DICOM LO)");
    }
    String approvedBy = text("approvedBy");
    String approvedOn = date(json, "approvedOn", "approvedOn");
    if (approvedBy.isEmpty() != approvedOn.isEmpty()) {
      throw new ModelException(NAME, "approvedBy and approvedOn belong together; one is missing");
    }
    ChosenSettings chosen = chosen();
    return new ModelCard(
        name,
        text("version"),
        text("licence"),
        hash,
        text("warning"),
        text("intendedUse"),
        text("trainingData"),
        chosen.layer().isPresent() ? chosen.layer().getAsInt() : null,
        chosen.beta().isPresent() ? chosen.beta().getAsDouble() : null,
        contrast(),
        evaluation(),
        approvedBy,
        approvedOn);
  }

  /** Returns the card's settings for attribution. */
  ChosenSettings chosen() {
    JsonNode layer = json.path("layer");
    JsonNode beta = json.path("beta");
    if (!layer.isMissingNode() && !(layer.canConvertToInt() && layer.asInt() >= 0)) {
      throw new ModelException(NAME, "layer = " + layer + " is not a layer: must be at least 0");
    }
    if (!beta.isMissingNode() && !(beta.isNumber() && beta.asDouble() > 0)) {
      throw new ModelException(NAME, "beta = " + beta + " must be a number above 0");
    }
    JsonNode steps = json.path("steps");
    if (!steps.isMissingNode() && !(steps.canConvertToInt() && steps.asInt() >= 1)) {
      throw new ModelException(NAME, "steps = " + steps + " must be a number of steps, at least 1");
    }
    return new ChosenSettings(
        layer.isMissingNode() ? OptionalInt.empty() : OptionalInt.of(layer.asInt()),
        beta.isMissingNode() ? OptionalDouble.empty() : OptionalDouble.of(beta.asDouble()),
        steps.isMissingNode() ? OptionalInt.empty() : OptionalInt.of(steps.asInt()));
  }

  /**
   * Returns the input size in pixels, rows and columns, that the card requests; empty keeps the
   * size of training.
   */
  OptionalInt imageSize() {
    JsonNode size = json.path("imageSize");
    if (size.isMissingNode()) {
      return OptionalInt.empty();
    }
    if (!size.isInt() || size.asInt() < 1 || size.asInt() > MAX_IMAGE) {
      throw new ModelException(NAME, "imageSize = " + size + " must be 1 to " + MAX_IMAGE);
    }
    return OptionalInt.of(size.asInt());
  }

  private List<String> contrast() {
    JsonNode all = json.path("contrast");
    if (!all.isMissingNode() && (!all.isArray() || all.size() < 2)) {
      throw new ModelException(NAME, "contrast must be a list of at least two sentences");
    }
    List<String> contrast = new ArrayList<>();
    for (JsonNode one : all) {
      String key = "contrast[" + contrast.size() + "]";
      if (!one.isTextual() || one.asText().isBlank()) {
        throw new ModelException(NAME, key + " = " + one + " must be a sentence");
      }
      contrast.add(one.asText());
    }
    return contrast;
  }

  private List<ModelCard.Evaluation> evaluation() {
    JsonNode all = json.path("evaluation");
    if (!all.isMissingNode() && !all.isArray()) {
      throw new ModelException(NAME, "evaluation must be a list of {data, figure, value, date}");
    }
    List<ModelCard.Evaluation> evaluation = new ArrayList<>();
    for (JsonNode one : all) {
      String key = "evaluation[" + evaluation.size() + "].";
      String data = text(one, "data", key + "data");
      String figure = text(one, "figure", key + "figure");
      JsonNode value = one.path("value");
      String date = date(one, "date", key + "date");
      if (data.isEmpty() || figure.isEmpty() || date.isEmpty() || !value.isNumber()) {
        throw new ModelException(
            NAME, key + " needs data, figure and date as text, and value as a number");
      }
      evaluation.add(new ModelCard.Evaluation(data, figure, value.asDouble(), date));
    }
    return evaluation;
  }

  private String text(String key) {
    return text(json, key, key);
  }

  /** Rejects control characters, which XML cannot carry and an image cannot show. */
  private static String text(JsonNode object, String key, String path) {
    JsonNode value = object.path(key);
    if (!value.isMissingNode() && !value.isTextual()) {
      throw new ModelException(NAME, path + " = " + value + " must be text");
    }
    String text = value.asText().strip();
    if (text.codePoints().anyMatch(Character::isISOControl)) {
      throw new ModelException(NAME, path + " must be one line, without control characters");
    }
    return text;
  }

  private static String date(JsonNode object, String key, String path) {
    String text = text(object, key, path);
    try {
      return text.isEmpty() ? "" : LocalDate.parse(text).toString();
    } catch (DateTimeParseException e) {
      throw new ModelException(
          NAME, path + " = \"" + text + "\" must be a date, for example 2026-03-04");
    }
  }
}
