package org.m2ib.clip;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.m2ib.imaging.Preprocessor;

/** The files of a model folder in Hugging Face's layout, and the card they make. */
final class ModelFolder {
  static final String CONFIG = "config.json";
  static final String WEIGHTS = "model.safetensors";
  static final String TOKENIZER = "tokenizer.json";
  static final String PREPROCESSOR = "preprocessor_config.json";
  static final String CARD = "model-card.json";

  /** In name order: the order of the hash. */
  static final List<String> FILES = List.of(CONFIG, CARD, WEIGHTS, PREPROCESSOR, TOKENIZER);

  private final Path folder;

  /**
   * @throws ModelException when a file that must be there is not
   */
  ModelFolder(Path folder) {
    this.folder = folder;
    if (!Files.isDirectory(folder)) {
      throw new ModelException(String.valueOf(folder.getFileName()), "is no folder");
    }
    if (!has(WEIGHTS) && has("pytorch_model.bin")) {
      throw new ModelException(
          "pytorch_model.bin", "is not read yet; convert it to " + WEIGHTS + " beside it");
    }
    for (String file : FILES) {
      if (!has(file) && !file.equals(CARD)) {
        throw new ModelException(file, "is missing from the model folder");
      }
    }
  }

  Path path(String file) {
    return folder.resolve(file);
  }

  JsonNode json(String file) {
    try {
      JsonNode json = new ObjectMapper().readTree(path(file).toFile());
      if (json == null || !json.isObject()) {
        throw new ModelException(file, "is no JSON object");
      }
      return json;
    } catch (JsonProcessingException e) {
      throw new ModelException(file, "is no JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new ModelException(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  Preprocessor preprocessor() {
    try {
      return Preprocessor.read(path(PREPROCESSOR));
    } catch (IOException e) {
      throw new ModelException(PREPROCESSOR, "cannot be read: " + e.getMessage(), e);
    }
  }

  /** The card that model-card.json states; without one, the folder's name stands for the model. */
  ModelCard card() {
    JsonNode card = stated();
    Path name = folder.toAbsolutePath().normalize().getFileName();
    String stated = card.path("name").asText(String.valueOf(name));
    if (stated.isBlank() || stated.length() > 64) {
      throw new ModelException(CARD, "name must have 1 to 64 characters (DICOM LO)");
    }
    return new ModelCard(
        stated,
        card.path("version").asText(""),
        card.path("licence").asText(""),
        hash(),
        card.path("warning").asText(""));
  }

  /** What model-card.json chose for the maps. */
  ChosenSettings chosen() {
    JsonNode card = stated();
    JsonNode layer = card.path("layer");
    JsonNode beta = card.path("beta");
    if (!layer.isMissingNode() && !(layer.canConvertToInt() && layer.asInt() >= 0)) {
      throw new ModelException(CARD, "layer = " + layer + " is no layer, 0 or more");
    }
    if (!beta.isMissingNode() && !(beta.isNumber() && beta.asDouble() > 0)) {
      throw new ModelException(CARD, "beta = " + beta + " is no number above 0");
    }
    return new ChosenSettings(
        layer.isMissingNode() ? OptionalInt.empty() : OptionalInt.of(layer.asInt()),
        beta.isMissingNode() ? OptionalDouble.empty() : OptionalDouble.of(beta.asDouble()));
  }

  /** model-card.json; nothing is stated where there is none. */
  private JsonNode stated() {
    return has(CARD) ? json(CARD) : JsonNodeFactory.instance.objectNode();
  }

  private boolean has(String file) {
    return Files.isRegularFile(path(file));
  }

  /** Over name, 0, length as 8 bytes, content of each file that is read. */
  private String hash() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String file : FILES.stream().filter(this::has).toList()) {
        digest.update((file + '\0').getBytes(StandardCharsets.UTF_8));
        digest.update(java.nio.ByteBuffer.allocate(8).putLong(Files.size(path(file))).array());
        try (InputStream in = Files.newInputStream(path(file));
            OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
          in.transferTo(out);
        } catch (IOException e) {
          throw new ModelException(file, "cannot be read: " + e.getMessage(), e);
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    } catch (IOException e) {
      throw new ModelException(String.valueOf(folder.getFileName()), "cannot be read", e);
    }
  }
}
