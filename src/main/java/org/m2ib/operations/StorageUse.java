package org.m2ib.operations;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;
import org.m2ib.base.Threads;
import org.m2ib.cases.Database;
import org.m2ib.cases.DatabaseSize;
import org.m2ib.cases.StorageUnavailableException;

/**
 * How much room the data folder takes and has left. Millions of files take a while to count, so
 * that is done in the background, at most every ten minutes.
 */
public final class StorageUse implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(StorageUse.class);
  private static final Duration FRESH = Duration.ofMinutes(10);

  /** Free bytes below which there is a warning. */
  public static final long FEW = 10L << 30;

  /** Free bytes below which an administrator must act. */
  public static final long LEAST = 1L << 30;

  /**
   * @param bytes of all files
   */
  public record Counted(long files, long bytes, Instant at) {}

  private final Path dataDir;
  private final Database database;
  private final Clock clock;
  private final ExecutorService counter =
      Executors.newSingleThreadExecutor(Threads.named("storage-use"));
  private volatile Counted counted;
  private Instant asked;

  public StorageUse(Path dataDir, Database database, Clock clock) {
    this.dataDir = dataDir.toAbsolutePath();
    this.database = database;
    this.clock = clock;
  }

  /** By the limits. */
  static String status(long free) {
    if (free < LEAST) {
      return "failed";
    }
    return free < FEW ? "warning" : "ok";
  }

  public Path dataDir() {
    return dataDir;
  }

  /** The disk of the data folder, or of the nearest folder above it that exists. */
  FileStore disk() throws IOException {
    Path at = dataDir;
    while (!Files.exists(at)) {
      at = at.getParent();
    }
    return Files.getFileStore(at);
  }

  /** The objects as last counted; empty until that is done for the first time. */
  synchronized Optional<Counted> objects() {
    Instant now = clock.instant();
    if (asked == null || !now.isBefore(asked.plus(FRESH))) {
      asked = now;
      counter.execute(this::count);
    }
    return Optional.ofNullable(counted);
  }

  /**
   * Bytes of the database; empty if it is in memory, or does not say.
   *
   * @throws StorageUnavailableException if it does not answer
   */
  Optional<Long> databaseBytes() {
    return DatabaseSize.of(database);
  }

  private void count() {
    long[] sum = new long[2];
    try {
      Path objects = dataDir.resolve("objects");
      if (Files.isDirectory(objects)) {
        Files.walkFileTree(
            objects,
            new SimpleFileVisitor<>() {
              @Override
              public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                sum[0]++;
                sum[1] += attributes.size();
                return FileVisitResult.CONTINUE;
              }

              @Override
              public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // removed meanwhile
              }
            });
      }
      counted = new Counted(sum[0], sum[1], clock.instant());
    } catch (IOException | UncheckedIOException e) {
      LOG.warnf("the objects could not be counted: %s", e.getClass().getSimpleName());
    }
  }

  @Override
  public void close() {
    counter.shutdownNow();
  }
}
