package org.m2ib.peers;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The OHIF viewer over a service, as deploy/ohif/serve.mjs serves it on a free loopback port. npm
 * fetches it into target/ohif.
 */
public final class OhifViewer implements AutoCloseable {
  private static final Path FOLDER = Path.of("target/ohif");

  private final Process process;
  private final String url;

  private OhifViewer(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  /**
   * @param service its URL; it trusts forwarded headers ({@code quarkus.http.proxy})
   */
  public static OhifViewer start(String service) throws Exception {
    Peers.need("npm", "npm");
    Peers.need("node", "nodejs");
    Files.createDirectories(FOLDER);
    Path password = Files.writeString(FOLDER.resolve("password"), ServiceProcess.PASSWORD);
    Path log = FOLDER.resolve("serve.log");
    String port = String.valueOf(Peers.freePort());
    Process process =
        new ProcessBuilder(
                "node",
                "deploy/ohif/serve.mjs",
                service,
                password.toString(),
                port,
                FOLDER.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    OhifViewer viewer = new OhifViewer(process, "http://127.0.0.1:" + port);
    HttpRequest request = HttpRequest.newBuilder(URI.create(viewer.url + "/")).build();
    Peers.await(
        "OHIF, see " + log,
        Duration.ofMinutes(5),
        () ->
            HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.discarding())
                    .statusCode()
                == 200);
    return viewer;
  }

  public String url() {
    return url;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
