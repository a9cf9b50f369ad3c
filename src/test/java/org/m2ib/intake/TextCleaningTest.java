package org.m2ib.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TextCleaningTest {

  @Test
  void everyEndOfALineIsALineFeed() {
    String text = "a\r\nb\rc\u000Bd\fe\u0085f\u2028g\u2029h\ti";
    assertThat(TextCleaning.clean(text))
        .isEqualTo(new TextCleaning("a\nb\nc\nd\ne\nf\ng\nh\ti", 0));
  }

  @Test
  void controlCharactersGoAndAreCounted() {
    TextCleaning cleaned = TextCleaning.clean("a\u0000b\u001Cc\u001B\u007F\u0090\uD800d\uFFFE");
    assertThat(cleaned.text()).isEqualTo("ab cd");
    assertThat(cleaned.note()).isEqualTo("7 control characters were removed from the text");
  }

  @Test
  void lettersOfAllPlanesStay() {
    assertThat(TextCleaning.clean("Überblähung 肺 \uD83E\uDEC1").text())
        .isEqualTo("Überblähung 肺 \uD83E\uDEC1");
  }

  @Property
  void whatIsCleanStaysAsItIs(@ForAll String text) {
    String once = TextCleaning.clean(text).text();
    assertThat(once.codePoints()).allMatch(TextCleaning::isText);
    if (!once.startsWith("\uFEFF")) {
      assertThat(TextCleaning.clean(once)).isEqualTo(new TextCleaning(once, 0));
    }
  }

  @Property
  void anIdentifierIsTakenOrRefusedWithItsField(@ForAll String value) {
    try {
      String taken = Identifiers.check("field", value, 64);
      assertThat(taken == null || (taken.length() <= 128 && !taken.contains("\u0000"))).isTrue();
    } catch (UnacceptableReportException e) {
      assertThat(e.place()).isEqualTo("field");
    }
  }

  @Test
  void aUidHasDigitsAndSingleDots() {
    assertThat(Identifiers.checkUid("uid", " 1.2.3 ")).isEqualTo("1.2.3");
    for (String wrong : new String[] {".", "1.", ".1", "1..2", "1.a", "1\u0000", "1".repeat(65)}) {
      assertThatThrownBy(() -> Identifiers.checkUid("uid", wrong))
          .isInstanceOf(UnacceptableReportException.class)
          .hasMessageContaining("not a UID");
    }
  }
}
