package org.m2ib.delivery;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.m2ib.base.WholeExchange;
import org.m2ib.base.tls.ConnectionFailure;
import org.m2ib.base.tls.Tls;

/**
 * A server that results go to by HTTP: requests with its credentials and keys, with one limit for
 * the whole exchange and a bounded answer, and what an answer means for the next attempt.
 * Thread-safe.
 */
final class HttpPeer {
  /** Large enough for the answer to the longest transaction, including every resource. */
  private static final int LONGEST_ANSWER = 32 << 20;

  /**
   * Client errors that may pass. All others mean that the same request always fails (RFC 9110
   * 15.5).
   */
  private static final Set<Integer> PASSING = Set.of(408, 409, 412, 423, 425, 429);

  private static final Set<Integer> CREDENTIALS = Set.of(401, 403);

  /** Authentication is retried, because a service that checks credentials may be starting. */
  private static final int CREDENTIAL_TRIES = 3;

  /**
   * How messages speak of it.
   *
   * @param name what it is and where, as {@code the FHIR server at https://host/fhir}
   * @param setting that names it, as {@code m2ib.fhir.url}
   * @param credentials the settings that may be wrong if it does not let us
   * @param expected what should be there, as {@code a FHIR server that supports transactions}
   */
  record Words(String name, String setting, String credentials, String expected) {}

  /**
   * @param contentType {@code ""} if absent
   * @param contentEncoding {@code ""} if absent; none is requested
   * @param retryAfter the field verbatim, {@code ""} if absent
   */
  record Answer(
      int status, String contentType, String contentEncoding, String retryAfter, byte[] body) {

    boolean isSuccess() {
      return status >= 200 && status <= 299;
    }

    /** Of its content, without parameters, for messages. */
    String mediaType() {
      String type = contentType.split(";", 2)[0].strip();
      return type.matches("[\\w.+-]{1,60}/[\\w.+-]{1,60}") ? type : "not a media type";
    }
  }

  /** A client with the keys that it was made with; null for none. */
  private record Secured(HttpClient client, Tls tls) {}

  private final Words words;
  private final String url;
  private final HttpAuthorization authorization;
  private final Duration connectTimeout;
  private final Optional<Supplier<Tls>> tls;
  private Secured secured;

  /**
   * @param url base URL
   * @param tls the current keys; absent for the Java runtime's list of authorities
   */
  HttpPeer(
      Words words,
      String url,
      HttpAuthorization authorization,
      Duration connectTimeout,
      Optional<Supplier<Tls>> tls) {
    this.words = words;
    this.url = url;
    this.authorization = authorization;
    this.connectTimeout = connectTimeout;
    this.tls = tls;
  }

  /** A client with the current keys: reloaded ones count from the next request on. */
  private synchronized HttpClient client() {
    Tls now = tls.map(Supplier::get).orElse(null);
    if (secured == null || secured.tls() != now) {
      HttpClient.Builder builder =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(connectTimeout);
      if (now != null) {
        now.secure(builder);
      }
      secured = new Secured(builder.build(), now);
    }
    return secured.client();
  }

  /**
   * @param path below the base URL, with the slash
   * @throws DeliveryException if the URL is none, or there are no credentials now
   */
  HttpRequest.Builder request(String path) throws DeliveryException {
    HttpRequest.Builder request;
    try {
      request = HttpRequest.newBuilder(URI.create(url.replaceFirst("/+$", "") + path));
    } catch (IllegalArgumentException e) {
      throw DeliveryException.lasting(words.setting() + " is not an http or https URL", 1);
    }
    authorization.field(client()).ifPresent(field -> request.header("Authorization", field));
    return request;
  }

