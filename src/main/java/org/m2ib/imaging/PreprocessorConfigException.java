package org.m2ib.imaging;

import java.nio.file.Path;

/** An unsupported preprocessor_config.json; the message names file and key. */
public final class PreprocessorConfigException extends RuntimeException {
  PreprocessorConfigException(Path file, String key, String what) {
    super(file + (key == null ? ": " : ": '" + key + "': ") + what);
  }
}
