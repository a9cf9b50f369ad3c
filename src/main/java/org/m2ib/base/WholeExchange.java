package org.m2ib.base;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An HTTP exchange with a limit for all of it. The timeout of {@link HttpRequest} ends with the
 * answer's header: a server that is silent within the body would be waited for forever.
 */
public final class WholeExchange {
  private WholeExchange() {}

  /**
   * @param limit from the connection to the last byte of the answer
   * @throws HttpTimeoutException if the answer is not complete by then
   * @throws IOException if there is no complete answer
   * @throws InterruptedException if the thread is; the exchange is then cancelled
   */
  public static <T> HttpResponse<T> send(
      HttpClient client, HttpRequest request, HttpResponse.BodyHandler<T> body, Duration limit)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<T>> exchange = client.sendAsync(request, body);
    try {
      return exchange.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new HttpTimeoutException("no complete answer within " + limit.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
    } finally {
      exchange.cancel(true);
    }
  }
}
