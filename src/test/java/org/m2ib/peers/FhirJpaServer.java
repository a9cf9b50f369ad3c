package org.m2ib.peers;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;

/**
 * HAPI's JPA server as a process of its own, on a free loopback port, its database in memory. Its
 * class path is its own too: src/test/fhir-server, built by Maven on first use.
 */
public final class FhirJpaServer implements AutoCloseable {
  private static final Path BUILT = Path.of("target/fhir-server").toAbsolutePath();
  private static boolean built;

  private final Process process;
  private final String url;

  private FhirJpaServer(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  /** Starts it and waits until it answers. */
  public static FhirJpaServer start(Path folder) throws IOException, InterruptedException {
    Fetched.into(BUILT, FhirJpaServer::build);
    Files.createDirectories(folder);
    Path log = folder.resolve("fhir-server.log");
    Path port = folder.resolve("port");
    Files.deleteIfExists(port);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                BUILT.resolve("classes")
                    + ":"
                    + Files.readString(BUILT.resolve("classpath.txt")).strip(),
                "org.m2ib.peers.fhir.Main",
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      Peers.await(
          "the FHIR server to answer; its log is " + log,
          Duration.ofMinutes(3),
          () -> Files.exists(port) || !process.isAlive());
      Assertions.assertTrue(process.isAlive(), () -> "the FHIR server ended: " + read(log));
      return new FhirJpaServer(
          process, "http://127.0.0.1:" + Files.readString(port).strip() + "/fhir");
    } catch (AssertionError e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** As {@code m2ib.fhir.url} names it. */
  public String url() {
    return url;
  }

  /** The JSON that a path below the base URL answers, such as {@code /Observation}. */
  public String get(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(url + path))
                    .timeout(Duration.ofSeconds(60))
                    .header("Accept", "application/fhir+json")
                    .header("Cache-Control", "no-cache") // else a search may be an earlier one's
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(
          "GET " + path + " answered " + answer.statusCode() + ": " + answer.body());
    }
    return answer.body();
  }

  private static void build() throws IOException, InterruptedException {
    if (built) {
      return;
    }
    Peers.need("mvn", "maven");
    Path log = Files.createTempFile("fhir-server-build", ".log");
    Process maven =
        new ProcessBuilder(
                "mvn",
                "-B",
                "-ntp",
                "-q",
                "-f",
                "src/test/fhir-server/pom.xml",
                "compile",
                "dependency:build-classpath",
                "-Dmdep.outputFile=" + BUILT.resolve("classpath.txt"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = maven.waitFor(10, TimeUnit.MINUTES); // the first time fetches 250 libraries
    maven.destroyForcibly();
    Assertions.assertTrue(
        ended && maven.exitValue() == 0,
        () -> "src/test/fhir-server cannot be built: " + read(log));
    Files.delete(log);
    built = true;
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return log + " cannot be read: " + e.getMessage();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
