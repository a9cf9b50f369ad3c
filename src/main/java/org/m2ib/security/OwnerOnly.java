package org.m2ib.security;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Makes a folder and its contents readable by its owner only. Files created later are protected by
 * the folder, which others cannot enter; {@code ./m2ib} also sets a umask.
 */
public final class OwnerOnly {
  private static final Logger LOG = Logger.getLogger(OwnerOnly.class);
  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

  private OwnerOnly() {}

  /** A folder whose permissions we may not set, such as a mounted one, is left and logged. */
  public static void protect(Path folder) {
    try {
      Files.createDirectories(folder);
      if (!Files.getFileStore(folder).supportsFileAttributeView("posix")
          || Files.getPosixFilePermissions(folder).equals(FOLDER)) {
        return; // its contents were closed with it
      }
      Files.walkFileTree(folder, new Closing());
    } catch (IOException e) {
      LOG.warnf(
          "%s and what is in it cannot be made readable by its owner only (%s): it holds patient data,"
              + " so see to its permissions",
          folder, e.getClass().getSimpleName());
    }
  }

  private static final class Closing extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (attributes.isRegularFile()) {
        Files.setPosixFilePermissions(file, FILE);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (e instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE; // deleted meanwhile
      }
      throw e;
    }

    /** After its contents, so that an interrupted walk is repeated. */
    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
      Files.setPosixFilePermissions(folder, FOLDER);
      return FileVisitResult.CONTINUE;
    }
  }
}
