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
          The heart is enlarged.; NONE
          A bright line, slightly cleft and upright.; NONE
          Leftover contrast in the bowel.; NONE
          Kleiner Pleuraerguss links.; LEFT
          Linksseitiger Erguss.; LEFT
          In der linken Lunge ein Rundherd.; LEFT
          Rechtsbasal Belüftungsstörung.; RIGHT
          Verdichtung im rechten Unterlappen.; RIGHT
          Beidseits Ergüsse.; BOTH
          Épanchement pleural gauche.; LEFT
          Opacité de la base droite.; RIGHT
          Épanchement bilatéral.; BOTH
          Derrame pleural izquierdo.; LEFT
          Neumotórax derecho.; RIGHT
          En ambos pulmones.; BOTH
          '';NONE
          """)
  void theSideIsTheOneWhoseWordStandsInTheSentence(String sentence, Side side) {
    assertThat(Side.in(sentence)).isEqualTo(side);
  }

  @ParameterizedTest
  @ValueSource(strings = {"q", "x", "ß", "é", "0", "_"})
  void aLetterBeforeOrBehindMakesItAnotherWord(String letter) {
    assertThat(Side.in("A " + letter + "left one.")).isEqualTo(Side.NONE);
    assertThat(Side.in("A right" + letter + " one.")).isEqualTo(Side.NONE);
  }

  @Property
  void aSentenceReadInAMirrorNamesTheOtherSide(@ForAll boolean left, @ForAll boolean both) {
    String said = left ? "left" : "right";
    String other = left ? "right" : "left";
    String more = both ? " and " + other : "";
    assertThat(Side.in("Opacity at the " + said + more + " base."))
        .isEqualTo(both ? Side.BOTH : left ? Side.LEFT : Side.RIGHT);
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
          Erguss linksseitig. | Erguss rechtsseitig.
          Am rechten Unterlappen. | Am linken Unterlappen.
          Épanchement pleural gauche. | Épanchement pleural droite.
          Derrame pleural derecho. | Derrame pleural izquierdo.
          """)
  void theOtherSideOfASentenceIsSaidInItsOwnWords(String sentence, String other) {
    assertThat(Side.other(sentence)).contains(other);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Clear lungs.", "Bilateral effusions.", "Left and right.", "RML collapse."})
  void withoutOneSideThatHasAnOtherThereIsNone(String sentence) {
    assertThat(Side.other(sentence)).isEmpty();
  }
}
