package org.m2ib.intake.hl7;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.hl7v2.parser.EncodingCharacters;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Hl7EscapesTest {
  private static final EncodingCharacters USUAL = new EncodingCharacters('|', "^~\\&");

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("\\|^~&#.brsp+0X1DHNEFST \n").ofMaxLength(60);
  }

  @Property
  void whatIsEscapedComesBack(@ForAll("texts") String text) {
    assertThat(unescape(Hl7Escapes.INSTANCE.escape(text, USUAL))).isEqualTo(text);
  }

  @Property
  void anyUnicodeTextComesBack(@ForAll String text) {
    assertThat(unescape(Hl7Escapes.INSTANCE.escape(text, USUAL)))
        .isEqualTo(text.replaceAll("\r\n?", "\n"));
  }

  @Property
  void escapedTextHasNoSeparators(@ForAll("texts") String text) {
    assertThat(Hl7Escapes.INSTANCE.escape(text, USUAL)).doesNotContain("|", "^", "~", "&", "\n");
  }

  @Property
  void textWithoutTheEscapeCharacterStaysAsItIs(@ForAll("texts") String text) {
    String plain = text.replace("\\", "");
    assertThat(unescape(plain)).isEqualTo(plain);
  }

  @Property
  void noTextIsTooBroken(@ForAll("texts") String text) {
    assertThat(unescape(text)).doesNotContain("\r");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          lungs\\.br\\clear, 'lungs|clear'
          lungs\\.BR\\clear, 'lungs|clear'
          lungs\\.sp\\clear, 'lungs|clear'
          lungs\\.sp2\\clear, 'lungs||clear'
          lungs\\.sp 1\\clear, 'lungs|clear'
          lungs\\.sp + 2\\clear, 'lungs||clear'
          lungs\\.in + 4\\clear, lungsclear
          lungs\\X000d\\clear, 'lungs|clear'
          lungs\\X000D000A\\clear, 'lungs|clear'
          lungs\\.sk3\\clear, 'lungs   clear'
          lungs\\.in+4\\clear, lungsclear
          lungs\\.ce\\clear, 'lungs|clear'
          heart \\T\\ lungs, heart & lungs
          2\\S\\3, 2^3
          a\\R\\b, a~b
          C:\\E\\data, C:\\data
          lungs\\X0D\\clear, 'lungs|clear'
          lungs\\X0D0A\\clear, 'lungs|clear'
          caf\\XC3A9\\, café
          caf\\XE9\\, café
          \\H\\normal\\N\\, normal
          \\E\\.br\\E\\, \\.br\\
          C:\\temp\\x, C:\\temp\\x
          half \\, half \\
          \\Z1\\x, x
          """)
  void sequencesBecomeText(String escaped, String plain) {
    assertThat(unescape(escaped)).isEqualTo(plain.replace('|', '\n'));
  }

  @Test
  void fieldSeparatorsComeBack() {
    assertThat(unescape("a\\F\\b")).isEqualTo("a|b");
  }

  @Test
  void aRepeatCountCannotFillTheMemory() {
    assertThat(unescape("a\\.sp99999999999\\b")).hasSizeLessThan(100);
  }

  private static String unescape(String text) {
    return Hl7Escapes.INSTANCE.unescape(text, USUAL);
  }
}
