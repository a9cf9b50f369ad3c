package org.m2ib.cases;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import jdk.jfr.consumer.RecordedEvent;
import org.m2ib.base.Recorded;

/** What the JVM reads from files while something runs. */
public final class FileReads {
  private FileReads() {}

  /** Returns for each file below the folder that was read how many bytes were read of it. */
  public static Map<Path, Long> below(Path folder, Callable<?> work) throws Exception {
    Map<Path, Long> bytes = new TreeMap<>();
    for (RecordedEvent event : Recorded.events("jdk.FileRead", work)) {
      String path = event.getString("path");
      if (path != null && Path.of(path).startsWith(folder)) {
        bytes.merge(Path.of(path), Math.max(0, event.getLong("bytesRead")), Long::sum);
      }
    }
    return bytes;
  }
}
