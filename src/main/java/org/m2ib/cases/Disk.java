package org.m2ib.cases;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Forces data to the disk itself before anyone is told that it is stored; a power cut loses the
 * rest.
 */
final class Disk {
  private Disk() {}

  /** Syncs a file's bytes. */
  static void sync(Path file) throws IOException {
    force(file, StandardOpenOption.WRITE);
  }

  /** Syncs a folder's entries: without this a file is lost even if its bytes are on disk. */
  static void syncEntries(Path folder) throws IOException {
    force(folder, StandardOpenOption.READ);
  }

  /**
   * Creates a folder and its parents; on return their entries are synced, whoever created them: a
   * process that died may have created one without syncing its entry.
   *
   * @param root entries are synced from here on; those above it only if they are created
   */
  static synchronized void makeFolders(Path folder, Path root) throws IOException {
    boolean isThere = Files.isDirectory(folder);
    boolean isInside = folder.startsWith(root) && !folder.equals(root);
    if (!isThere || isInside) {
      makeFolders(folder.getParent(), root);
      Files.createDirectories(folder);
      syncEntries(folder.getParent());
    }
  }

  private static void force(Path path, StandardOpenOption option) throws IOException {
    try (FileChannel channel = FileChannel.open(path, option)) {
      channel.force(true);
    }
  }
}
