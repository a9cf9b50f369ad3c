package org.m2ib.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NegationTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          There is a pleural effusion.; There is no pleural effusion.
          There is an apical cap.; There is no apical cap.
          There is edema.; There is no edema.
          There are effusions.; There are no effusions.
          There is evidence of a nodule.; There is no evidence of a nodule.
          Pneumothorax.; No pneumothorax.
          Small left pleural effusion; No small left pleural effusion
          PICC line.; No PICC line.
          The heart is enlarged.; The heart is not enlarged.
          """)
  void aSentenceAndItsContraryAreEachOthers(String sentence, String contrary) {
    assertThat(Negation.of(sentence, Language.ENGLISH)).contains(contrary);
    assertThat(Negation.of(contrary, Language.ENGLISH)).contains(sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          A nodule in the left upper zone.; No nodule in the left upper zone.
          Without pneumothorax.; Pneumothorax.
          The lungs are clear.; The lungs are not clear.
          Heart failure without effusion.; Heart failure with effusion.
          No focal consolidation, effusion, or pneumothorax.; Focal consolidation, effusion, or pneumothorax.
          There are some small nodules.; There are no small nodules.
          '  No  acute edema
            is seen. '; Acute edema is seen.
          """)
  void otherWordsForTheSameComeBackInTheUsualOnes(String sentence, String contrary) {
    assertThat(Negation.of(sentence, Language.ENGLISH)).contains(contrary);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "No effusion and no pneumothorax.", // two denials
        "No effusion, but the heart is enlarged.", // one denied, one asserted
        "Stable left effusion; heart enlarged.",
        "Large, lobulated mass.",
        "Findings suggest a nodule.", // a verb with no contrary here
        "Recommend a lateral view.",
        "Absence of the left breast.",
        "Pneumonia cannot be excluded.",
        "Pneumonia is not excluded.",
        "The lungs are not clear.", // but not what of
        "The left base is not well visualised.", // whether it is says nothing of a finding
        "No effusion apart from blunting of the left angle.",
        "No effusion, heart enlarged.",
        "There is no longer a left effusion.",
        "Is there an effusion?",
        "A long phrase of very many words that goes on and on without sense here, further."
      })
  void whatItDoesNotUnderstandHasNone(String sentence) {
    assertThat(Negation.of(sentence, Language.ENGLISH)).isEmpty();
  }

  @Property
  void theContraryOfTheContraryIsTheSentence(@ForAll("sentences") String sentence) {
    String contrary = Negation.of(sentence, Language.ENGLISH).orElseThrow();
    assertThat(contrary).isNotEqualTo(sentence);
    assertThat(Negation.of(contrary, Language.ENGLISH)).contains(sentence);
  }

  @Property
  void anyTextHasAnotherAsItsContraryOrNone(@ForAll String text) {
    Optional<String> contrary = Negation.of(text, Language.ENGLISH);
    contrary.ifPresent(c -> assertThat(c).isNotBlank().isNotEqualTo(text.strip()));
  }

  @Provide
  Arbitrary<String> sentences() {
    return Combinators.combine(
            Arbitraries.of("There is a ", "There is no ", "There are ", "There are no ", "No ", ""),
            Arbitraries.of("small ", "new ", "large "),
            Arbitraries.of("left ", "right ", ""),
            Arbitraries.of("nodule", "pleural effusion", "pneumothorax"),
            Arbitraries.of("", " in the upper zone", " at the base"))
        .as(
            (opening, size, side, name, place) -> {
              String words = opening + size + side + name + place + ".";
              return Character.toUpperCase(words.charAt(0)) + words.substring(1);
            });
  }
}
