package org.m2ib.clip;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.m2ib.base.Digests;
import org.m2ib.imaging.Geometry;
import org.m2ib.imaging.Preprocessor;

/**
 * Accesses the files of a model folder and creates its card. Records which files were read, for the
 * hash.
 */
public final class ModelFolder {
  public static final String CONFIG = "config.json";
  public static final String PREPROCESSOR = "preprocessor_config.json";

  /** Replaces preprocessor_config.json in transformers 5; also holds settings of the tokeniser. */
  static final String PROCESSOR = "processor_config.json";

  private static final ConfigKeys PROCESSOR_KEYS =
      new ConfigKeys().any("image_processor", "processor_class", "tokenizer", "image_seq_length");

  private final Path folder;

  /** The files read so far in name order, the order of the hash. */
  private final Map<String, Path> read = new TreeMap<>();

  /**
   * @throws ModelException if the folder does not exist
   */
  public ModelFolder(Path folder) {
    this.folder = folder;
    if (!Files.isDirectory(folder)) {
      throw new ModelException(String.valueOf(folder.getFileName()), "no such folder");
    }
  }

  public boolean has(String file) {
    return Files.isRegularFile(folder.resolve(file));
  }

  /**
   * Returns a file and records it as part of the model.
   *
   * @throws ModelException if it does not exist
   */
  public Path path(String file) {
    if (!has(file)) {
      throw new ModelException(file, "is missing from the model folder");
    }
    return reads(folder.resolve(file));
  }

  /** Records that a file is part of the model. */
  public Path reads(Path file) {
    read.put(folder.relativize(file).toString(), file);
    return file;
  }

  /**
   * @throws ModelException if the file does not exist or is not a JSON object
   */
  public JsonNode json(String file) {
    try {
      JsonNode json = new ObjectMapper().readTree(path(file).toFile());
      if (json == null || !json.isObject()) {
        throw new ModelException(file, "is not a JSON object");
      }
      return json;
    } catch (JsonProcessingException e) {
      throw new ModelException(file, "is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new ModelException(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Reads preprocessor_config.json or, if there is none, uses the family's default.
   *
   * @param otherwise the family's default, in the form of preprocessor_config.json
   * @throws ModelException if neither can be followed
   */
  public Preprocessor preprocessor(int imageSize, Supplier<JsonNode> otherwise) {
    try {
      Preprocessor preprocessor = stated(otherwise);
      Geometry square = preprocessor.geometry(imageSize, imageSize);
      if (square.inputRows() != imageSize || square.inputColumns() != imageSize) {
        throw new ModelException(
            PREPROCESSOR,
            "produces images of %d x %d pixels, but the image tower takes %d x %d"
                .formatted(square.inputColumns(), square.inputRows(), imageSize, imageSize));
      }
      return preprocessor;
    } catch (IOException e) {
      throw new ModelException(PREPROCESSOR, "cannot be read: " + e.getMessage(), e);
    }
  }

  private Preprocessor stated(Supplier<JsonNode> otherwise) throws IOException {
    JsonNode whole = jsonOrEmpty(PROCESSOR);
    PROCESSOR_KEYS.check(PROCESSOR, "", whole);
    JsonNode image = whole.path("image_processor");
    if (has(PREPROCESSOR)) {
      if (image.isObject() && !image.equals(json(PREPROCESSOR))) {
        throw new ModelException(
            PROCESSOR, "image_processor differs from " + PREPROCESSOR + "; keep the correct one");
      }
      return Preprocessor.read(path(PREPROCESSOR));
    }
    if (image.isObject()) {
      return Preprocessor.of(path(PROCESSOR), image);
    }
    return Preprocessor.of(folder, otherwise.get());
  }

  /**
   * Returns the card of model-card.json; without one, the folder's name stands for the model. Call
   * it last: its hash covers the files read so far.
   */
  public ModelCard card() {
    CardFile card = stated(); // read before the hash, which covers it too
    return card.card(name(), hash());
  }

  /** Returns the card before the model's files have been read, with the hash {@code ""}. */
  public ModelCard cardWithoutHash() {
    return stated().card(name(), "");
  }

  private String name() {
    return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
  }

  /**
   * Returns the tower for the input size that model-card.json requests.
   *
   * @throws ModelException if the tower cannot have that size
   */
  public ImageEncoder resized(ImageEncoder image) {
    int size = stated().imageSize().orElse(image.imageSize());
    try {
      return size == image.imageSize() ? image : image.resized(size);
    } catch (IllegalArgumentException e) {
      throw new ModelException(CardFile.NAME, "imageSize = " + size + ": " + e.getMessage(), e);
    }
  }

  /** Returns the attribution settings of model-card.json. */
  public ChosenSettings chosen() {
    return stated().chosen();
  }

  private CardFile stated() {
    return new CardFile(jsonOrEmpty(CardFile.NAME));
  }

  /** As {@link #json}, but an empty object if the file does not exist. */
  public JsonNode jsonOrEmpty(String file) {
    return has(file) ? json(file) : JsonNodeFactory.instance.objectNode();
  }

  /** Hashes name, a zero byte, length (8 bytes) and content of each file that was read. */
  private String hash() {
    try {
      MessageDigest digest = Digests.sha256();
      for (Map.Entry<String, Path> file : read.entrySet()) {
        digest.update((file.getKey() + '\0').getBytes(StandardCharsets.UTF_8));
        digest.update(ByteBuffer.allocate(8).putLong(Files.size(file.getValue())).array());
        try (InputStream in = Files.newInputStream(file.getValue());
            OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
          in.transferTo(out);
        } catch (IOException e) {
          throw new ModelException(file.getKey(), "cannot be read: " + e.getMessage(), e);
        }
      }
      return Digests.hex(digest);
    } catch (IOException e) {
      throw new ModelException(String.valueOf(folder.getFileName()), "cannot be read", e);
    }
  }
}
