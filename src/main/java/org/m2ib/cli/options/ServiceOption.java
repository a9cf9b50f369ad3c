package org.m2ib.cli.options;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.m2ib.accounts.Accounts;
import org.m2ib.config.M2ibConfig;
import org.m2ib.security.ServicePassword;
import picocli.CommandLine.Option;

/** {@code --url}: address of the running service. */
public final class ServiceOption {
  @Option(names = "--url", description = "Address of the service. Default: ${DEFAULT-VALUE}")
  private String url = "http://127.0.0.1:8080";

  /**
   * Sends a request without a body and prints the answer.
   *
   * @param method GET or POST
   * @param path with a leading slash
   * @throws IOException if there is no answer, or none with 2xx
   */
  public void send(String method, String path, M2ibConfig config, PrintWriter out)
      throws IOException, InterruptedException {
    String user =
        config
            .adminPassword()
            .map(password -> Accounts.ADMIN + ":" + password)
            .orElseGet(() -> ServicePassword.USER + ":" + ServicePassword.read(config.dataDir()));
    byte[] credentials = user.getBytes(StandardCharsets.UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials))
            .method(method, BodyPublishers.noBody())
            .build();
    HttpResponse<String> answer;
    try {
      answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    } catch (ConnectException e) {
      throw new IOException("no service responds at " + url + "; start it with ./m2ib serve", e);
    }
    out.println(answer.body());
    if (answer.statusCode() / 100 != 2) {
      throw new IOException("the service answered HTTP " + answer.statusCode());
    }
  }
}
