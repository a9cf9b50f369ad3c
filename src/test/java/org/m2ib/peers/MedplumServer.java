package org.m2ib.peers;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;

/**
 * Medplum's FHIR router (npm package) as a process of its own, on a free loopback port, its
 * resources in memory. src/test/fhir-medplum is its program; npm fetches what its lock file names.
 */
public final class MedplumServer implements AutoCloseable {
  private static final Path SOURCE = Path.of("src/test/fhir-medplum");
  private static final Path BUILT = Path.of("target/fhir-medplum");

  private final Process process;
  private final String url;

  private MedplumServer(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  /** Starts it and waits until it answers. */
  public static MedplumServer start(Path folder) throws IOException, InterruptedException {
    Peers.need("node", "nodejs");
    Peers.need("npm", "npm");
    build();
    Path port = folder.resolve("medplum-port");
    Path log = folder.resolve("medplum.log");
    Process process =
        new ProcessBuilder("node", "server.mjs")
            .directory(BUILT.toFile())
            .redirectOutput(port.toFile())
            .redirectError(log.toFile())
            .start();
    try {
      Peers.await(
          "Medplum's port",
          Duration.ofMinutes(2),
          () -> Files.readString(port).endsWith("\n") || !process.isAlive());
      Assertions.assertTrue(process.isAlive(), () -> "node ended; its log is " + log);
      String number = Files.readString(port).strip();
      return new MedplumServer(process, "http://127.0.0.1:" + number + "/fhir");
    } catch (AssertionError e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static synchronized void build() throws IOException, InterruptedException {
    Files.createDirectories(BUILT);
    Path lock = BUILT.resolve("package-lock.json");
    boolean same =
        Files.exists(lock) && Files.mismatch(lock, SOURCE.resolve("package-lock.json")) < 0;
    for (String file : List.of("package.json", ".npmrc", "server.mjs")) {
      Files.copy(SOURCE.resolve(file), BUILT.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    if (same) {
      return;
    }
    Path fetched = BUILT.resolve("node_modules");
    Path wanted = SOURCE.resolve("package-lock.json").toAbsolutePath();
    Files.copy(wanted, lock, StandardCopyOption.REPLACE_EXISTING);
    Path log = Files.createTempFile("medplum-build", ".log");
    Process npm =
        new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
            .directory(BUILT.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = npm.waitFor(5, TimeUnit.MINUTES);
    npm.destroyForcibly();
    if (!ended || npm.exitValue() != 0 || !Files.isDirectory(fetched)) {
      Files.delete(lock); // else the next start would take it for built
      Assertions.fail("npm ci failed in " + BUILT + "; its log is " + log);
    }
    Files.delete(log);
  }

  /** As {@code m2ib.fhir.url} names it. */
  public String url() {
    return url;
  }

  /** The JSON that a path below the base URL answers, such as {@code /Observation}. */
  public String get(String path) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofMinutes(1)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
