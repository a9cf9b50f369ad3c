package org.m2ib.clip.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.m2ib.clip.ModelException;

/**
 * The zip archive written by {@code torch.save}: one folder with {@code data.pkl}, {@code
 * byteorder} and a storage {@code data/KEY} for each tensor. PyTorch does not compress the entries,
 * so a compressed one is refused, and nothing can expand.
 */
final class TorchZip {
  private static final int MAX_ENTRIES = 100_000;
  private static final long MAX_DIRECTORY = 16 << 20;

  /** The location of an entry's bytes in the file. */
  record Extent(long position, long length) {}

  private final MappedFile file;
  private final Map<String, ZipArchiveEntry> entries = new HashMap<>();
  private final Map<String, Extent> extents = new HashMap<>();
  private final String folder;

  /**
   * @throws ModelException if it is not such an archive, or is damaged
   */
  TorchZip(MappedFile file) {
    this.file = file;
    try (ZipFile zip =
        ZipFile.builder()
            .setSeekableByteChannel(new Directory(file.channel()))
            .setIgnoreLocalFileHeader(true)
            .get()) {
      List<ZipArchiveEntry> listed = Collections.list(zip.getEntries());
      if (listed.size() > MAX_ENTRIES) {
        throw wrong("has " + listed.size() + " entries; at most " + MAX_ENTRIES + " are read");
      }
      for (ZipArchiveEntry entry : listed) {
        if (entries.put(entry.getName(), entry) != null) {
          throw wrong("holds " + quoted(entry.getName()) + " twice");
        }
      }
      folder = folder();
      long left = file.size();
      for (ZipArchiveEntry entry : listed) {
        if (isRead(entry)) {
          Extent extent = extent(zip, entry);
          left -= extent.length();
          if (left < 0) {
            throw wrong("has entries that share bytes");
          }
          extents.put(entry.getName().substring(folder.length()), extent);
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new ModelException(
          file.name(), "is a damaged zip archive; copy or download it again", e);
    }
  }

  /**
   * @param entry name inside the archive's folder
   * @return null if there is no such entry
   */
  Extent extent(String entry) {
    return extents.get(entry);
  }

  /** Returns whether the archive was written by {@code torch.jit.save}. */
  boolean isTorchScript() {
    return entries.containsKey(folder + "constants.pkl");
  }

  private String folder() {
    List<String> pickles =
        entries.keySet().stream().filter(name -> name.matches("[^/]+/data\\.pkl")).toList();
    if (pickles.size() != 1) {
      throw wrong("has " + pickles.size() + " data.pkl; a PyTorch checkpoint has one");
    }
    return pickles.get(0).substring(0, pickles.get(0).indexOf('/') + 1);
  }

  private boolean isRead(ZipArchiveEntry entry) {
    String name = entry.getName();
    return name.equals(folder + "data.pkl")
        || name.equals(folder + "byteorder")
        || name.startsWith(folder + "data/");
  }

  private Extent extent(ZipFile zip, ZipArchiveEntry entry) throws IOException {
    boolean stored =
        entry.getMethod() == ZipArchiveEntry.STORED
            && entry.getCompressedSize() == entry.getSize()
            && !entry.getGeneralPurposeBit().usesEncryption();
    if (!stored) {
      throw wrong(
          "holds "
              + quoted(entry.getName())
              + " compressed or encrypted; PyTorch stores entries uncompressed. Save it again with"
              + " torch.save");
    }
    zip.getRawInputStream(entry); // reads the local header, which says where the data begins
    long position = entry.getDataOffset();
    long length = entry.getSize();
    if (position < 0 || length < 0 || length > file.size() - position) {
      throw wrong("ends before " + quoted(entry.getName()) + " does; the file is truncated");
    }
    return new Extent(position, length);
  }

  private ModelException wrong(String what) {
    return new ModelException(file.name(), what);
  }

  private static String quoted(String name) {
    return Pickle.quoted(name);
  }

  /**
   * The file as the zip library sees it. The library reads only the directory, so reading is
   * limited to reject an endless one.
   */
  private static final class Directory implements SeekableByteChannel {
    private final FileChannel channel;
    private long position;
    private long left = MAX_DIRECTORY;

    Directory(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public int read(ByteBuffer bytes) throws IOException {
      int read = channel.read(bytes, position);
      position += Math.max(0, read);
      left -= Math.max(0, read);
      if (left < 0) {
        throw new IOException("a directory of more than " + MAX_DIRECTORY + " bytes");
      }
      return read;
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public SeekableByteChannel position(long to) throws IOException {
      if (to < 0) {
        throw new IOException("a position below 0");
      }
      position = to;
      return this;
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public int write(ByteBuffer bytes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
      // the file stays open for its tensors
    }
  }
}
