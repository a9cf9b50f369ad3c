package org.m2ib.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.stream.Stream;

/** What a measurement ran on. */
final class Machine {
  private Machine() {}

  /** When and on what, for the head of a table. */
  static String today() {
    return "%s, %s, %d cores"
        .formatted(LocalDate.now(), processor(), Runtime.getRuntime().availableProcessors());
  }

  static String processor() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElseGet(() -> System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch"); // not Linux
    }
  }
}
