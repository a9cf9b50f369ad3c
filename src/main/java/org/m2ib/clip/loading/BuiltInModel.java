package org.m2ib.clip.loading;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.m2ib.clip.ModelException;

/** The small model that comes with the program, as a folder. */
final class BuiltInModel {
  private static final String RESOURCES = "/org/m2ib/clip/builtin/";

  /** The files of the built-in model. */
  private static final List<String> FILES =
      List.of(
          "config.json",
          "model-card.json",
          "model.safetensors",
          "preprocessor_config.json",
          "tokenizer.json");

  private BuiltInModel() {}

  /**
   * Unpacks it for as long as it is read.
   *
   * @throws ModelException when it cannot be unpacked
   */
  static <T> T read(Function<Path, T> reader) {
    Path folder = null;
    try {
      folder = Files.createTempDirectory("m2ib-model");
      for (String file : FILES) {
        try (InputStream in = BuiltInModel.class.getResourceAsStream(RESOURCES + file)) {
          if (in == null) {
            throw new ModelException(file, "is missing from the built-in model");
          }
          Files.copy(in, folder.resolve(file));
        }
      }
      return reader.apply(folder);
    } catch (IOException e) {
      throw new ModelException("built-in model", "cannot be unpacked: " + e.getMessage(), e);
    } finally {
      delete(folder);
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
