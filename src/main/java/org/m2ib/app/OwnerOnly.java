package org.m2ib.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Makes a folder and all in it readable by its owner only. What is made in it later is behind the
 * folder, which others cannot enter; {@code ./m2ib} sets a umask besides.
 */
final class OwnerOnly {
  private OwnerOnly() {}

  /**
   * @throws UncheckedIOException when the folder is there and its permissions cannot be set
   */
  static void protect(Path folder) {
    try {
      Files.createDirectories(folder);
      if (!Files.getFileStore(folder).supportsFileAttributeView("posix")) {
        return;
      }
      Files.walkFileTree(folder, new Closing());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot make " + folder + " readable by its owner only: " + e.getMessage(), e);
    }
  }

  private static final class Closing extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
        throws IOException {
      Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwx------"));
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (attributes.isRegularFile()) {
        try {
          Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (NoSuchFileException e) {
          return FileVisitResult.CONTINUE; // gone meanwhile
        }
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
