package org.m2ib.base.tls;

import java.io.IOException;
import java.net.Socket;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocket;

/**
 * How a listener secures its connections.
 *
 * @param tls the current keys, asked for at each connection, so that reloaded ones count from the
 *     next connection on
 * @param clientAuth whether a peer must show a certificate
 */
public record TlsServer(Supplier<Tls> tls, Tls.ClientAuth clientAuth) {

  /** Returns the server side of an accepted connection, before its handshake. */
  public SSLSocket accept(Socket accepted) throws IOException {
    return tls.get().accept(accepted, clientAuth);
  }
}
