package org.m2ib.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;

/**
 * A server of npm packages as a process of its own: {@code server.mjs} of a folder under src/test,
 * which prints its loopback port. npm fetches what the folder's lock file names.
 */
final class NodeServer implements AutoCloseable {
  private final Process process;
  private final String port;

  private NodeServer(Process process, String port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts it and waits until it answers.
   *
   * @param name of the folder under src/test
   * @param folder for its log
   */
  static NodeServer start(String name, Path folder, String... arguments)
      throws IOException, InterruptedException {
    Peers.need("node", "nodejs");
    Peers.need("npm", "npm");
    Path built = Path.of("target", name);
    Fetched.into(built, () -> build(Path.of("src/test", name), built));
    Path port = folder.resolve(name + "-port");
    Path log = folder.resolve(name + ".log");
    List<String> command = new ArrayList<>(List.of("node", "server.mjs"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .directory(built.toFile())
            .redirectOutput(port.toFile())
            .redirectError(log.toFile())
            .start();
    try {
      Peers.await(
          name + "'s port",
          Duration.ofMinutes(2),
          () -> Files.readString(port).endsWith("\n") || !process.isAlive());
      Assertions.assertTrue(process.isAlive(), () -> "node ended; its log is " + log);
      return new NodeServer(process, Files.readString(port).strip());
    } catch (AssertionError e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** Fetches what a package.json and its lock file name, unless that has been done. */
  static void build(Path source, Path built) throws IOException, InterruptedException {
    Files.createDirectories(built);
    Path lock = built.resolve("package-lock.json");
    boolean same =
        Files.exists(lock) && Files.mismatch(lock, source.resolve("package-lock.json")) < 0;
    for (String file : List.of("package.json", ".npmrc", "server.mjs")) {
      if (Files.exists(source.resolve(file))) {
        Files.copy(source.resolve(file), built.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    if (same) {
      return;
    }
    Path fetched = built.resolve("node_modules");
    Path wanted = source.resolve("package-lock.json").toAbsolutePath();
    Files.copy(wanted, lock, StandardCopyOption.REPLACE_EXISTING);
    Path log = Files.createTempFile("npm-build", ".log");
    Process npm =
        new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
            .directory(built.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = npm.waitFor(5, TimeUnit.MINUTES);
    npm.destroyForcibly();
    if (!ended || npm.exitValue() != 0 || !Files.isDirectory(fetched)) {
      Files.delete(lock); // else the next start would take it for built
      Assertions.fail("npm ci failed in " + built + "; its log is " + log);
    }
    Files.delete(log);
  }

  /** The loopback port. */
  String port() {
    return port;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
