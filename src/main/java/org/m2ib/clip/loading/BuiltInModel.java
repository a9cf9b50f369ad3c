package org.m2ib.clip.loading;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.m2ib.clip.ModelException;

/** The small models that come with the program, each as a folder. */
public enum BuiltInModel {
  /** Trained on phantoms; what the service uses if no other model is configured. */
  PHANTOMS("built-in", "builtin"),
  /** Trained on collages of photographs, to measure methods. */
  COLLAGES("collages", "collages");

  /** The files of each. */
  private static final List<String> FILES =
      List.of(
          "config.json",
          "model-card.json",
          "model.safetensors",
          "preprocessor_config.json",
          "tokenizer.json");

  private final String title;
  private final String folder;

  BuiltInModel(String title, String folder) {
    this.title = title;
    this.folder = folder;
  }

  /** Name in commands. */
  public String title() {
    return title;
  }

  /**
   * @return empty if there is none of that name
   */
  public static Optional<BuiltInModel> named(String title) {
    return Arrays.stream(values()).filter(model -> model.title.equals(title)).findFirst();
  }

  /**
   * Unpacks it for as long as it is read.
   *
   * @throws ModelException when it cannot be unpacked
   */
  <T> T read(Function<Path, T> reader) {
    Path unpacked = null;
    try {
      unpacked = Files.createTempDirectory("m2ib-model");
      for (String file : FILES) {
        try (InputStream in =
            getClass().getResourceAsStream("/org/m2ib/clip/%s/%s".formatted(folder, file))) {
          if (in == null) {
            throw new ModelException(file, "is missing from the model " + title);
          }
          Files.copy(in, unpacked.resolve(file));
        }
      }
      return reader.apply(unpacked);
    } catch (IOException e) {
      throw new ModelException("model " + title, "cannot be unpacked: " + e.getMessage(), e);
    } finally {
      delete(unpacked);
    }
  }

  private static void delete(Path folder) {
    if (folder == null) {
      return;
    }
    try {
      for (String file : FILES) {
        Files.deleteIfExists(folder.resolve(file));
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // a temporary folder, which the system deletes
    }
  }
}
