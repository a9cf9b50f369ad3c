package org.m2ib.base.tls;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS on plain sockets, by the BCP 195 RFC 8996, 9325 TLS Secure Transport Connection Profile
 * (PS3.15 B.12): TLS 1.2 and 1.3 with the cipher suites that RFC 9325 4.2 and RFC 8446 9.1
 * recommend. An instance holds the keys of one moment; a reload makes a new one.
 */
public final class Tls {
  /** The protocols, best first. */
  public static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

  /** The cipher suites, best first. */
  public static final List<String> CIPHER_SUITES =
      List.of(
          "TLS_AES_256_GCM_SHA384",
          "TLS_AES_128_GCM_SHA256",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");

  /**
   * Closing waits this long for a write that the peer does not read. Without a limit, a connection
   * whose peer hangs could not be closed.
   */
  private static final int LINGER_SECONDS = 2;

  /** Whether a peer that connects must show a certificate. */
  public enum ClientAuth {
    NONE,
    /** It may; if it does, the certificate must be valid. */
    REQUEST,
    REQUIRED
  }

  private final SSLContext context;
  private final String[] protocols;
  private final String[] cipherSuites;
  private final boolean verifiesHost;
  private final Optional<X509Certificate> certificate;

  /**
   * @param keys empty for a client without a certificate
   * @param trust decides which peers are trusted
   * @param revoked lists of revoked certificates; a peer with one of them is refused
   * @param protocols of {@link #PROTOCOLS}; empty for all
   * @param cipherSuites of {@link #CIPHER_SUITES}; empty for all
   * @param verifiesHost whether a server's certificate must be for the host that was called
   * @param certificate our own
   */
  public record Material(
      KeyManager[] keys,
      TrustManager[] trust,
      List<X509CRL> revoked,
      Collection<String> protocols,
      Collection<String> cipherSuites,
      boolean verifiesHost,
      Optional<X509Certificate> certificate) {}

  /**
   * @throws IllegalArgumentException if a protocol or cipher suite is not of the profile
   */
  public Tls(Material material) throws GeneralSecurityException {
    this.protocols = chosen("protocol", material.protocols(), PROTOCOLS);
    this.cipherSuites = chosen("cipher suite", material.cipherSuites(), CIPHER_SUITES);
    this.verifiesHost = material.verifiesHost();
    this.certificate = material.certificate();
    TrustManager[] checked = material.trust().clone();
    for (int i = 0; i < checked.length; i++) {
      if (checked[i] instanceof X509ExtendedTrustManager trust) {
        checked[i] = new CheckedTrust(trust, material.revoked());
      }
    }
    this.context = SSLContext.getInstance("TLS");
    context.init(material.keys(), checked, null);
  }

  private static String[] chosen(String kind, Collection<String> wanted, List<String> allowed) {
    TreeSet<String> others = new TreeSet<>(wanted);
    allowed.forEach(others::remove);
    if (!others.isEmpty()) {
      throw new IllegalArgumentException(
          "%s %s: BCP 195 (RFC 9325) allows only %s"
              .formatted(kind, String.join(", ", others), String.join(", ", allowed)));
    }
    return allowed.stream()
        .filter(one -> wanted.isEmpty() || wanted.contains(one))
        .toArray(String[]::new);
  }

  /**
   * Gives an HTTP client these keys.
   *
   * @throws IllegalArgumentException if host names are not to be verified, which it always does
   */
  public void secure(HttpClient.Builder client) {
    if (!verifiesHost) {
      throw new IllegalArgumentException(
          "hostname-verification-algorithm NONE is not supported for HTTPS");
    }
    SSLParameters parameters = new SSLParameters(cipherSuites, protocols);
    client.sslContext(context).sslParameters(parameters);
  }

  /** Returns our certificate, if there is one. */
  public Optional<X509Certificate> certificate() {
    return certificate;
  }

  /** Returns the first certificate with a private key. */
  public static Optional<X509Certificate> certificate(KeyStore keys)
      throws GeneralSecurityException {
    for (String alias : Collections.list(keys.aliases())) {
      if (keys.isKeyEntry(alias)
          && keys.getCertificate(alias) instanceof X509Certificate certificate) {
        return Optional.of(certificate);
      }
    }
    return Optional.empty();
  }

  /** Returns an accepted connection's server side. The handshake begins with the first read. */
  public SSLSocket accept(Socket accepted, ClientAuth auth) throws IOException {
    SSLSocket socket = layered(accepted, accepted.getInetAddress().getHostAddress());
    socket.setUseClientMode(false);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setUseCipherSuitesOrder(true);
    if (auth == ClientAuth.REQUIRED) {
      parameters.setNeedClientAuth(true);
    } else {
      parameters.setWantClientAuth(auth == ClientAuth.REQUEST);
    }
    socket.setSSLParameters(parameters);
    return socket;
  }

  /**
   * Returns the client side of a connection after the handshake.
   *
   * @param host as it was called, a name or an address
   * @param timeoutMillis limit for each read of the handshake
   * @throws TlsException if the handshake fails; the connection is then closed
   */
  public SSLSocket connect(Socket connected, String host, int timeoutMillis) throws IOException {
    try {
      SSLSocket socket = layered(connected, host);
      if (verifiesHost) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS"); // RFC 9110 4.3.4
        socket.setSSLParameters(parameters);
      }
      int before = socket.getSoTimeout();
      socket.setSoTimeout(timeoutMillis);
      handshake(socket);
      socket.setSoTimeout(before);
      return socket;
    } catch (IOException | RuntimeException e) {
      connected.close();
      throw e;
    }
  }

  /**
   * Completes the handshake.
   *
   * @throws TlsException if it fails, with the reason
   */
  public static void handshake(SSLSocket socket) throws TlsException {
    try {
      socket.startHandshake();
    } catch (IOException e) {
      throw new TlsException(e);
    }
  }

  /**
   * Waits until a server has finished its side of the handshake too, and ends the connection: in
   * TLS 1.3 a client has finished before the server has looked at its certificate (RFC 8446, 4.4).
   * A server that is silent within the limit has accepted it. With TLS 1.2 both have finished.
   *
   * @throws TlsException if the server ends the connection with an alert
   */
  public static void finish(SSLSocket socket, int timeoutMillis) throws IOException {
    if (!socket.getSession().getProtocol().equals(PROTOCOLS.get(0))) {
      return;
    }
    socket.setSoTimeout(timeoutMillis);
    try {
      socket.shutdownOutput(); // whoever waits for a message answers this, after the handshake
      while (socket.getInputStream().read() >= 0) {
        // what it sends is not asked for
      }
    } catch (SocketTimeoutException e) {
      // it waits on
    } catch (IOException e) {
      throw new TlsException(e);
    }
  }

  private SSLSocket layered(Socket socket, String host) throws IOException {
    socket.setSoLinger(true, LINGER_SECONDS);
    SSLSocket secured =
        (SSLSocket) context.getSocketFactory().createSocket(socket, host, socket.getPort(), true);
    secured.setEnabledProtocols(protocols);
    secured.setEnabledCipherSuites(cipherSuites);
    return secured;
  }
}
