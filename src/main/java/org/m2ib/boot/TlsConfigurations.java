package org.m2ib.boot;

import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.SSLOptions;
import io.vertx.core.net.TrustOptions;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManager;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;
import org.m2ib.base.tls.Tls;
import org.m2ib.base.tls.TlsServer;
import org.m2ib.config.M2ibConfig;

/**
 * The {@code quarkus.tls.NAME.*} configurations for DICOM and MLLP. Quarkus reads and reloads the
 * files; if a reload fails, the keys of before stay in use.
 */
@Singleton
public class TlsConfigurations {
  private static final Logger LOG = Logger.getLogger(TlsConfigurations.class);

  private final TlsConfigurationRegistry registry;
  private final Vertx vertx;
  private final M2ibConfig config;
  private final Map<String, Tls> current = new ConcurrentHashMap<>();

  @Inject
  TlsConfigurations(TlsConfigurationRegistry registry, Vertx vertx, M2ibConfig config) {
    this.registry = registry;
    this.vertx = vertx;
    this.config = config;
  }

  /** Returns the DICOM listener's, if it has one. */
  Optional<TlsServer> dicomServer() {
    M2ibConfig.Dicom dicom = config.dicom();
    return dicom
        .tlsConfigurationName()
        .map(name -> server("m2ib.dicom", name, dicom.tlsClientAuth()));
  }

  /** Returns the MLLP listener's, if it has one. */
  Optional<TlsServer> hl7Server() {
    M2ibConfig.Hl7 hl7 = config.hl7();
    return hl7.tlsConfigurationName().map(name -> server("m2ib.hl7", name, hl7.tlsClientAuth()));
  }

  private TlsServer server(String prefix, String name, M2ibConfig.ClientAuth auth) {
    if (get(name).certificate().isEmpty()) {
      throw new IllegalArgumentException(
          "%s.tls-configuration-name = %s: set quarkus.tls.%s.key-store"
              .formatted(prefix, name, name));
    }
    if (auth != M2ibConfig.ClientAuth.REQUIRED) {
      LOG.warnf(
          "%s.tls-client-auth = %s: senders need no certificate",
          prefix, auth.name().toLowerCase(Locale.ROOT));
    }
    return new TlsServer(() -> get(name), Tls.ClientAuth.valueOf(auth.name()));
  }

  /**
   * Returns the current keys of an archive marked {@code +tls}.
   *
   * @param name empty for {@code m2ib.dicom.tls-configuration-name}
   */
  Tls client(String name) {
    return get(
        name.isEmpty()
            ? config
                .dicom()
                .tlsConfigurationName()
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "m2ib.archive has an archive with +tls: set"
                                + " m2ib.dicom.tls-configuration-name, or write +tls=NAME"))
            : name);
  }

  /**
   * Returns the current keys of an HL7 destination marked {@code +tls}.
   *
   * @param name empty for {@code m2ib.hl7.tls-configuration-name}
   */
  Tls hl7Client(String name) {
    return get(
        name.isEmpty()
            ? config
                .hl7()
                .tlsConfigurationName()
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "m2ib.hl7.destinations has one with +tls: set"
                                + " m2ib.hl7.tls-configuration-name, or write +tls=NAME"))
            : name);
  }

  /** Returns the configuration of the HTTPS listener, if one is named. */
  Optional<String> https() {
    return ConfigProvider.getConfig()
        .getOptionalValue("quarkus.http.tls-configuration-name", String.class);
  }

  /** Returns our own certificate; HTTPS needs no trust store, so none is asked for. */
  Optional<X509Certificate> certificate(String name) {
    TlsConfiguration from = configuration(name);
    try {
      return from.getKeyStore() == null ? Optional.empty() : Tls.certificate(from.getKeyStore());
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "TLS configuration %s: its key store cannot be read".formatted(name), e);
    }
  }

  /** Returns whether changed files count without a restart. */
  boolean reloads(String name) {
    return ConfigProvider.getConfig()
        .getOptionalValue("quarkus.tls." + name + ".reload-period", String.class)
        .isPresent();
  }

  private Tls get(String name) {
    return current.computeIfAbsent(name, n -> made(n, configuration(n)));
  }

  private TlsConfiguration configuration(String name) {
    return registry
        .get(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "TLS configuration %s: no quarkus.tls.%s.* is set".formatted(name, name)));
  }

  void reload(@Observes CertificateUpdatedEvent event) {
    if (current.containsKey(event.name())) {
      Optional<X509Certificate> before = current.get(event.name()).certificate();
      Tls after = made(event.name(), event.tlsConfiguration());
      current.put(event.name(), after);
      if (!after.certificate().equals(before)) {
        LOG.infof("TLS configuration %s: reloaded, %s", event.name(), described(after));
      }
    }
  }

  private Tls made(String name, TlsConfiguration from) {
    SSLOptions options = from.getSSLOptions();
    KeyCertOptions keys = from.getKeyStoreOptions();
    TrustOptions trust = from.getTrustStoreOptions();
    if (trust == null) { // else the Java runtime's list, by which any site on the web is trusted
      throw new IllegalArgumentException(
          "TLS configuration %s: set quarkus.tls.%s.trust-store".formatted(name, name));
    }
    try {
      Tls tls =
          new Tls(
              new Tls.Material(
                  keys == null
                      ? new KeyManager[0]
                      : keys.getKeyManagerFactory(vertx).getKeyManagers(),
                  trust.getTrustManagerFactory(vertx).getTrustManagers(),
                  revoked(options),
                  options.getEnabledSecureTransportProtocols(),
                  options.getEnabledCipherSuites(),
                  !from.getHostnameVerificationAlgorithm().orElse("HTTPS").equals("NONE"),
                  from.getKeyStore() == null
                      ? Optional.empty()
                      : Tls.certificate(from.getKeyStore())));
      if (!current.containsKey(name)) {
        LOG.infof("TLS configuration %s: %s", name, described(tls));
      }
      return tls;
    } catch (Exception e) { // Vert.x declares no narrower one
      throw new IllegalArgumentException(
          "TLS configuration %s (quarkus.tls.%s.*): %s".formatted(name, name, e.getMessage()), e);
    }
  }

  private static String described(Tls tls) {
    return tls.certificate()
        .map(
            certificate ->
                "certificate of %s, valid until %s"
                    .formatted(
                        certificate.getSubjectX500Principal(),
                        certificate.getNotAfter().toInstant().atOffset(ZoneOffset.UTC)))
        .orElse("no certificate of our own");
  }

  private static List<X509CRL> revoked(SSLOptions options) throws GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509CRL> lists = new ArrayList<>();
    for (Buffer bytes : options.getCrlValues()) {
      lists.add((X509CRL) factory.generateCRL(new ByteArrayInputStream(bytes.getBytes())));
    }
    return lists;
  }
}
