package org.m2ib.discordance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.m2ib.report.Language;
import org.m2ib.report.Side;

class ClaimTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Small left pleural effusion. | effusion | LEFT | | SLIGHT | false",
        "No pneumothorax. | pneumothorax | NONE | | | true",
        "There is no evidence of pneumothorax. | pneumothorax | NONE | | | true",
        "Round lesion in the right lower zone. | nodule | RIGHT | LOWER | | false",
        "Right upper lung nodular opacity. | nodule | RIGHT | UPPER | | false",
        "Left apical pneumothorax. | pneumothorax | LEFT | UPPER | | false",
        "Bilateral pleural effusions. | effusion | BOTH | | | false",
        "Left and right pleural effusions. | effusion | BOTH | | | false",
        "The heart is enlarged. | cardiomegaly | NONE | | | false",
        "The left effusion has resolved. | effusion | LEFT | | | true",
        "A pneumothorax is not seen. | pneumothorax | NONE | | | true",
        "Pneumothorax cannot be excluded. | pneumothorax | NONE | | | false",
        "No change of the left pleural effusion. | effusion | LEFT | | | false",
        "No significant increase in the right effusion. | effusion | RIGHT | | | false",
        "Small to moderate left effusion. | effusion | LEFT | | | false",
        "Consolidation in the right middle lobe. | consolidation | RIGHT | | | false",
        "Catheter from the right. | catheter | RIGHT | | | false",
        "Not only a left effusion but much of it. | effusion | LEFT | | | false",
        "The left effusion has not improved. | effusion | LEFT | | | false",
        "Nothing to suggest a pneumothorax. | pneumothorax | NONE | | | true",
        "No effusion apart from blunting of the left angle. | effusion | NONE | | | true",
        "No pulmonary edema. | oedema | NONE | | | true"
      })
  void readsWhatASentenceSaysOfAFinding(
      String sentence, String finding, Side side, Zone zone, Extent extent, boolean denied) {
    assertThat(Claim.in(sentence, Language.ENGLISH))
        .containsExactly(new Claim(StandardFinding.of(finding), side, zone, extent, denied, false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Small left pleural effusion without pneumothorax. | LEFT, SLIGHT; NONE, null",
        "Small left effusion and no pneumothorax. | LEFT, SLIGHT; NONE, null",
        "Large right effusion with no nodule. | RIGHT, SEVERE; NONE, null",
        "Effusion without right pneumothorax. | NONE, null; RIGHT, null",
        "Left nodule without effusion or pneumothorax. | LEFT, null; NONE, null; NONE, null",
        "Left lung without effusion or nodule. | LEFT, null; LEFT, null",
        "Left nodule comma small right effusion. | LEFT, null; RIGHT, SLIGHT",
        "No left effusion or pneumothorax. | LEFT, null; LEFT, null",
        "Left nodule, small right effusion without pneumothorax. | LEFT, null; RIGHT, SLIGHT; NONE, null",
      })
  void sideAndSizeBelongToTheFindingThatTheyStandWith(String sentence, String expected) {
    assertThat(Claim.in(sentence, Language.ENGLISH))
        .extracting(claim -> claim.side() + ", " + claim.extent())
        .containsExactly(expected.split("; "));
  }

  @Test
  void aDenialReachesAllFindingsOfItsList() {
    assertThat(Claim.in("No pleural effusion, pneumothorax or consolidation.", Language.ENGLISH))
        .hasSize(3)
        .allMatch(Claim::denied);
  }

  @Test
  void aDenialDoesNotReachBackNorOverBut() {
    List<Claim> claims =
        Claim.in("Right effusion, no pneumothorax, but there is a left nodule.", Language.ENGLISH);
    assertThat(claims).extracting(Claim::denied).containsExactly(false, true, false);
    assertThat(claims).extracting(Claim::side).containsExactly(Side.RIGHT, Side.NONE, Side.LEFT);
  }

  @Test
  void eachFindingOfASentenceHasItsOwnSide() {
    assertThat(Claim.in("Left effusion and right nodule.", Language.ENGLISH))
        .extracting(Claim::side)
        .containsExactly(Side.LEFT, Side.RIGHT);
    assertThat(Claim.in("Left effusion with atelectasis.", Language.ENGLISH))
        .extracting(Claim::side)
        .containsExactly(Side.LEFT, Side.LEFT);
  }

  @ParameterizedTest
  @CsvSource({
    "No new nodule.",
    "No large pleural effusion.",
    "No other consolidation.",
    "The left pleural effusion is not well visualised.",
    "A left effusion is not clearly seen.",
    "Pneumothorax is not reliably assessed on this supine film.",
    "The left effusion is not increased."
  })
  void aDenialOfSomeOrOnlyThatItWasJudgedIsLimited(String sentence) {
    assertThat(Claim.in(sentence, Language.ENGLISH)).allMatch(Claim::limited).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"The lungs are clear.", "Old rib fracture.", "''", "Effusive thanks."})
  void aSentenceAboutSomethingElseClaimsNothing(String sentence) {
    assertThat(Claim.in(sentence, Language.ENGLISH)).isEmpty();
  }

  @Test
  void otherLanguagesAreNotRead() {
    assertThat(Claim.in("Kein Pneumothorax.", Language.GERMAN)).isEmpty();
  }
}
