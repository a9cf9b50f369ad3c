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
 * Makes a folder and its contents accessible to the owner only. Files created later are protected
 * by the folder; {@code ./m2ib} also sets a umask.
 */
public final class OwnerOnly {
  private static final Logger LOG = Logger.getLogger(OwnerOnly.class);
  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

  private OwnerOnly() {}

  /**
   * If the permissions cannot be changed, as on some mounted volumes, the folder is left as it is
   * and a warning is logged.
   */
  public static void protect(Path folder) {
    try {
      Files.createDirectories(folder);
      if (!Files.getFileStore(folder).supportsFileAttributeView("posix")
          || Files.getPosixFilePermissions(folder).equals(FOLDER)) {
        return; // the contents have already been restricted
      }
      Files.walkFileTree(folder, new Closing());
    } catch (IOException e) {
      LOG.warnf(
          "cannot restrict %s and its contents to their owner (%s). The folder holds patient data:"
              + " check its permissions",
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
        return FileVisitResult.CONTINUE; // deleted in the meantime
      }
      throw e;
    }

    /**
     * The folder comes after its contents, so an interrupted walk is repeated at the next start.
     */
    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
      Files.setPosixFilePermissions(folder, FOLDER);
      return FileVisitResult.CONTINUE;
    }
  }
}
