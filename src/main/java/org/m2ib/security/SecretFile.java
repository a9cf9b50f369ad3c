package org.m2ib.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;

/** A random secret in its own file, generated once and readable by its owner only. */
public final class SecretFile {
  private SecretFile() {}

  /**
   * Returns the content of the file. If there is no file, creates one from the given number of
   * random bytes.
   *
   * @throws UncheckedIOException if the file can be neither read nor created
   */
  public static String read(Path file, int bytes) {
    try {
      Files.createDirectories(file.getParent());
      if (!Files.exists(file)) {
        make(file, bytes);
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read or create " + file + ": " + e.getMessage(), e);
    }
  }

  private static void make(Path file, int bytes) throws IOException {
    byte[] random = new byte[bytes];
    new SecureRandom().nextBytes(random);
    String made = Base64.getUrlEncoder().encodeToString(random);
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (var channel = Files.newByteChannel(file, options, owner)) {
      channel.write(StandardCharsets.UTF_8.encode(made + "\n"));
    } catch (FileAlreadyExistsException e) {
      // another process was faster; its secret counts
    }
  }
}
