package org.m2ib.cli.options;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.m2ib.boot.Version;
import org.m2ib.engine.InferenceEngine;

/** Describes the machine of a measurement. */
public final class Machine {
  private Machine() {}

  /** Date, machine and versions, for the head of a table. */
  public static String today() {
    return "%s, %s, %d cores, %s"
        .formatted(
            LocalDate.now(), processor(), Runtime.getRuntime().availableProcessors(), versions());
  }

  /** The same for JSON. */
  public static Map<String, String> about() {
    return Map.of(
        "date", LocalDate.now().toString(), "processor", processor(), "versions", versions());
  }

  private static String versions() {
    return "m2ib %s, %s, Java %s"
        .formatted(Version.current(), InferenceEngine.versions(), Runtime.version().feature());
  }

  /** The processor, and the GPUs reported by NVIDIA's driver. */
  private static String processor() {
    List<String> names = new ArrayList<>();
    names.add(value(Path.of("/proc/cpuinfo"), "model name").orElse(System.getProperty("os.arch")));
    try (Stream<Path> gpus = Files.list(Path.of("/proc/driver/nvidia/gpus"))) {
      gpus.sorted().forEach(g -> value(g.resolve("information"), "Model").ifPresent(names::add));
    } catch (IOException e) {
      // there is no such driver
    }
    return String.join(", ", names);
  }

  /**
   * The first value of a key in a file of lines {@code key : value}; empty if the system is not
   * Linux.
   */
  private static Optional<String> value(Path file, String key) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
