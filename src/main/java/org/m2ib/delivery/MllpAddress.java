package org.m2ib.delivery;

import java.util.Optional;
import org.m2ib.base.tls.Endpoint;
import org.m2ib.results.hl7.Hl7Version;

/**
 * Where HL7 messages with results are sent.
 *
 * @param host host name or address
 * @param port TCP port, 1 to 65535
 * @param tls name of the TLS configuration, empty text for {@code m2ib.hl7.tls-configuration-name};
 *     absent for a plain connection
 * @param version of the messages
 */
public record MllpAddress(String host, int port, Optional<String> tls, Hl7Version version) {
  private static final String SCHEME = "mllp://";
  private static final String VERSION = "?version=";

  /**
   * Parses {@code mllp://host:port}, {@code mllp://host:port+tls} or {@code
   * mllp://host:port+tls=NAME}, each also with {@code ?version=2.3}. An IPv6 address is written in
   * brackets.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static MllpAddress parse(String text) {
    String stripped = text.strip();
    int query = stripped.indexOf(VERSION);
    Hl7Version version = Hl7Version.USUAL;
    if (query >= 0) {
      try {
        version = Hl7Version.of(stripped.substring(query + VERSION.length()));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("m2ib.hl7.destinations: " + e.getMessage(), e);
      }
      stripped = stripped.substring(0, query);
    }
    try {
      if (is(stripped)) {
        Endpoint endpoint = Endpoint.parse(stripped.substring(SCHEME.length()));
        return new MllpAddress(endpoint.host(), endpoint.port(), endpoint.tls(), version);
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "m2ib.hl7.destinations: '"
            + text
            + "' is not of the form mllp://host:port or mllp://host:port+tls, also with ?version=2.3");
  }

  /** Whether a destination is such an address. */
  static boolean is(String destination) {
    return destination.startsWith(SCHEME);
  }

  /** What identifies the receiver, in rows of the outbox: its address without the version. */
  public String name() {
    return SCHEME + new Endpoint(host, port, tls);
  }

  /** Whether the other is the same receiver with another version. */
  public boolean contradicts(MllpAddress other) {
    return name().equals(other.name()) && version != other.version;
  }

  @Override
  public String toString() {
    return name() + (version == Hl7Version.USUAL ? "" : VERSION + version.id());
  }
}
