package org.m2ib.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.m2ib.base.Logged;
import org.m2ib.peers.Peers;

/** Which associations are admitted: by called title, calling title and address. */
class AdmissionTest {
  private final Map<String, String> received = new ConcurrentHashMap<>();
  private StoreScp scp;
  @TempDir Path folder;

  private void start(String host, Set<String> titles, Set<String> senders) throws IOException {
    scp =
        StoreScp.start(
            new StoreScp.Settings(
                titles,
                host,
                0,
                senders,
                Set.of(),
                1 << 16,
                10,
                Duration.ofSeconds(20),
                Optional.empty()),
            object -> {
              object.writeTo(OutputStream.nullOutputStream());
              received.put(object.sopInstanceUid(), object.callingAeTitle());
            });
  }

  @AfterEach
  void stop() {
    scp.close();
  }

  private boolean sent(String called, String calling) throws Exception {
    Peers.need("storescu", "dcmtk");
    String uid = "1.2.3." + (received.size() + 1);
    Path file = DicomFiles.write(DicomFiles.made(uid), folder, "a.dcm");
    int exit =
        Peers.run(
                "storescu",
                "-aec",
                called,
                "-aet",
                calling,
                "127.0.0.1",
                String.valueOf(scp.port()),
                file.toString())
            .exit();
    return exit == 0 && calling.equals(received.get(uid));
  }

  @Test
  void severalTitlesShareOnePort() throws Exception {
    start("127.0.0.1", Set.of("M2IB", "M2IB_CT"), Set.of());
    assertThat(sent("M2IB", "A")).isTrue();
    assertThat(sent("M2IB_CT", "A")).isTrue();
    String log = Logged.by(StoreScp.class, () -> assertThat(sent("OTHER", "A")).isFalse());
    assertThat(log)
        .contains(
            "association from A (127.0.0.1) to OTHER rejected: called AE title not recognized");
  }

  @Test
  void sendersAreKnownByTitleAndAddress() throws Exception {
    start("0.0.0.0", Set.of("M2IB"), Set.of("V4@127.0.0.0/8", "V6@::1", "ANYWHERE", "*@192.0.2.1"));
    assertThat(sent("M2IB", "V4")).isTrue();
    new StoreScu(StoreScu.Settings.of("V6")).echo(RemoteAe.parse("M2IB@[::1]:" + scp.port()));
    assertThat(sent("M2IB", "ANYWHERE")).isTrue();
    assertThat(sent("M2IB", "V6")).isFalse();
    String log = Logged.by(StoreScp.class, () -> assertThat(sent("M2IB", "X")).isFalse());
    assertThat(log).contains("from X (127.0.0.1) to M2IB rejected: calling AE title");
  }

  @Test
  void anIpv6AddressAloneCanBeListenedOn() throws Exception {
    start("::1", Set.of("M2IB"), Set.of());
    new StoreScu(StoreScu.Settings.of("A")).echo(RemoteAe.parse("M2IB@[::1]:" + scp.port()));
    assertThatThrownBy(
            () ->
                new StoreScu(StoreScu.Settings.of("A"))
                    .echo(new RemoteAe("M2IB", "127.0.0.1", scp.port())))
        .isInstanceOf(DicomNetworkException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "PACS, PACS, 10.1.2.3, true",
    "PACS, PACS2, 10.1.2.3, false",
    "PACS@10.1.2.3, PACS, 10.1.2.3, true",
    "PACS@10.1.2.3, PACS, 10.1.2.4, false",
    "PACS@10.1.2.0/23, PACS, 10.1.3.255, true",
    "PACS@10.1.2.0/23, PACS, 10.1.4.0, false",
    "*@10.0.0.0/8, ANY, 10.200.0.1, true",
    "*@0.0.0.0/0, ANY, 203.0.113.9, true",
    "*@0.0.0.0/0, ANY, 2001:db8::1, false",
    "PACS@2001:db8::/32, PACS, 2001:db8:1::5, true",
    "PACS@[2001:db8::1], PACS, 2001:db8::1, true",
    "PACS@2001:db8::/32, PACS, 2001:db9::1, false",
    "PACS@::ffff:10.1.2.3, PACS, 10.1.2.3, true"
  })
  void anAddressIsInANetworkByItsLeadingBits(
      String allowed, String title, String address, boolean expected) throws Exception {
    start("127.0.0.1", Set.of("M2IB"), Set.of());
    assertThat(AllowedSender.parse(allowed).allows(title, InetAddress.getByName(address)))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "@10.1.2.3",
        "PACS@pacs.example",
        "PACS@10.1",
        "PACS@10.1.2.3/33",
        "PACS@::1/129",
        "PACS@10.1.2.300",
        "PACS@10.1.2.3:104",
        "WAY_TOO_LONG_FOR_A_TITLE",
        "A\\B"
      })
  void anythingElseIsNoSender(String wrong) throws Exception {
    start("127.0.0.1", Set.of("M2IB"), Set.of());
    assertThatThrownBy(() -> AllowedSender.parse(wrong))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
