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
   * Creates a folder and its parents; on return their entries are synced, whichever thread made
   * them.
   */
  static synchronized void makeFolders(Path folder) throws IOException {
    Path absolute = folder.toAbsolutePath();
    if (Files.isDirectory(absolute)) {
      return;
    }
    makeFolders(absolute.getParent());
    Files.createDirectories(absolute);
    syncEntries(absolute.getParent());
  }

  private static void force(Path path, StandardOpenOption option) throws IOException {
    try (FileChannel channel = FileChannel.open(path, option)) {
      channel.force(true);
    }
  }
}
