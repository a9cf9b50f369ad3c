package org.m2ib.peers;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Programs that tests talk to, and how tests wait for them. */
public final class Peers {
  private static final int FIRST_PORT = 20_000;
  private static final int PORTS = 12_000;
  private static final AtomicInteger nextPort =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 97 % PORTS));

  private Peers() {}

  /** Skips the test when a program is missing; fails it where CI=true. */
  public static void need(String program, String debianPackage) {
    need(find(program).isPresent(), program, debianPackage);
  }

  /** As {@link #need(String, String)}, for a file that is no program. */
  public static void needFile(Path file, String debianPackage) {
    need(Files.exists(file), file.toString(), debianPackage);
  }

  private static void need(boolean there, String what, String debianPackage) {
    String message = what + " is missing: install the Debian package " + debianPackage;
    if ("true".equals(System.getenv("CI"))) {
      Assertions.assertTrue(there, message);
    }
    Assumptions.assumeTrue(there, message);
  }

  /** Where on the PATH a program is. */
  public static Optional<Path> find(String program) {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** What a program printed (both streams) and its exit code. */
  public record Run(int exit, String output) {}

  /** Runs a program to its end, at most a minute. */
  public static Run run(String... command) throws IOException, InterruptedException {
    Path log = Files.createTempFile("m2ib-peer", ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        Assertions.fail(command[0] + " did not end within 60 s: " + Files.readString(log));
      }
      return new Run(process.exitValue(), Files.readString(log));
    } finally {
      Files.deleteIfExists(log);
    }
  }

  /**
   * A TCP port that is free and stays so: below the range of ports that the system assigns by
   * itself (32768 and up), never one twice, and those of other test processes are elsewhere.
   */
  public static int freePort() {
    while (true) {
      int port = FIRST_PORT + Math.floorMod(nextPort.getAndIncrement(), PORTS);
      try (ServerSocket socket = new ServerSocket(port)) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // taken: the next
      }
    }
  }

  /** Polls until a condition holds; what it throws meanwhile counts as "not yet". */
  public static void await(String what, Duration limit, Callable<Boolean> condition) {
    Instant end = Instant.now().plus(limit);
    Exception last = null;
    while (Instant.now().isBefore(end)) {
      try {
        if (condition.call()) {
          return;
        }
        last = null;
      } catch (Exception e) {
        last = e;
      }
      LockSupport.parkNanos(100_000_000);
    }
    Assertions.fail("waited " + limit + " for: " + what, last);
  }
}
