package org.m2ib.cases;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What must be on the disk itself before anyone is told so; a power cut takes the rest. */
final class Disk {
  private Disk() {}

  /** A file's bytes. */
  static void sync(Path file) throws IOException {
    force(file, StandardOpenOption.WRITE);
  }

  /** The names in a folder: a file whose name is not synced is lost, however well its bytes are. */
  static void syncEntries(Path folder) throws IOException {
    force(folder, StandardOpenOption.READ);
  }

  /**
   * Makes a folder and those above it; on return their names last, whoever made them: a process
   * that died may have made one and not synced its name.
   *
   * @param root from which on names are synced; those above it only where they are made
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
