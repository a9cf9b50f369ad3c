package org.m2ib.lab.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.m2ib.lab.experiments.MadeErrors.Error;
import org.m2ib.lab.experiments.MadeErrors.Made;

class SentenceErrorsTest {

  private static List<Made> of(String... sentences) {
    return SentenceErrors.of(
        Arrays.stream(sentences).map(s -> new SentenceErrors.Said(s, 0)).toList());
  }

  private static void assertMade(String sentence, Error error, String twin, String wrong) {
    assertThat(of(sentence))
        .filteredOn(made -> made.error() == error)
        .singleElement()
        .satisfies(
            made -> {
              assertThat(made.twin()).isEqualTo(twin);
              assertThat(made.wrong()).isEqualTo(wrong);
              assertThat(made.report().all()).containsExactly(wrong);
            });
  }

  @Test
  void theSideOfAFindingOrADeviceIsSwapped() {
    assertMade(
        "Small left pleural effusion.",
        Error.SIDE,
        "Small left pleural effusion.",
        "Small right pleural effusion.");
    assertMade(
        "Right central venous catheter.",
        Error.DEVICE_POSITION,
        "Right central venous catheter.",
        "Left central venous catheter.");
  }

  @Test
  void theZoneIsReplacedByAnother() {
    assertMade(
        "There is apical consolidation.",
        Error.LOCATION,
        "There is apical consolidation.",
        "There is basal consolidation.");
    assertThat(of("Nodule in the left upper lung zone."))
        .filteredOn(made -> made.error() == Error.LOCATION)
        .singleElement()
        .satisfies(
            made ->
                assertThat(made.wrong())
                    .isIn(
                        "Nodule in the left mid lung zone.",
                        "Nodule in the left lower lung zone."));
  }

  @Test
  void aSentenceIsNegatedInItsOwnWordsUnlessItsPlaceWouldGiveItAway() {
    assertMade(
        "There is a pneumothorax.",
        Error.NEGATION,
        "There is a pneumothorax.",
        "There is no pneumothorax.");
    assertMade("No pneumothorax.", Error.NEGATION, "No pneumothorax.", "Pneumothorax.");
    assertMade("Large left pneumothorax.", Error.NEGATION, "Pneumothorax.", "No pneumothorax.");
  }

  @Test
  void whatMayBeTrueIsNotMade() {
    assertThat(of("Left pleural effusion.", "Right pleural effusion."))
        .extracting(Made::error)
        .doesNotContain(Error.SIDE);
    assertThat(of("Apical consolidation.", "Basal consolidation."))
        .extracting(Made::error)
        .doesNotContain(Error.LOCATION);
    assertThat(of("No left pneumothorax.")).as("there may be a right one").isEmpty();
    assertThat(of("No new nodule.")).as("there may be an old one").isEmpty();
    assertThat(of("Bilateral pleural effusions."))
        .extracting(Made::error)
        .containsExactly(Error.NEGATION);
    assertThat(of("The lungs are clear.", "Kein Erguss.")).isEmpty();
  }
}
