package org.m2ib.cases;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A content-addressed folder: bytes are named by their SHA-256, so the same bytes twice are one
 * file, and a file once there never changes. Files lie at {@code objects/ab/cdef...}; what is being
 * written lies in {@code incoming/}.
 */
public final class Blobs {
  private final Path objects;
  private final Path incoming;

  public Blobs(Path dataDir) {
    this.objects = dataDir.resolve("objects");
    this.incoming = dataDir.resolve("incoming");
  }

  /** Writes bytes to a stream; lets a codec write straight to disk. */
  public interface Writer {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Stores what the writer writes. On return the bytes and their directory entry are synced to
   * disk.
   *
   * @return SHA-256 as 64 hexadecimal digits
   * @throws StorageUnavailableException when the disk cannot take them
   * @throws IOException when the writer itself fails (a broken sender)
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
      MessageDigest digest = sha256();
      try (OutputStream file = new DiskStream(Files.newOutputStream(temporary));
          OutputStream out = new DigestOutputStream(file, digest)) {
        writer.writeTo(out);
      }
      String hash = HexFormat.of().formatHex(digest.digest());
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
   * @throws NoSuchFileException when there are no such bytes
   */
  public InputStream open(String sha256) throws IOException {
    return Files.newInputStream(path(sha256));
  }

  public byte[] bytes(String sha256) throws IOException {
    return Files.readAllBytes(path(sha256));
  }

  private void keep(Path temporary, Path target) {
    try {
      sync(temporary, StandardOpenOption.WRITE);
      if (Files.exists(target)) {
        return;
      }
      Files.createDirectories(target.getParent());
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      sync(target.getParent(), StandardOpenOption.READ);
      sync(objects, StandardOpenOption.READ);
    } catch (IOException e) {
      throw new StorageUnavailableException("cannot keep a file in " + objects, e);
    }
  }

  private static void sync(Path path, StandardOpenOption option) throws IOException {
    try (FileChannel channel = FileChannel.open(path, option)) {
      channel.force(true);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }

  /** Tells a full disk from a broken sender: what fails here is the disk. */
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
