package org.m2ib.base.tls;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateRevokedException;
import java.util.Map;

/**
 * A TLS handshake failed, or the peer ended the connection right after it: in TLS 1.3 (RFC 8446,
 * 4.4) a client has finished before the server has looked at its certificate. The message says why,
 * in words that tell what to do.
 */
public final class TlsException extends IOException {
  private static final long serialVersionUID = 1L;

  private static final String CLOSED =
      "the peer closed the connection; perhaps it refuses our certificate";

  /** What the Java runtime says, or part of it, in our words. */
  private static final Map<String, String> MEANINGS =
      Map.of(
          "Unsupported or unrecognized SSL message", "the peer speaks plain text, not TLS",
          "plaintext connection", "the peer speaks plain text, not TLS", // of an HTTP client
          "Empty client certificate chain",
              "the peer showed no certificate of an authority in our trust store",
          "no cipher suites in common", "the peer offers no cipher suite of BCP 195 (RFC 9325)",
          "is not enabled or supported in", "the peer offers neither TLS 1.2 nor TLS 1.3",
          "Remote host terminated the handshake", CLOSED,
          "Connection reset", CLOSED,
          "Broken pipe", CLOSED,
          "No subject alternative", "the peer's certificate is for another host",
          "No name matching", "the peer's certificate is for another host");

  public TlsException(IOException cause) {
    super("TLS handshake failed: " + explain(cause), cause);
  }

  private static String explain(IOException failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof CertificateExpiredException) {
        return "the peer's certificate has expired";
      } else if (at instanceof CertificateNotYetValidException) {
        return "the peer's certificate is not valid yet; compare the clocks";
      } else if (at instanceof CertificateRevokedException) {
        return "the peer's certificate is revoked";
      } else if (at instanceof CertPathBuilderException) {
        return "the peer's certificate is of no authority in our trust store";
      } else if (at instanceof SocketTimeoutException) {
        return "the peer did not answer in time";
      } else if (at instanceof EOFException) {
        return CLOSED;
      }
    }
    String message = String.valueOf(failure.getMessage());
    for (var meaning : MEANINGS.entrySet()) {
      if (message.contains(meaning.getKey())) {
        return meaning.getValue();
      }
    }
    int alert = message.indexOf("fatal alert: ");
    if (alert < 0) {
      return message;
    }
    String name = message.substring(alert + "fatal alert: ".length());
    String refused = name.matches("(?i).*certificate.*|unknown_ca") ? ": it refuses ours" : "";
    return "the peer ended it with the alert " + name + refused;
  }
}
