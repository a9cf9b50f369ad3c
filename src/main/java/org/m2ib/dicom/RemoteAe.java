package org.m2ib.dicom;

import java.util.Optional;
import org.m2ib.base.tls.Endpoint;

/**
 * A remote application entity.
 *
 * @param aeTitle AE title, 1 to 16 characters
 * @param host host name or address
 * @param port TCP port, 1 to 65535
 * @param tls name of the TLS configuration, empty text for the service's own; absent for a plain
 *     connection
 */
public record RemoteAe(String aeTitle, String host, int port, Optional<String> tls) {
  public RemoteAe {
    aeTitle = AeTitle.check(aeTitle);
    if (host == null || host.isBlank()) {
      throw new IllegalArgumentException("the remote AE " + aeTitle + " has no host");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException(
          "port " + port + " of " + aeTitle + ": must be 1 to 65535");
    }
  }

  /** A remote application entity that is called without TLS. */
  public RemoteAe(String aeTitle, String host, int port) {
    this(aeTitle, host, port, Optional.empty());
  }

  /**
   * Parses {@code AET@host:port}, {@code AET@host:port+tls} or {@code AET@host:port+tls=NAME}. An
   * IPv6 address is written in brackets.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static RemoteAe parse(String text) {
    String stripped = text == null ? "" : text.strip();
    int at = stripped.indexOf('@');
    try {
      Endpoint endpoint = Endpoint.parse(stripped.substring(at + 1));
      if (at > 0) {
        return new RemoteAe(
            stripped.substring(0, at), endpoint.host(), endpoint.port(), endpoint.tls());
      }
    } catch (IllegalArgumentException e) {
      if (at > 0 && !e.getMessage().startsWith("not of")) {
        throw new IllegalArgumentException("'" + text + "': " + e.getMessage(), e);
      }
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not of the form AET@host:port or AET@host:port+tls");
  }

  @Override
  public String toString() {
    return aeTitle + "@" + new Endpoint(host, port, tls);
  }
}
