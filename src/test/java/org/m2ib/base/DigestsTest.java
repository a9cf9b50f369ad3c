package org.m2ib.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The examples of FIPS 180-4. */
class DigestsTest {
  @Test
  void theStandardsExamplesComeOut() {
    byte[] abc = "abc".getBytes(StandardCharsets.US_ASCII);
    String expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assertThat(Digests.sha256(abc)).isEqualTo(expected);
    assertThat(Digests.sha256("abc")).isEqualTo(expected);
    var sha1 = Digests.sha1();
    sha1.update(abc);
    assertThat(Digests.hex(sha1)).isEqualTo("a9993e364706816aba3e25717850c26c9cd0d89d");
  }
}
