package org.m2ib.lab.phantom;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DictationTest {

  @Property(tries = 300)
  void everySentenceHoldsOnlyKnownWordsAndSaysItsSideAndZone(
      @ForAll long seed, @ForAll FindingType type, @ForAll boolean denied) {
    SplittableRandom random = new SplittableRandom(seed);
    Finding finding = PhantomGenerator.draw(type, random);
    String text = new Dictation(random).say(new Statement(finding, denied)).text();
    List<String> words = Arrays.asList(text.toLowerCase(Locale.ROOT).replace(".", "").split(" "));
    assertThat(Dictation.words()).containsAll(words).hasSizeLessThan(96);
    assertThat(text).matches("[A-Z].*\\.").doesNotContain("  ");
    assertThat(words.contains("left")).isEqualTo(finding.side() == PhantomSide.LEFT);
    assertThat(words.contains("right")).isEqualTo(finding.side() == PhantomSide.RIGHT);
    assertThat(words.contains("upper")).isEqualTo(finding.zone() == Zone.UPPER);
    assertThat(words.contains("lower")).isEqualTo(finding.zone() == Zone.LOWER);
    assertThat(words.contains("no") || words.contains("without")).isEqualTo(denied);
    assertThat(type.names()).anyMatch(name -> text.toLowerCase(Locale.ROOT).contains(name));
  }

  @Test
  void aStatementIsTrueAsFarAsItGoes() {
    List<Finding> image = List.of(new Finding(FindingType.NODULE, PhantomSide.LEFT, Zone.UPPER));
    assertThat(says(PhantomSide.NONE, Zone.NONE, false).trueOf(image)).isTrue();
    assertThat(says(PhantomSide.LEFT, Zone.NONE, false).trueOf(image)).isTrue();
    assertThat(says(PhantomSide.LEFT, Zone.LOWER, false).trueOf(image)).isFalse();
    assertThat(says(PhantomSide.RIGHT, Zone.UPPER, false).trueOf(image)).isFalse();
    assertThat(says(PhantomSide.NONE, Zone.NONE, true).trueOf(image)).isFalse();
    assertThat(says(PhantomSide.RIGHT, Zone.NONE, true).trueOf(image)).isTrue();
    assertThat(says(PhantomSide.NONE, Zone.NONE, true).trueOf(List.of())).isTrue();
  }

  private static Statement says(PhantomSide side, Zone zone, boolean denied) {
    return new Statement(new Finding(FindingType.NODULE, side, zone), denied);
  }
}
