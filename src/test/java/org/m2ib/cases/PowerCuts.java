package org.m2ib.cases;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * H2's file system {@code cut:}, a disk whose power may be cut: of what was written since the last
 * sync each block may be there or not.
 */
public final class PowerCuts extends FilePathWrapper {
  private static final int BLOCK = 4096;

  /** A block written, the file's length set ({@code bytes} null), or synced ({@code at} -1). */
  private record Step(long at, byte[] bytes) {}

  private static final List<Step> STEPS = new ArrayList<>();

  public PowerCuts() {}

  /** An empty disk. */
  static void begin() {
    FilePath.register(new PowerCuts());
    STEPS.clear();
  }

  /** How much has happened. */
  static int moment() {
    synchronized (STEPS) {
      return STEPS.size();
    }
  }

  /** What a power cut at a moment leaves. */
  static void leave(int moment, Random random, Path file) throws IOException {
    byte[] disk = new byte[0]; // with room to grow; behind size all zero
    int size = 0;
    int synced = 0;
    for (int i = 0; i < moment; i++) {
      synced = STEPS.get(i).at() == -1 ? i : synced;
    }
    for (int i = 0; i < moment; i++) {
      Step step = STEPS.get(i);
      boolean there = i < synced || random.nextBoolean();
      if (!there || step.at() == -1) {
        continue;
      }
      int at = (int) step.at();
      int end = step.bytes() == null ? at : at + step.bytes().length;
      if (end > disk.length) {
        disk = Arrays.copyOf(disk, 2 * end);
      }
      if (step.bytes() == null) {
        Arrays.fill(disk, Math.min(at, size), size, (byte) 0);
        size = at;
      } else {
        System.arraycopy(step.bytes(), 0, disk, at, step.bytes().length);
        size = Math.max(size, end);
      }
    }
    java.nio.file.Files.write(file, Arrays.copyOf(disk, size));
  }

  @Override
  public String getScheme() {
    return "cut";
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    FileChannel file = getBase().open(mode);
    return new FileBaseDefault() {
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
        synchronized (STEPS) {
          ByteBuffer copy = from.duplicate();
          long at = position;
          while (copy.hasRemaining()) {
            long blockEnd = (at / BLOCK + 1) * BLOCK;
            byte[] bytes = new byte[(int) Math.min(copy.remaining(), blockEnd - at)];
            copy.get(bytes);
            STEPS.add(new Step(at, bytes));
            at += bytes.length;
          }
        }
        return file.write(from, position);
      }

      @Override
      protected void implTruncate(long size) throws IOException {
        synchronized (STEPS) {
          STEPS.add(new Step(size, null));
        }
        file.truncate(size);
      }

      @Override
      public void force(boolean metaData) {
        synchronized (STEPS) {
          STEPS.add(new Step(-1, null));
        }
      }

      @Override
      public java.nio.channels.FileLock tryLock(long position, long size, boolean shared)
          throws IOException {
        return file.tryLock(position, size, shared);
      }

      @Override
      protected void implCloseChannel() throws IOException {
        file.close();
      }
    };
  }
}
