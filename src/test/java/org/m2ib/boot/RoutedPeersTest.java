package org.m2ib.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.config.M2ibConfig;
import org.m2ib.config.TestConfig;
import org.m2ib.delivery.MllpAddress;
import org.m2ib.results.hl7.Hl7Version;
import org.m2ib.routes.RoutesInForce;

/** The destinations that are configured: what is wrong is said at start, not with a delivery. */
class RoutedPeersTest {
  private static final String URL = "m2ib.stow.url=https://pacs.example/dicom-web";

  /** Settings as {@code key=value}, separated by blanks. */
  private static RoutedPeers peers(String settings) {
    Map<String, String> all =
        Arrays.stream(settings.split(" "))
            .map(one -> one.split("=", 2))
            .collect(Collectors.toMap(one -> one[0], one -> one[1]));
    M2ibConfig config = TestConfig.of(all);
    RoutesInForce routes = new RoutesInForce(null, text -> null, changed -> {}, Clock.systemUTC());
    return new RoutedPeers(config, routes, null, new TlsConfigurations(null, null, config));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "m2ib.stow.url=pacs:8042 | m2ib.stow.url = pacs:8042: must be an http or https URL",
        "m2ib.stow.url=https:/pacs | m2ib.stow.url = https:/pacs: must be an http or https URL",
        "m2ib.fhir.url=ftp://hub/fhir | m2ib.fhir.url = ftp://hub/fhir: must be an http or https",
        URL + " m2ib.stow.token=t m2ib.stow.username=u m2ib.stow.password=p | set one of m2ib.stow",
        URL + " m2ib.stow.username=u | set both m2ib.stow.username and m2ib.stow.password",
        URL + " m2ib.stow.password=p | set both m2ib.stow.username and m2ib.stow.password"
      })
  void anArchiveThatMakesNoSenseStopsTheStart(String settings, String problem) {
    assertThatThrownBy(() -> peers(settings))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void anArchiveIsFoundAsRowsNameIt() {
    RoutedPeers peers = peers(URL + " m2ib.stow.token=t");
    assertThat(peers.webArchives()).containsExactly("stow:https://pacs.example/dicom-web");
    assertThat(peers.archive("stow:https://pacs.example/dicom-web")).isPresent();
    assertThat(peers.archive("stow:https://other.example")).isEmpty();
  }

  @Test
  void anHl7ReceiverHasTheVersionThatItsAddressHasNow() {
    RoutedPeers peers = peers("m2ib.hl7.destinations=mllp://ris:1+tls?version=2.3,mllp://ris:2");
    assertThat(peers.all()).containsExactly("mllp://ris:1+tls", "mllp://ris:2");
    assertThat(peers.version(MllpAddress.parse("mllp://ris:1+tls"))).isEqualTo(Hl7Version.V2_3);
    assertThat(peers.version(MllpAddress.parse("mllp://ris:2?version=2.8")))
        .isEqualTo(Hl7Version.USUAL);
    assertThat(peers.version(MllpAddress.parse("mllp://gone:1?version=2.8")))
        .isEqualTo(Hl7Version.V2_8);
  }
}
