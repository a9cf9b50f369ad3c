package org.m2ib.dicom;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Finds and runs {@link DecoderProgram}s. The settings hold for the whole process, like the DICOM
 * library's: without {@link #configure}, programs are looked for on the PATH.
 *
 * <p>A program sees one codestream in a folder of its own, and nothing else of the object. Time,
 * memory and the size of what it writes are limited; whatever becomes of it, it costs one image.
 */
public final class DecoderPrograms {
  /** Of util-linux: limits resources of a process without a shell. */
  private static final String LIMITER = "prlimit";

  private static final int MIB = 1 << 20;
  private static final int LONGEST_MESSAGE = 160;

  /** At most this many at a time. */
  private static final Semaphore FREE = new Semaphore(2);

  private static volatile Settings settings =
      new Settings(true, Optional.empty(), Duration.ofSeconds(30), 2048);

  private DecoderPrograms() {}

  /**
   * @param enabled false: no program is ever run
   * @param folder where the programs are; absent: on the PATH
   * @param timeLimit for one frame
   * @param memory address space of one process, in MiB
   */
  public record Settings(boolean enabled, Optional<Path> folder, Duration timeLimit, int memory) {
    public Settings {
      if (timeLimit.toMillis() < 1 || timeLimit.compareTo(Duration.ofHours(1)) > 0) {
        throw new IllegalArgumentException(
            "time limit of a decoder = " + timeLimit + ": must be above 0 and at most an hour");
      }
      if (memory < 64) {
        throw new IllegalArgumentException(
            "memory of a decoder = " + memory + ": must be at least 64 MiB");
      }
    }
  }

  public static void configure(Settings now) {
    settings = now;
  }

  static Settings settings() {
    return settings;
  }

  public static boolean enabled() {
    return settings.enabled();
  }

  /** Returns whether a program can be run. */
  public static boolean isThere(DecoderProgram program) {
    return settings.enabled() && find(program).isPresent() && limiter().isPresent();
  }

  /** Returns why a program cannot be run, and what to do. */
  public static String absence(DecoderProgram program) {
    if (!settings.enabled()) {
      return "is not decoded: m2ib.dicom.decoders.enabled is false";
    }
    if (find(program).isPresent()) {
      return "needs %s: install the Debian package util-linux".formatted(LIMITER);
    }
    return "needs the program %s: install the Debian package %s"
        .formatted(program.program(), program.debianPackage());
  }

  private static Optional<Path> find(DecoderProgram program) {
    return settings
        .folder()
        .map(folder -> Optional.of(folder.resolve(program.program())).filter(Files::isExecutable))
        .orElseGet(() -> onPath(program.program()));
  }

  private static Optional<Path> limiter() {
    return onPath(LIMITER);
  }

  private static Optional<Path> onPath(String name) {
    return Stream.of(System.getenv().getOrDefault("PATH", "/usr/bin").split(":"))
        .filter(folder -> folder.startsWith("/"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Runs a program once.
   *
   * @param arguments with the names of both files
   * @param input content of the file {@code inputName}
   * @param most the most bytes that it may write
   * @return content of the file {@code outputName}
   * @throws UnsupportedPixelsException if the program cannot be run here
   * @throws DicomException if it fails, warns, or exceeds a limit
   */
  static byte[] run(
      DecoderProgram program,
      List<String> arguments,
      String inputName,
      byte[] input,
      String outputName,
      long most)
      throws IOException {
    if (!isThere(program)) {
      throw new UnsupportedPixelsException(program.format() + " " + absence(program));
    }
    FREE.acquireUninterruptibly();
    try {
      Path folder = Files.createTempDirectory("m2ib-decoder"); // only for its owner
      try {
        Files.write(folder.resolve(inputName), input);
        execute(program, arguments, folder, most);
        Path output = folder.resolve(outputName);
        if (!Files.isRegularFile(output)) {
          throw failed(program, "made no image");
        }
        return Files.readAllBytes(output);
      } finally {
        delete(folder);
      }
    } finally {
      FREE.release();
    }
  }

  private static void execute(
      DecoderProgram program, List<String> arguments, Path folder, long most) throws IOException {
    Settings now = settings;
    long seconds = Math.max(1, now.timeLimit().toSeconds());
    List<String> command = new ArrayList<>();
    command.add(limiter().orElseThrow().toString());
    command.add("--as=" + (long) now.memory() * MIB);
    command.add("--cpu=" + seconds);
    command.add("--fsize=" + most);
    command.add("--core=0");
    command.add(find(program).orElseThrow().toString());
    command.addAll(arguments);
    Path log = folder.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().clear();
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("TMPDIR", folder.toString());
    Process process = builder.start();
    int exit = await(program, process, now.timeLimit());
    String said = message(log);
    if (exit != 0) {
      throw failed(program, "ended with exit status " + exit + said);
    }
    if (!said.isEmpty()) { // it draws what it has, and warns
      throw failed(program, "warns" + said);
    }
  }

  private static int await(DecoderProgram program, Process process, Duration limit) {
    try {
      process.getOutputStream().close();
      if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return process.exitValue();
      }
      throw failed(program, "did not finish within " + limit.toSeconds() + " s");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(program, "was interrupted");
    } finally {
      process.destroyForcibly().onExit().join(); // nothing writes to its folder any more
    }
  }

  /** The first line that is no mere remark, in printable characters; {@code ""} if none. */
  private static String message(Path log) throws IOException {
    byte[] start;
    try (var in = Files.newInputStream(log)) {
      start = in.readNBytes(1 << 12);
    }
    return new String(start, StandardCharsets.ISO_8859_1)
        .lines()
        .map(line -> line.replaceAll("[^ -~]", "").strip())
        .filter(line -> !line.isEmpty() && !line.startsWith("Elapsed time"))
        .findFirst()
        .map(line -> ": '" + line.substring(0, Math.min(LONGEST_MESSAGE, line.length())) + "'")
        .orElse("");
  }

  static DicomException failed(DecoderProgram program, String how) {
    return new DicomException(
        "the compressed image cannot be decoded: %s %s".formatted(program.program(), how),
        Tags.PixelData,
        null);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.deleteIfExists(file);
      }
    }
  }
}
