package org.m2ib.fhir.subscription;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/** Sends notifications by HTTP. It follows no redirect and reads no answer but its status. */
public final class HookClient {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final HttpClient http;
  private final Duration limit;

  /**
   * @param tls for https; empty for the Java platform's trust store
   * @param limit for one exchange
   */
  public HookClient(Optional<SSLContext> tls, Duration limit) {
    HttpClient.Builder client =
        HttpClient.newBuilder().connectTimeout(CONNECT).followRedirects(HttpClient.Redirect.NEVER);
    tls.ifPresent(client::sslContext);
    this.http = client.build();
    this.limit = limit;
  }

  /**
   * @param body {@code ""} for none
   * @throws IOException if it was not accepted; its message has no content of the answer
   */
  void send(String method, String url, List<String> headers, String mime, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(limit)
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (!headers.isEmpty()) {
      request.headers(headers.toArray(String[]::new));
    }
    if (!body.isEmpty()) {
      request.setHeader("Content-Type", mime);
    }
    CompletableFuture<HttpResponse<Void>> answer =
        http.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding());
    try {
      int status = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS).statusCode();
      if (status / 100 != 2) {
        throw new IOException("the endpoint answered with status " + status);
      }
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException("the endpoint did not answer within " + limit.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw new IOException(
          "the endpoint cannot be reached: " + e.getCause().getClass().getSimpleName());
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw e;
    }
  }
}
