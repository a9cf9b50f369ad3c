package org.m2ib.security;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import org.m2ib.base.Digests;

/**
 * The password of the local user {@code admin}: the configured one, or one generated at first start
 * and kept in {@code data-dir/admin-password}, readable by its owner only.
 */
public final class AdminPassword {
  private static final byte[] SALT = new SecureRandom().generateSeed(16);
  private final byte[] password;

  private AdminPassword(String password) {
    this.password = password.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * @throws IllegalArgumentException if the configured password is shorter than 8 characters
   * @throws UncheckedIOException if the file can be neither read nor created
   */
  public static AdminPassword of(Optional<String> configured, Path dataDir) {
    if (configured.isPresent()) {
      if (configured.get().length() < 8) {
        throw new IllegalArgumentException("m2ib.admin-password is shorter than 8 characters");
      }
      return new AdminPassword(configured.get());
    }
    return new AdminPassword(SecretFile.read(dataDir.resolve("admin-password"), 18));
  }

  public boolean matches(char[] given) {
    return MessageDigest.isEqual(password, new String(given).getBytes(StandardCharsets.UTF_8));
  }

  /** Returns a keyed hash that identifies a password while this process runs. */
  static String digest(char[] given) {
    MessageDigest digest = Digests.sha256();
    digest.update(SALT);
    byte[] bytes = digest.digest(new String(given).getBytes(StandardCharsets.UTF_8));
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** Returns the password for the demo and for commands that call the running service. */
  public String text() {
    return new String(password, StandardCharsets.UTF_8);
  }
}
