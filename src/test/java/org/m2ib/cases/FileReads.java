package org.m2ib.cases;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** What the JVM reads from files while something runs, as Flight Recorder sees it. */
public final class FileReads {
  private static final String READ = "jdk.FileRead";

  private FileReads() {}

  /** Returns for each file below the folder that was read how many bytes were read of it. */
  public static Map<Path, Long> below(Path folder, Callable<?> work) throws Exception {
    Path events = Files.createTempFile("reads", ".jfr");
    try (Recording recording = new Recording()) {
      recording.enable(READ).withThreshold(Duration.ZERO).withoutStackTrace();
      recording.start();
      work.call();
      recording.stop();
      recording.dump(events);
      return read(folder, events);
    } finally {
      Files.delete(events);
    }
  }

  private static Map<Path, Long> read(Path folder, Path events) throws IOException {
    Map<Path, Long> bytes = new TreeMap<>();
    for (RecordedEvent event : RecordingFile.readAllEvents(events)) {
      if (!event.getEventType().getName().equals(READ)) {
        continue; // some are always recorded
      }
      String path = event.getString("path");
      if (path != null && Path.of(path).startsWith(folder)) {
        bytes.merge(Path.of(path), Math.max(0, event.getLong("bytesRead")), Long::sum);
      }
    }
    return bytes;
  }
}
