package org.m2ib.cases;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * H2's file system {@code synced:}, in which a write to a database returns once it is on disk. H2
 * itself writes each commit ({@code WRITE_DELAY=0}) but leaves syncing to the operating system, so
 * a power cut can lose half a minute. H2 groups commits that wait for a sync: one thread writes,
 * and those behind it find their changes written.
 *
 * <p>H2 appends changes as a chunk, whose first block contains the header that makes it valid. The
 * rest is synced before that block, so a chunk is either complete or absent.
 */
public final class SyncedFilePath extends FilePathWrapper {
  public static final String SCHEME = "synced";

  /** Block size of H2's file format; chunks begin at multiples of it. */
  private static final int BLOCK = 4096;

  /** H2 creates an instance for each path. */
  public SyncedFilePath() {}

  /** Registers the scheme with H2. May be called again. */
  public static void register() {
    FilePath.register(new SyncedFilePath());
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  /** H2 takes no path that is relative to where the program was started; the data folder may be. */
  @Override
  public boolean isAbsolute() {
    return true;
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    boolean made = !exists();
    FileChannel file = getBase().open(mode);
    if (mode.equals("r") || !name.endsWith(".mv.db")) {
      return file; // H2's temporary files need not be durable
    }
    if (made && getBase().getScheme().equals("file")) {
      Disk.syncEntries(Path.of(getBase().toString()).toAbsolutePath().getParent());
    }
    return new Synced(file);
  }

  private static final class Synced extends FileBaseDefault {
    private final FileChannel file;

    Synced(FileChannel file) {
      this.file = file;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public int read(ByteBuffer to, long position) throws IOException {
      return file.read(to, position);
    }

    @Override
    public int write(ByteBuffer from, long position) throws IOException {
      int length = from.remaining();
      if (length > BLOCK) {
        ByteBuffer behind = from.duplicate();
        behind.position(from.position() + BLOCK);
        writeAndSync(behind, position + BLOCK);
      }
      ByteBuffer first = from.duplicate();
      first.limit(from.position() + Math.min(length, BLOCK));
      writeAndSync(first, position);
      from.position(from.limit());
      return length;
    }

    private void writeAndSync(ByteBuffer bytes, long position) throws IOException {
      long at = position;
      while (bytes.hasRemaining()) {
        at += file.write(bytes, at);
      }
      file.force(false);
    }

    @Override
    protected void implTruncate(long size) throws IOException {
      file.truncate(size);
      file.force(false);
    }

    @Override
    public void force(boolean metaData) throws IOException {
      file.force(metaData);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return file.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      file.close();
    }
  }
}
