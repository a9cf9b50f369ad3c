package org.m2ib.base.tls;

import java.net.Socket;
import java.security.cert.CRLReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateRevokedException;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Also checks what the Java runtime does not: the dates of a certificate that the trust store
 * itself holds, as is usual where two devices exchange their own certificates, and lists of revoked
 * certificates.
 */
final class CheckedTrust extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager trust;
  private final List<X509CRL> revoked;

  CheckedTrust(X509ExtendedTrustManager trust, List<X509CRL> revoked) {
    this.trust = trust;
    this.revoked = List.copyOf(revoked);
  }

  private void check(X509Certificate... chain) throws CertificateException {
    for (X509Certificate certificate : chain) {
      certificate.checkValidity();
      for (X509CRL list : revoked) {
        X509CRLEntry entry = list.getRevokedCertificate(certificate);
        if (entry != null
            && list.getIssuerX500Principal().equals(certificate.getIssuerX500Principal())) {
          throw new CertificateException(
              new CertificateRevokedException(
                  entry.getRevocationDate(),
                  CRLReason.UNSPECIFIED,
                  list.getIssuerX500Principal(),
                  Map.of()));
        }
      }
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    trust.checkClientTrusted(chain, type, socket);
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    trust.checkServerTrusted(chain, type, socket);
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    trust.checkClientTrusted(chain, type, engine);
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    trust.checkServerTrusted(chain, type, engine);
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    trust.checkClientTrusted(chain, type);
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    trust.checkServerTrusted(chain, type);
    check(chain);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return trust.getAcceptedIssuers();
  }
}
