package org.m2ib.cases;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.m2ib.base.Digests;

/**
 * A content-addressed folder: bytes are named by their SHA-256, so equal bytes are stored once and
 * a stored file never changes. Files are in {@code objects/ab/cdef...}; files being written are in
 * {@code incoming/}.
 */
public final class Blobs {
  private static final Duration AGE = Duration.ofHours(1);

  private final Path objects;
  private final Path incoming;

  /** Folders whose names are known to be on the disk. */
  private final Set<Path> made = ConcurrentHashMap.newKeySet();

  public Blobs(Path dataDir) {
    this.objects = dataDir.resolve("objects");
    this.incoming = dataDir.resolve("incoming");
  }

  /** Writes bytes to a stream; lets a codec write straight to disk. */
  public interface Writer {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Stores the writer's output. On return the bytes and their directory entry are synced to disk.
   *
   * @return SHA-256 as 64 hexadecimal digits
   * @throws StorageUnavailableException if the disk cannot take them
   * @throws IOException if the writer itself fails (a broken sender)
   */
  public String put(Writer writer) throws IOException {
    Path temporary;
    try {
      Files.createDirectories(incoming);
      temporary = Files.createTempFile(incoming, "", ".part");
    } catch (IOException e) {
      throw new StorageUnavailableException("cannot create a file in " + incoming, e);
    }
    try {
      MessageDigest digest = Digests.sha256();
      try (OutputStream file = new DiskStream(Files.newOutputStream(temporary));
          OutputStream out = new DigestOutputStream(file, digest)) {
        writer.writeTo(out);
      }
      String hash = Digests.hex(digest);
      keep(temporary, path(hash));
      return hash;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  public String put(byte[] bytes) {
    try {
      return put(out -> out.write(bytes));
    } catch (IOException e) {
      throw new StorageUnavailableException("cannot write to " + incoming, e);
    }
  }

  /** The file of these bytes; it need not exist. */
  public Path path(String sha256) {
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("not a SHA-256: '" + sha256 + "'");
    }
    return objects.resolve(sha256.substring(0, 2)).resolve(sha256.substring(2));
  }

  /**
   * @throws NoSuchFileException if there are no such bytes
   */
  public InputStream open(String sha256) throws IOException {
    return Files.newInputStream(path(sha256));
  }

  /** Length in bytes; -1 if there is no such file. */
  long size(String sha256) {
    try {
      return Files.size(path(sha256));
    } catch (IOException e) {
      return -1;
    }
  }

  /**
   * Deletes files that senders or a process that died left half-written, an hour ago or more:
   * another process may still be writing the younger ones.
   *
   * @return number of files deleted
   */
  public int sweep() {
    try (Stream<Path> left = Files.isDirectory(incoming) ? Files.list(incoming) : Stream.empty()) {
      int swept = 0;
      for (Path file : (Iterable<Path>) left::iterator) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(Instant.now().minus(AGE))) {
          Files.deleteIfExists(file);
          swept++;
        }
      }
      return swept;
    } catch (IOException e) {
      throw new StorageUnavailableException("cannot empty " + incoming, e);
    }
  }

  /** Visits all objects with their hash and the time they were stored. */
  void forEach(BiConsumer<String, Instant> action) throws IOException {
    try (Stream<Path> files =
        Files.isDirectory(objects) ? Files.walk(objects, 2) : Stream.empty()) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String hash = file.getParent().getFileName().toString() + file.getFileName();
        if (hash.matches("[0-9a-f]{64}")) {
          action.accept(hash, Files.getLastModifiedTime(file).toInstant());
        }
      }
    }
  }

  public byte[] bytes(String sha256) throws IOException {
    return Files.readAllBytes(path(sha256));
  }

  /** Writes the bytes first, then their name, so that a named file is always complete. */
  private void keep(Path temporary, Path target) {
    try {
      makeFolder(target.getParent().toAbsolutePath());
      if (!Files.exists(target) || Files.size(target) != Files.size(temporary)) {
        Disk.sync(temporary);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      }
      // also if another thread has just stored the same bytes without syncing their name yet
      Disk.syncEntries(target.getParent());
    } catch (IOException e) {
      throw new StorageUnavailableException("cannot store a file in " + objects, e);
    }
  }

  private void makeFolder(Path folder) throws IOException {
    if (!made.contains(folder) || !Files.isDirectory(folder)) {
      Disk.makeFolders(folder, objects.getParent().toAbsolutePath());
      made.add(folder);
    }
  }

  /** Distinguishes a full disk from a broken sender: an error here is the disk's. */
  private static final class DiskStream extends java.io.FilterOutputStream {
    DiskStream(OutputStream out) {
      super(new java.io.BufferedOutputStream(out, 1 << 16));
    }

    @Override
    public void write(int b) {
      attempt(() -> out.write(b));
    }

    @Override
    public void write(byte[] b, int off, int len) {
      attempt(() -> out.write(b, off, len));
    }

    @Override
    public void close() {
      attempt(super::close);
    }

    private interface Io {
      void run() throws IOException;
    }

    private static void attempt(Io io) {
      try {
        io.run();
      } catch (IOException e) {
        throw new StorageUnavailableException("cannot write to disk", e);
      }
    }
  }
}
