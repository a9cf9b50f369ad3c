package org.m2ib.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;

/**
 * The password of the local user {@code admin}: the configured one, else one made at first start
 * and kept in {@code data-dir/admin-password}, readable by its owner only.
 */
public final class AdminPassword {
  private final byte[] password;

  private AdminPassword(String password) {
    this.password = password.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * @throws IllegalArgumentException when the configured password is shorter than 8 characters
   * @throws UncheckedIOException when the file can be neither read nor made
   */
  public static AdminPassword of(Optional<String> configured, Path dataDir) {
    if (configured.isPresent()) {
      if (configured.get().length() < 8) {
        throw new IllegalArgumentException("m2ib.admin-password is shorter than 8 characters");
      }
      return new AdminPassword(configured.get());
    }
    Path file = dataDir.resolve("admin-password");
    try {
      Files.createDirectories(dataDir);
      if (!Files.exists(file)) {
        make(file);
      }
      return new AdminPassword(Files.readString(file).strip());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read or make " + file + ": " + e.getMessage(), e);
    }
  }

  public boolean matches(char[] given) {
    return MessageDigest.isEqual(password, new String(given).getBytes(StandardCharsets.UTF_8));
  }

  /** For the demo and for commands that call the service beside them. */
  String text() {
    return new String(password, StandardCharsets.UTF_8);
  }

  private static void make(Path file) throws IOException {
    byte[] random = new byte[18];
    new SecureRandom().nextBytes(random);
    String made = Base64.getUrlEncoder().encodeToString(random);
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (var channel = Files.newByteChannel(file, options, owner)) {
      channel.write(StandardCharsets.UTF_8.encode(made + "\n"));
    } catch (FileAlreadyExistsException e) {
      // another process was quicker: its password counts
    }
  }
}
