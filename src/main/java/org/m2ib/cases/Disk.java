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

  /** Makes a folder and those above it; on return their names last, whichever thread made them. */
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
