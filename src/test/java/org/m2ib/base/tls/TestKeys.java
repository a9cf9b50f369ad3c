package org.m2ib.base.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/** TLS with the keys of src/test/resources/tls. */
public final class TestKeys {
  public static final Path FOLDER = Path.of("src/test/resources/tls").toAbsolutePath();

  private TestKeys() {}

  /** With the key and certificate of this name, trusting the test authority. */
  public static Tls of(String name) {
    return of(name, List.of("ca"));
  }

  /**
   * @param name empty for no certificate
   * @param trusted names of certificates
   */
  public static Tls of(String name, List<String> trusted) {
    return of(name, trusted, List.of(), List.of());
  }

  public static Tls of(
      String name, List<String> trusted, List<String> protocols, List<String> cipherSuites) {
    try {
      KeyStore keys = empty();
      if (!name.isEmpty()) {
        keys.setKeyEntry(name, key(name), new char[0], new Certificate[] {certificate(name)});
      }
      KeyStore trust = empty();
      for (String one : trusted) {
        trust.setCertificateEntry(one, certificate(one));
      }
      KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("PKIX");
      keyManagers.init(keys, new char[0]);
      TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
      trustManagers.init(trust);
      try (InputStream crl = Files.newInputStream(file("ca.crl"))) {
        X509CRL revoked = (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(crl);
        return new Tls(
            new Tls.Material(
                keyManagers.getKeyManagers(),
                trustManagers.getTrustManagers(),
                List.of(revoked),
                protocols,
                cipherSuites,
                true,
                Tls.certificate(keys)));
      }
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public static Path file(String name) {
    return FOLDER.resolve(name);
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, new char[0]);
    return store;
  }

  private static Certificate certificate(String name) throws GeneralSecurityException, IOException {
    byte[] pem = Files.readAllBytes(file(name + ".pem"));
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(pem));
  }

  private static PrivateKey key(String name) throws GeneralSecurityException, IOException {
    String pem = Files.readString(file(name + ".key")).replaceAll("-----[A-Z ]+-----", "");
    byte[] encoded = Base64.getMimeDecoder().decode(pem);
    String algorithm = name.equals("server") ? "RSA" : "EC";
    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
  }
}
