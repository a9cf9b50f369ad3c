package org.m2ib.security;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.m2ib.config.M2ibConfig;

/**
 * The password of the user {@code service}, generated at first start in {@code
 * data-dir/service-password}: for commands and scripts on this machine that may read the data
 * folder.
 */
@ApplicationScoped
public class ServicePassword {
  public static final String USER = "service";
  private static final int BYTES = 24;

  private final Path file;

  @Inject
  ServicePassword(M2ibConfig config) {
    this.file = file(config.dataDir());
  }

  ServicePassword() {
    this.file = null; // needed by the CDI proxy
  }

  private static Path file(Path dataDir) {
    return dataDir.resolve("service-password");
  }

  /**
   * @throws java.io.UncheckedIOException if the file can be neither read nor created
   */
  public static String read(Path dataDir) {
    return SecretFile.read(file(dataDir), BYTES);
  }

  /** Creates the file if there is none. */
  public void create() {
    SecretFile.read(file, BYTES);
  }

  boolean matches(String given) {
    return MessageDigest.isEqual(
        SecretFile.read(file, BYTES).getBytes(StandardCharsets.UTF_8),
        given.getBytes(StandardCharsets.UTF_8));
  }
}
