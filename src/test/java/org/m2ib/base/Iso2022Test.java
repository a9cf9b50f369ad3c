package org.m2ib.base;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.CharacterCodingException;
import org.junit.jupiter.api.Test;

/** What DICOM and HL7 v2 share; their own spellings are tested with them. */
class Iso2022Test {
  private static byte[] bytes(String text) {
    return text.replace('~', '\u001b').getBytes(ISO_8859_1);
  }

  @Test
  void setsOfSeveralCountriesFollowOneAnother() throws CharacterCodingException {
    byte[] text = bytes("a~$B;3~(Bb~$)C\u00fb\u00f3~-A\u00fc~-b\u00a4\n\u00a4");
    assertThat(Iso2022.decode(text, 6)).isEqualTo("a山b洪ü€\n€");
    assertThat(Iso2022.decodeLeniently(text, 6)).isEqualTo("a山b洪ü€\n€");
  }

  @Test
  void whatIsNoCharacterIsRefusedOrReplaced() {
    for (String wrong : new String[] {"a\u00fc", "a~$B;", "a~$Zb"}) {
      assertThatThrownBy(() -> Iso2022.decode(bytes(wrong), 6))
          .isInstanceOf(CharacterCodingException.class);
      assertThat(Iso2022.decodeLeniently(bytes(wrong), 6)).startsWith("a\uFFFD");
    }
  }

  @Test
  void aPartOfIso8859HasItsNumber() {
    assertThat(Iso2022.number(15)).hasValue(203);
    assertThat(Iso2022.charset(203).orElseThrow().name()).isEqualTo("ISO-8859-15");
    assertThat(Iso2022.number(12)).isEmpty();
  }
}
