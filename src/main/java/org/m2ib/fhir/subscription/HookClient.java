package org.m2ib.fhir.subscription;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.m2ib.base.WholeExchange;
import org.m2ib.base.tls.ConnectionFailure;

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
   * @param hook whose headers are sent, and whose limit holds if it is shorter
   * @param body {@code ""} for none
   * @throws IOException if it was not accepted; its message has no content of the answer
   */
  void send(String method, RestHook hook, String url, String mime, String body)
      throws IOException, InterruptedException {
    Duration within = hook.timeout().filter(asked -> asked.compareTo(limit) < 0).orElse(limit);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (!hook.headers().isEmpty()) {
      request.headers(hook.headers().toArray(String[]::new));
    }
    if (!body.isEmpty()) {
      request.setHeader("Content-Type", mime);
    }
    int status;
    try {
      status =
          WholeExchange.send(http, request.build(), HttpResponse.BodyHandlers.discarding(), within)
              .statusCode();
    } catch (HttpConnectTimeoutException e) {
      throw new IOException("the endpoint accepts no connection");
    } catch (HttpTimeoutException e) {
      throw late(within);
    } catch (IOException e) {
      throw new IOException("the endpoint " + why(e));
    }
    if (status / 100 != 2) {
      throw new IOException("the endpoint answered with status " + status);
    }
  }

  /** In words that do not repeat the answer. */
  private static String why(IOException e) {
    return ConnectionFailure.explain(e)
        .orElse(
            e instanceof ConnectException
                ? "cannot be reached: it refuses connections"
                : "cannot be reached: it closed the connection without a complete HTTP answer");
  }

  private static IOException late(Duration within) {
    return new IOException("the endpoint did not answer within " + within.toSeconds() + " s");
  }
}
