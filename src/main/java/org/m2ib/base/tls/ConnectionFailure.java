package org.m2ib.base.tls;

import java.io.IOException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Why an HTTP client reached no peer, where the exception alone does not tell a person. */
public final class ConnectionFailure {
  private ConnectionFailure() {}

  /** Returns what the peer "cannot be", or empty if it was reached or refused the connection. */
  public static Optional<String> explain(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return Optional.of("cannot be found: the host name is unknown");
      }
      if (cause instanceof SSLException failed) {
        return Optional.of("cannot be called with TLS: " + new TlsException(failed).getMessage());
      }
    }
    return Optional.empty();
  }
}
