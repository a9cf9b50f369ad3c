package org.m2ib.delivery;

import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** How requests to a server are authorised. */
public interface HttpAuthorization {

  /**
   * Returns the Authorization field of the next request, if it has one.
   *
   * @param client for requests that this needs itself
   * @throws DeliveryException if it cannot be had now
   */
  Optional<String> field(HttpClient client) throws DeliveryException;

  /** The server answered 401. */
  default void refused() {}

  static HttpAuthorization none() {
    return client -> Optional.empty();
  }

  static HttpAuthorization bearer(String token) {
    return client -> Optional.of("Bearer " + token);
  }

  static HttpAuthorization basic(String username, String password) {
    byte[] bytes = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
    return client -> Optional.of("Basic " + Base64.getEncoder().encodeToString(bytes));
  }

  /**
   * By the token if there is one, else by username and password.
   *
   * @param password absent is the empty one
   */
  static HttpAuthorization of(
      Optional<String> token, Optional<String> username, Optional<String> password) {
    return token
        .map(HttpAuthorization::bearer)
        .or(() -> username.map(user -> basic(user, password.orElse(""))))
        .orElseGet(HttpAuthorization::none);
  }
}
