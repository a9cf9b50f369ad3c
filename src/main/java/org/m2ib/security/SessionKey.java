package org.m2ib.security;

import java.nio.file.Path;

/**
 * The key that encrypts session cookies, generated at first start in {@code data-dir/session-key}.
 *
 * @param text at least 16 characters
 */
public record SessionKey(String text) {

  /**
   * @throws java.io.UncheckedIOException if the file can be neither read nor created
   */
  public static SessionKey of(Path dataDir) {
    return new SessionKey(SecretFile.read(dataDir.resolve("session-key"), 32));
  }

  @Override
  public String toString() {
    return "SessionKey";
  }
}
