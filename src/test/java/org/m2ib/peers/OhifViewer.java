package org.m2ib.peers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;

/**
 * The OHIF viewer (npm package {@code @ohif/app}), served on a free loopback port by a reverse
 * proxy that signs in at a service's {@code /dicom-web}. npm fetches it into target/ohif.
 */
public final class OhifViewer implements AutoCloseable {
  private static final String VERSION = "3.12.10";

  /** As the registry states it. */
  private static final String SHA_512 =
      "0kuF66Mq9c9dMD++bUsTjMrJpXJwaZhz9B4uS244DawAjSkTwIYFU93pxPuRUQixaRi7QAHlF3Fe1qudBlZrmA==";

  private static final Path SOURCE = Path.of("src/test/ohif");
  private static final Path BUILT = Path.of("target/ohif");
  private static final Path PAGES = BUILT.resolve("package/dist");
  private static final Map<String, String> TYPES =
      Map.of(
          "html",
          "text/html",
          "js",
          "text/javascript",
          "css",
          "text/css",
          "wasm",
          "application/wasm",
          "svg",
          "image/svg+xml",
          "json",
          "application/json");

  private final HttpClient http = HttpClient.newHttpClient();
  private final HttpServer server;
  private final String service;

  private OhifViewer(String service) throws IOException {
    this.service = service;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", this::page);
    server.createContext("/dicom-web", this::forward);
    server.start();
  }

  /**
   * @param service its URL; it trusts forwarded headers ({@code quarkus.http.proxy})
   */
  public static OhifViewer start(String service) throws Exception {
    Peers.need("npm", "npm");
    Fetched.into(BUILT, OhifViewer::install);
    return new OhifViewer(service);
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static void install() throws Exception {
    Path archive = BUILT.resolve("ohif-app-" + VERSION + ".tgz");
    if (Files.exists(archive) && Files.isDirectory(PAGES)) {
      return;
    }
    Files.createDirectories(BUILT);
    run("npm", "pack", "--silent", "@ohif/app@" + VERSION);
    byte[] digest = MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(archive));
    Assertions.assertEquals(SHA_512, Base64.getEncoder().encodeToString(digest));
    run("tar", "xzf", archive.getFileName().toString());
  }

  private static void run(String... command) throws Exception {
    Path log = BUILT.resolve("install.log");
    Process process =
        new ProcessBuilder(command)
            .directory(BUILT.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = process.waitFor(5, TimeUnit.MINUTES);
    if (!ended || process.exitValue() != 0) {
      process.destroyForcibly();
      Assertions.fail(String.join(" ", command) + ": " + Files.readString(log));
    }
  }

  /** A file of the viewer; any other path is one of its pages. */
  private void page(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Path file = PAGES.resolve(path.substring(1)).normalize();
    if (path.equals("/app-config.js")) {
      file = SOURCE.resolve("app-config.js");
    } else if (!file.startsWith(PAGES) || !Files.isRegularFile(file)) {
      file = PAGES.resolve("index.html");
    }
    String name = file.getFileName().toString();
    String type =
        TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
    send(exchange, 200, type, Files.readAllBytes(file));
  }

  private void forward(HttpExchange exchange) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(service + exchange.getRequestURI()))
            .header("Authorization", basic())
            .header("Accept", exchange.getRequestHeaders().getFirst("Accept"))
            .header("X-Forwarded-Host", exchange.getRequestHeaders().getFirst("Host"))
            .header("X-Forwarded-Proto", "http")
            .build();
    try {
      HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      String type = answer.headers().firstValue("Content-Type").orElse("text/plain");
      send(exchange, answer.statusCode(), type, answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static String basic() {
    byte[] admin = ("admin:" + ServiceProcess.PASSWORD).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(admin);
  }

  /** The viewer shares memory between threads, which browsers allow only so isolated. */
  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Cross-Origin-Opener-Policy", "same-origin");
    exchange.getResponseHeaders().set("Cross-Origin-Embedder-Policy", "require-corp");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
