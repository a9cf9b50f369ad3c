package org.m2ib.peers;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/** A folder that a peer is fetched into, by one test at a time of all processes. */
final class Fetched {
  // a file lock keeps out other processes only; a second one in the same process is refused
  private static final ReentrantLock HERE = new ReentrantLock();

  private Fetched() {}

  interface Step {
    void run() throws Exception;
  }

  /** Waits until nobody else fetches into the folder, then does so. */
  static void into(Path folder, Step step) throws IOException, InterruptedException {
    Files.createDirectories(folder.toAbsolutePath().getParent());
    HERE.lock();
    try (FileChannel channel =
        FileChannel.open(
            folder.resolveSibling(folder.getFileName() + ".lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      channel.lock();
      step.run();
    } catch (IOException | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      HERE.unlock();
    }
  }
}
