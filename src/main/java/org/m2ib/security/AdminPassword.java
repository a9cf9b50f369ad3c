package org.m2ib.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.m2ib.accounts.Accounts;

/**
 * The first password of the user {@code admin}: the configured one, or one generated at first start
 * and kept in {@code data-dir/admin-password}, readable by its owner only, until it is changed.
 */
public final class AdminPassword {
  private static final int BYTES = 18;

  private AdminPassword() {}

  /**
   * @throws IllegalArgumentException if the configured password is shorter than 8 characters
   */
  public static Accounts.FirstPassword of(Optional<String> configured, Path dataDir) {
    if (configured.isPresent() && configured.get().length() < 8) {
      throw new IllegalArgumentException("m2ib.admin-password is shorter than 8 characters");
    }
    Path file = dataDir.resolve("admin-password");
    return new Accounts.FirstPassword(
        configured, () -> SecretFile.read(file, BYTES), () -> delete(file));
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + file, e);
    }
  }
}
