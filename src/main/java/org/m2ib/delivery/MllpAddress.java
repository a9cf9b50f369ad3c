package org.m2ib.delivery;

import java.util.Optional;
import org.m2ib.base.tls.Endpoint;

/**
 * Where HL7 messages with results are sent.
 *
 * @param host host name or address
 * @param port TCP port, 1 to 65535
 * @param tls name of the TLS configuration, empty text for {@code m2ib.hl7.tls-configuration-name};
 *     absent for a plain connection
 */
public record MllpAddress(String host, int port, Optional<String> tls) {
  private static final String SCHEME = "mllp://";

  /**
   * Parses {@code mllp://host:port}, {@code mllp://host:port+tls} or {@code
   * mllp://host:port+tls=NAME}. An IPv6 address is written in brackets.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static MllpAddress parse(String text) {
    String stripped = text.strip();
    try {
      if (is(stripped)) {
        Endpoint endpoint = Endpoint.parse(stripped.substring(SCHEME.length()));
        return new MllpAddress(endpoint.host(), endpoint.port(), endpoint.tls());
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "m2ib.hl7.destinations: '"
            + text
            + "' is not of the form mllp://host:port or mllp://host:port+tls");
  }

  /** Whether a destination is such an address. */
  static boolean is(String destination) {
    return destination.startsWith(SCHEME);
  }

  @Override
  public String toString() {
    return SCHEME + new Endpoint(host, port, tls);
  }
}
