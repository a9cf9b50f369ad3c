package org.m2ib.discordance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.m2ib.discordance.ThresholdProposal.Judged;

class ThresholdProposalTest {

  @Test
  void itKeepsNineOfTenConfirmed() {
    List<Judged> judged = new ArrayList<>();
    for (int i = 1; i <= 10; i++) {
      judged.add(new Judged(0.5 + i / 100.0, true));
      judged.add(new Judged(i / 20.0, false));
    }
    judged.add(new Judged(0.525, false));
    ThresholdProposal proposal = ThresholdProposal.of(judged);
    assertThat(proposal.score()).isEqualTo(0.52);
    assertThat(proposal.kept()).isEqualTo(9);
    assertThat(proposal.alerts()).isEqualTo(10);
    assertThat(proposal.precision()).isEqualTo(0.9);
    assertThat(proposal.note()).isNull();
  }

  @Test
  void tooFewJudgementsProposeNothingAndSayWhatIsMissing() {
    ThresholdProposal proposal = ThresholdProposal.of(List.of(new Judged(0.9, true)));
    assertThat(proposal.score()).isNull();
    assertThat(proposal.note())
        .isEqualTo(
            "A proposal needs at least 10 confirmed and 10 not confirmed; there are 1 and 0.");
  }
}
