package org.m2ib.fhir.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.m2ib.fhir.store.ResourceStore;
import org.m2ib.fhir.store.StoredVersion;

/**
 * Writes the files of a bulk export, a page of resources at a time. A page's bytes are synced
 * before its row says so; what a file has beyond its row, after a crash, is cut off.
 */
public final class ExportWriter {
  /** Type of the file of what could not be read. */
  public static final String ERRORS = "OperationOutcome";

  private static final int PAGE = 500;
  private static final FileAttribute<?> OWNERS_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<?> OWNERS_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final ExportStore exports;
  private final ResourceStore resources;
  private final Function<StoredVersion, Optional<String>> line;
  private final Function<StoredVersion, String> outcome;

  /**
   * @param line a resource as one line of JSON; empty if it is unreadable
   * @param outcome an OperationOutcome about an unreadable resource, as one line of JSON
   */
  public ExportWriter(
      ExportStore exports,
      ResourceStore resources,
      Function<StoredVersion, Optional<String>> line,
      Function<StoredVersion, String> outcome) {
    this.exports = exports;
    this.resources = resources;
    this.line = line;
    this.outcome = outcome;
  }

  static Path file(Path folder, String type) {
    return folder.resolve(type + ".ndjson");
  }

  /**
   * Continues an export to its end.
   *
   * @param ending whether to stop after the current page
   * @return false if it stopped, or if the export has been deleted
   * @throws UncheckedIOException if the disk fails
   */
  boolean write(UUID id, Path folder, BooleanSupplier ending) {
    Optional<Export> found = exports.find(id);
    if (found.isEmpty() || found.get().status() != Export.Status.PENDING) {
      return false;
    }
    Export export = found.get();
    Map<String, Export.File> files = new LinkedHashMap<>();
    exports.files(id).forEach(file -> files.put(file.type(), file));
    for (String type : export.types()) {
      int order = type.compareTo(export.lastType());
      if (order >= 0
          && !write(export, type, order == 0 ? export.lastId() : "", folder, files, ending)) {
        return false;
      }
    }
    exports.end(id, Export.Status.COMPLETE);
    return true;
  }

  private boolean write(
      Export export,
      String type,
      String after,
      Path folder,
      Map<String, Export.File> files,
      BooleanSupplier ending) {
    String last = after;
    ResourceStore.AsOf page;
    do {
      page = resources.asOf(type, last, export.transactionTime(), PAGE);
      last = page.lastId();
      List<String> lines = new ArrayList<>();
      List<String> errors = new ArrayList<>();
      for (StoredVersion stored : page.resources()) {
        if (!stored.updated().isBefore(export.since())) {
          Optional<String> read = line.apply(stored);
          read.ifPresentOrElse(lines::add, () -> errors.add(outcome.apply(stored)));
        }
      }
      append(folder, type, lines, files);
      append(folder, ERRORS, errors, files);
      if (!exports.advance(export.id(), type, last, files.values()) || ending.getAsBoolean()) {
        return false;
      }
    } while (page.more());
    return true;
  }

  private static void append(
      Path folder, String type, List<String> lines, Map<String, Export.File> files) {
    if (lines.isEmpty()) {
      return;
    }
    Export.File before = files.getOrDefault(type, new Export.File(type, 0, 0));
    byte[] bytes = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder, OWNERS_FOLDER);
      }
      try (FileChannel channel =
          FileChannel.open(
              file(folder, type),
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              OWNERS_FILE)) {
        if (channel.size() < before.bytes()) {
          throw new IllegalStateException("a file of the export was cut off");
        }
        channel.truncate(before.bytes());
        channel.position(before.bytes());
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to " + folder, e);
    }
    files.put(
        type,
        new Export.File(type, before.resources() + lines.size(), before.bytes() + bytes.length));
  }
}
