package org.m2ib.base;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** What Java Flight Recorder sees while something runs. */
public final class Recorded {
  private Recorded() {}

  /** Returns the events of one name. */
  public static List<RecordedEvent> events(String name, Callable<?> work) throws Exception {
    Path events = Files.createTempFile("recorded", ".jfr");
    try (Recording recording = new Recording()) {
      recording.enable(name).withThreshold(Duration.ZERO).withoutStackTrace();
      recording.start();
      work.call();
      recording.stop();
      recording.dump(events);
      return RecordingFile.readAllEvents(events).stream() // some others are always recorded
          .filter(event -> event.getEventType().getName().equals(name))
          .toList();
    } finally {
      Files.delete(events);
    }
  }
}
