package org.m2ib.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.base.tls.TestKeys;
import org.m2ib.base.tls.Tls;
import org.m2ib.dicom.RemoteAe;
import org.m2ib.dicom.StoreScu;
import org.m2ib.peers.Orthanc;
import org.m2ib.peers.Peers;
import org.m2ib.peers.ServiceProcess;

/** The packaged service with a site's TLS configuration, its files changed while it runs. */
class TlsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  private Map<String, String> settings() throws IOException {
    put("server");
    Map<String, String> settings = new HashMap<>();
    settings.put("quarkus.tls.hospital.key-store.pem.0.key", folder + "/m2ib.key");
    settings.put("quarkus.tls.hospital.key-store.pem.0.cert", folder + "/m2ib.pem");
    settings.put("quarkus.tls.hospital.trust-store.pem.certs", TestKeys.file("ca.pem").toString());
    settings.put("quarkus.tls.hospital.reload-period", "1s");
    settings.put("quarkus.http.tls-configuration-name", "hospital");
    settings.put("m2ib.dicom.tls-configuration-name", "hospital");
    settings.put("m2ib.hl7.tls-configuration-name", "hospital");
    return settings;
  }

  private void put(String name) throws IOException {
    for (String kind : List.of("key", "pem")) {
      Files.copy(
          TestKeys.file(name + "." + kind),
          folder.resolve("m2ib." + kind),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static String exchange(Tls tls, int port, String what) throws IOException {
    try (Socket socket = tls.connect(new Socket("127.0.0.1", port), "127.0.0.1", 20_000)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(what.getBytes(StandardCharsets.UTF_8));
      byte[] answer = new byte[2048];
      return new String(
          answer, 0, Math.max(0, socket.getInputStream().read(answer)), StandardCharsets.UTF_8);
    }
  }

  @Test
  void everyListenerSpeaksTlsAndTakesRenewedFiles() throws Exception {
    int https = Peers.freePort();
    Map<String, String> settings = settings();
    settings.put("quarkus.http.ssl-port", String.valueOf(https));
    try (ServiceProcess service = new ServiceProcess(folder.resolve("data"), settings).start()) {
      RemoteAe dicom = RemoteAe.parse("M2IB@127.0.0.1:" + service.dicomPort() + "+tls");
      Tls before = TestKeys.of("client", List.of("ca"));
      Tls renewed = TestKeys.of("client", List.of("renewed"));
      StoreScu.Settings sender = StoreScu.Settings.of("SENDER");
      new StoreScu(sender, name -> before).echo(dicom);
      assertThatThrownBy(() -> new StoreScu(sender, name -> renewed).echo(dicom))
          .hasMessageContaining("no authority");
      assertThat(exchange(before, service.hl7Port(), "\u000bMSH|^~\\&|\u001c\r")).contains("MSA|");
      String request = "GET /q/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
      assertThat(exchange(TestKeys.of("", List.of("ca")), https, request))
          .startsWith("HTTP/1.1 200");

      put("renewed");
      Peers.await(
          "the renewed certificate",
          PATIENCE,
          () -> {
            new StoreScu(sender, name -> renewed).echo(dicom);
            return true;
          });
      assertThat(exchange(renewed, service.hl7Port(), "\u000bMSH|^~\\&|\u001c\r")).contains("MSA|");
      Peers.await(
          "the renewed certificate by HTTPS",
          PATIENCE,
          () -> exchange(renewed, https, request).startsWith("HTTP/1.1 200"));
      Files.writeString(folder.resolve("m2ib.pem"), "half written");
      assertThat(service.log()).contains("TLS configuration hospital: reloaded, certificate of");
      new StoreScu(sender, name -> renewed).echo(dicom);
    }
  }

  @Test
  void orthancSendsAndReceivesWithTls() throws Exception {
    Peers.need("Orthanc", "orthanc");
    int ours = Peers.freePort();
    try (Orthanc orthanc = Orthanc.startWithTls(folder, "M2IB", ours)) {
      Map<String, String> settings = settings();
      settings.put("m2ib.archive", orthanc.archive() + "+tls");
      settings.put("m2ib.dicom.port", String.valueOf(ours));
      try (ServiceProcess service = new ServiceProcess(folder.resolve("data"), settings).start()) {
        orthanc.sendToM2ib(orthanc.upload(Path.of("src/test/resources/dicom/RG1_J2KI.dcm")));
        Peers.await(
            "the archive to answer",
            PATIENCE,
            () -> service.get("/q/health/ready").statusCode() == 200);
        assertThat(service.log()).doesNotContain("TLS handshake failed");
        assertThat(service.json("/api/doctor").toString())
            .contains("answers C-ECHO with TLSv1.", "its certificate is of CN=m2ib test server");
      }
    }
  }

  @Test
  void aConfigurationThatCannotBeUsedStopsTheService() throws Exception {
    Map<String, String> settings = settings();
    settings.remove("quarkus.tls.hospital.trust-store.pem.certs");
    assertThat(new ServiceProcess(folder.resolve("a"), settings).refusal())
        .contains("set quarkus.tls.hospital.trust-store");
    assertThat(
            new ServiceProcess(
                    folder.resolve("b"), Map.of("m2ib.dicom.tls-configuration-name", "nowhere"))
                .refusal())
        .contains("no quarkus.tls.nowhere.* is set");
    assertThat(
            new ServiceProcess(folder.resolve("c"), Map.of("m2ib.archive", "A@127.0.0.1:1+tls"))
                .refusal())
        .contains("set m2ib.dicom.tls-configuration-name");
  }
}