  /**
   * Interrupting the thread cancels the request.
   *
   * @param limit time from the first byte sent to the last byte of the answer
   * @throws DeliveryException if there is no complete answer
   */
  Answer send(HttpRequest.Builder request, Duration limit) throws DeliveryException {
    // in TLS 1.3 our certificate is refused after our side of the handshake (RFC 8446, 4.4)
    boolean perhaps = tls.isPresent() && url.regionMatches(true, 0, "https:", 0, 6);
    HttpResponse<byte[]> answer =
        exchange(
            client(),
            request.build(),
            LONGEST_ANSWER,
            limit,
            words.name() + " (" + words.setting() + ")",
            perhaps ? "; perhaps it refuses our certificate" : "");
    if (answer.statusCode() == 401) {
      authorization.refused();
    }
    return new Answer(
        answer.statusCode(),
        answer.headers().firstValue("Content-Type").orElse(""),
        answer.headers().firstValue("Content-Encoding").orElse(""),
        answer.headers().firstValue("Retry-After").orElse(""),
        answer.body());
  }

  /**
   * @param longest maximum size of the answer's body, in bytes
   * @param name of what answers, for messages
   * @param ifClosed more words for a connection that was closed; may be empty
   * @throws DeliveryException if there is no complete answer
   */
  static HttpResponse<byte[]> exchange(
      HttpClient client,
      HttpRequest request,
      int longest,
      Duration limit,
      String name,
      String ifClosed)
      throws DeliveryException {
    try {
      return WholeExchange.send(client, request, head -> new BoundedBody(longest), limit);
    } catch (IOException e) {
      throw new DeliveryException(name + " " + explain(e, longest, limit, ifClosed), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException();
    }
  }

  /**
   * What an answer other than 2xx means for the next attempt (RFC 9110 15).
   *
   * @param details more words on it, without patient data; may be empty
   */
  DeliveryException refusal(Answer answer, String details) {
    int status = answer.status();
    DeliveryException.Answer meaning =
        CREDENTIALS.contains(status)
            ? DeliveryException.Answer.UNAUTHORISED
            : DeliveryException.Answer.REFUSED;
    return refusal(status, answer.retryAfter(), details).answered(meaning);
  }

  private DeliveryException refusal(int status, String retryAfter, String details) {
    StringBuilder text = new StringBuilder(words.name());
    text.append(" answered HTTP ").append(status).append(details);
    if (CREDENTIALS.contains(status)) {
      text.append(": check ").append(words.credentials());
      return DeliveryException.lasting(text.toString(), CREDENTIAL_TRIES);
    }
    if (status >= 300 && status < 400) {
      text.append(": it redirects to another address; set ")
          .append(words.setting())
          .append(" to that address");
      return DeliveryException.lasting(text.toString(), 1);
    }
    if (status == 404 || status == 405) {
      text.append(": is ")
          .append(words.setting())
          .append(" the base URL of ")
          .append(words.expected())
          .append('?');
    }
    if (status == 501 || status >= 400 && status < 500 && !PASSING.contains(status)) {
      return DeliveryException.lasting(text.toString(), 1);
    }
    Duration pause = RetryAfter.parse(retryAfter, Instant.now());
    return pause.isZero()
        ? new DeliveryException(text.toString())
        : DeliveryException.busy(text + ", try again in " + pause.toSeconds() + " s", pause);
  }

  /** An answer that is not what was asked for, whatever its status says. */
  DeliveryException unexpected(Answer answer, String what) {
    return new DeliveryException(
        "%s answered HTTP %d with %s".formatted(words.name(), answer.status(), what));
  }

  private static String explain(IOException e, int longest, Duration limit, String ifClosed) {
    Optional<String> unreachable = ConnectionFailure.explain(e);
    if (unreachable.isPresent()) {
      return unreachable.get();
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof BoundedBody.TooLongException) {
        return "answered with more than " + (longest >> 20) + " MiB";
      }
    }
    if (e instanceof HttpConnectTimeoutException) {
      return "accepted no connection within " + seconds(limit);
    }
    if (e instanceof HttpTimeoutException) {
      return "gave no complete answer within " + seconds(limit);
    }
    if (e instanceof ConnectException) {
      return "refuses connections: nothing listens there, or the network does not reach it";
    }
    return "closed the connection without a complete HTTP answer" + ifClosed;
  }

  private static String seconds(Duration limit) {
    return limit.toMillis() / 1000.0 + " s";
  }
}
