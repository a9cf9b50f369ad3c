package org.m2ib.peers;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Medplum's FHIR router (npm package) as a process of its own, on a free loopback port, its
 * resources in memory. src/test/fhir-medplum is its program; npm fetches what its lock file names.
 */
public final class MedplumServer implements AutoCloseable {
  private final NodeServer server;
  private final String url;

  private MedplumServer(NodeServer server) {
    this.server = server;
    this.url = "http://127.0.0.1:" + server.port() + "/fhir";
  }

  /** Starts it and waits until it answers. */
  public static MedplumServer start(Path folder) throws IOException, InterruptedException {
    return new MedplumServer(NodeServer.start("fhir-medplum", folder));
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
    server.close();
  }
}
