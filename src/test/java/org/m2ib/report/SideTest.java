package org.m2ib.report;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SideTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          There is a left pleural effusion.; LEFT
          Left-sided effusion.; LEFT
          No pneumothorax on the left.; LEFT
          Opacity in the LLL.; LEFT
          RIGHT LOWER LOBE PNEUMONIA.; RIGHT
          Right-sided pigtail catheter.; RIGHT
          Mediastinal shift rightward.; RIGHT
          RML atelectasis.; RIGHT
          Bilateral effusions.; BOTH
          Effusions bilaterally.; BOTH
          Both lungs are clear.; BOTH
          Left greater than right effusion.; BOTH
          Bibasilar atelectasis.; BOTH
          Bi-apical scarring.; BOTH
          R IJ line in the SVC.; RIGHT
          Opacity at the L base.; LEFT
          Effusions: L pleural, R pleural.; BOTH
          R/O pneumonia.; NONE
          L1 compression fracture.; NONE
          The heart is enlarged.; NONE
          A bright line, slightly cleft and upright.; NONE
          Leftover contrast in the bowel.; NONE
          '';NONE
          """)
  void theSideIsTheOneWhoseWordStandsInTheSentence(String sentence, Side side) {
    assertThat(Side.in(sentence, Language.ENGLISH)).contains(side);
  }

  @Property
  void aSentenceReadInAMirrorNamesTheOtherSide(@ForAll boolean left, @ForAll boolean both) {
    String said = left ? "left" : "right";
    String other = left ? "right" : "left";
    String more = both ? " and " + other : "";
    assertThat(Side.in("Opacity at the " + said + more + " base.", Language.ENGLISH))
        .contains(both ? Side.BOTH : left ? Side.LEFT : Side.RIGHT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          There is a Left nodule. | There is a Right nodule.
          RIGHT LUNG: clear | LEFT LUNG: clear
          Mass, displaced rightwards. | Mass, displaced leftwards.
          Opacity in the LUL. | Opacity in the RUL.
          """)
  void theOtherSideOfASentenceIsSaidInItsOwnWords(String sentence, String other) {
    assertThat(Side.other(sentence, Language.ENGLISH)).contains(other);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Clear lungs.",
        "Bilateral effusions.",
        "Left and right.",
        "RML collapse.",
        "Right middle lobe collapse."
      })
  void withoutOneSideThatHasAnOtherThereIsNone(String sentence) {
    assertThat(Side.other(sentence, Language.ENGLISH)).isEmpty();
  }
}
