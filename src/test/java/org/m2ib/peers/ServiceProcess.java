package org.m2ib.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;

/**
 * The packaged service as a process of its own, on free loopback ports, so that a test can end it
 * without warning.
 */
public final class ServiceProcess implements AutoCloseable {
  public static final String PASSWORD = "test-password";
  private static final ObjectMapper JSON = new ObjectMapper();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Path folder;
  private final List<String> command;
  private final int httpPort = Peers.freePort();
  private final int dicomPort = Peers.freePort();
  private final int hl7Port = Peers.freePort();
  private Process process;

  /**
   * @param settings system properties in addition to the ports, the folder and the password, or in
   *     place of the few samples of the attribution and the small captures
   */
  public ServiceProcess(Path folder, Map<String, String> settings) {
    this.folder = folder;
    List<String> options =
        new ArrayList<>(
            List.of(
                "-Xmx1g",
                "-Duser.language=de", // on a machine whose numbers have decimal commas
                "-Dm2ib.data-dir=" + folder,
                "-Dm2ib.admin-password=" + PASSWORD,
                "-Dm2ib.study.quiet-period=1s",
                "-Dm2ib.attribution.samples=2", // not a good map, but one in half the time
                "-Dm2ib.results.long-side=512", // most of a case's time is spent on its pictures
                "-Dm2ib.dicom.port=" + dicomPort,
                "-Dm2ib.hl7.port=" + hl7Port,
                "-Dquarkus.http.port=" + httpPort));
    settings.forEach((key, value) -> options.add("-D" + key + "=" + value));
    command = Program.command(options, List.of("serve"));
  }

  /** Starts it and waits until it takes studies. */
  public ServiceProcess start() throws IOException {
    launch();
    Peers.await(
        "the service to be live",
        Duration.ofMinutes(3),
        () -> {
          if (!process.isAlive()) {
            throw new IOException("the service ended: " + log());
          }
          return get("/q/health/group/intake").statusCode() == 200;
        });
    return this;
  }

  /** Starts it with settings that it cannot take, and waits until it has ended; what it said. */
  public String refusal() throws IOException, InterruptedException {
    launch();
    Assertions.assertThat(process.waitFor(3, TimeUnit.MINUTES)).as("it ended").isTrue();
    Assertions.assertThat(process.exitValue()).as(log()).isNotZero();
    return log();
  }

  private void launch() throws IOException {
    Files.createDirectories(folder);
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve("service.log").toFile()))
            .start();
  }

  /** {@code kill -9}. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** SIGTERM; whether it ended within the limit. A crash on the way, as of native code, fails. */
  public boolean end(Duration limit) throws IOException, InterruptedException {
    process.destroy();
    boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    if (ended) {
      Assertions.assertThat(process.exitValue()).as(log()).isIn(0, 143); // 128 + SIGTERM
    }
    return ended;
  }

  public long pid() {
    return process.pid();
  }

  public String log() throws IOException {
    return Files.readString(folder.resolve("service.log"));
  }

  public int dicomPort() {
    return dicomPort;
  }

  public int hl7Port() {
    return hl7Port;
  }

  public String url() {
    return "http://127.0.0.1:" + httpPort;
  }

  public HttpResponse<byte[]> get(String path, String... headers)
      throws IOException, InterruptedException {
    return http.send(request(path, headers).build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  /** The lines of an answer as they come. */
  public BufferedReader lines(String path, String... headers)
      throws IOException, InterruptedException {
    return new BufferedReader(
        new InputStreamReader(
            http.send(request(path, headers).build(), HttpResponse.BodyHandlers.ofInputStream())
                .body(),
            StandardCharsets.UTF_8));
  }

  public HttpResponse<byte[]> post(String path, String json)
      throws IOException, InterruptedException {
    return post(path, json, "application/json");
  }

  public HttpResponse<byte[]> post(String path, String json, String type)
      throws IOException, InterruptedException {
    return http.send(
        request(path)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  public JsonNode json(String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = get(path);
    if (answer.statusCode() != 200) {
      throw new IOException(path + " answered " + answer.statusCode());
    }
    return JSON.readTree(answer.body());
  }

  /** The cases of a study. */
  public JsonNode cases(String studyInstanceUid) throws IOException, InterruptedException {
    return json("/api/cases?studyInstanceUid=" + studyInstanceUid).get("cases");
  }

  /** Waits until the study's only case is in a state. */
  public JsonNode awaitState(String studyInstanceUid, String state, Duration limit) {
    Peers.await(
        "a case in state " + state,
        limit,
        () -> {
          JsonNode cases = cases(studyInstanceUid);
          return cases.size() == 1 && cases.get(0).get("state").asText().equals(state);
        });
    try {
      return json("/api/cases/" + cases(studyInstanceUid).get(0).get("id").asText());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpRequest.Builder request(String path, String... headers) {
    String credentials = "admin:" + PASSWORD;
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url() + path))
            .timeout(Duration.ofSeconds(30))
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder()
                        .encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
    return headers.length > 0 ? request.headers(headers) : request;
  }

  @Override
  public void close() {
    if (process == null) {
      return;
    }
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
