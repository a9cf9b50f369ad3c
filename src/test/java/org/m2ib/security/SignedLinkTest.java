package org.m2ib.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.m2ib.accounts.LaunchStore;
import org.m2ib.cases.TestDatabase;
import org.m2ib.security.SignedLink.InvalidException;

class SignedLinkTest {
  private static final String KEY = "0123456789abcdef0123456789abcdef";
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

  private static String signed(String query) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(KEY.getBytes(), "HmacSHA256"));
    return query + "&signature=" + HexFormat.of().formatHex(mac.doFinal(query.getBytes()));
  }

  private static SignedLink read(String query) throws Exception {
    return SignedLink.read(query, KEY, NOW);
  }

  /** The example of docs/access.md, whose signature openssl made. */
  @Test
  void theExampleOfTheManualIsRead() throws Exception {
    SignedLink link =
        read(
            "accession=A%201&expires=1800000300&nonce=5f0c1e7a9b3d4c62&signature="
                + "50887e1b1f2691e1d47e29ed9802875ec0f2b2f6e955d3c33ba4ec1f697400a2");
    assertThat(link.name()).isEqualTo("accession");
    assertThat(link.value()).isEqualTo("A 1");
    assertThat(link.expires()).isEqualTo(NOW.plusSeconds(300));
  }

  @Test
  void whateverIsChangedMissingOrTwiceIsRefused() throws Exception {
    String good = signed("study=1.2.3&expires=1800000300&nonce=5f0c1e7a9b3d4c62");
    assertThat(read(good).value()).isEqualTo("1.2.3");
    for (String bad :
        List.of(
            good.replace("1.2.3", "1.2.4"),
            good.replace("study", "accession"),
            good.replace("1800000300", "1800000301"),
            good + "&study=1.2.4",
            good.substring(0, good.length() - 1),
            good.replaceFirst("&signature=.*", ""),
            "",
            signed("study=1.2.3&nonce=5f0c1e7a9b3d4c62"),
            signed("study=1.2.3&expires=1800000300"),
            signed("study=1.2.3&expires=1800000300&nonce=short"),
            signed("study=&expires=1800000300&nonce=5f0c1e7a9b3d4c62"),
            signed("study=%zz&expires=1800000300&nonce=5f0c1e7a9b3d4c62"),
            signed("study=1.2.3&study=1.2.4&expires=1800000300&nonce=5f0c1e7a9b3d4c62"),
            signed("study=1.2.3&accession=A&expires=1800000300&nonce=5f0c1e7a9b3d4c62"))) {
      assertThatThrownBy(() -> read(bad))
          .as(bad)
          .isInstanceOfSatisfying(InvalidException.class, e -> assertThat(e.isLate()).isFalse());
    }
    for (long expires : List.of(1_800_000_000L, 1_799_999_999L, 1_800_003_601L)) {
      String late = signed("study=1.2.3&expires=" + expires + "&nonce=5f0c1e7a9b3d4c62");
      assertThatThrownBy(() -> read(late))
          .as(late)
          .isInstanceOfSatisfying(InvalidException.class, e -> assertThat(e.isLate()).isTrue());
    }
  }

  @Test
  void aNonceCountsOnce() {
    LaunchStore launches = new LaunchStore(TestDatabase.h2(), Clock.systemUTC());
    Instant later = Instant.now().plusSeconds(300);
    assertThat(launches.take("a", later)).isTrue();
    assertThat(launches.take("a", later)).isFalse();
    assertThat(launches.take("b", later)).isTrue();
    assertThat(launches.take("a", later)).isFalse();
  }
}
