package org.m2ib.lab.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.m2ib.discordance.Claim;
import org.m2ib.lab.experiments.MadeErrors.Error;
import org.m2ib.lab.phantom.Dictation;
import org.m2ib.lab.phantom.Finding;
import org.m2ib.lab.phantom.FindingType;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.phantom.PhantomSentence;
import org.m2ib.lab.phantom.PhantomSide;
import org.m2ib.lab.phantom.Statement;
import org.m2ib.report.Language;
import org.m2ib.report.Side;

class MadeErrorsTest {

  private static Phantom phantom(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<FindingType> types =
        random.nextBoolean()
            ? List.of(FindingType.NODULE, FindingType.CATHETER)
            : List.of(FindingType.EFFUSION);
    return new Phantom(
        seed,
        PhantomGenerator.SIZE,
        new float[0],
        types.stream()
            .map(t -> new Phantom.Located(PhantomGenerator.draw(t, random), new boolean[0]))
            .toList());
  }

  @Test
  void everyMadeErrorIsFalseAndItsTwinTrue() {
    Set<Error> seen = new HashSet<>();
    for (long seed = 1; seed <= 60; seed++) {
      Phantom phantom = phantom(seed);
      for (MadeErrors.Made made : new MadeErrors(phantom).all()) {
        seen.add(made.error());
        if (made.wrong() != null) {
          assertThat(holds(made.wrong(), phantom)).as(made.toString()).isFalse();
          assertThat(made.report().all()).contains(made.wrong());
        }
        if (made.twin() != null) {
          assertThat(holds(made.twin(), phantom)).as(made.toString()).isTrue();
        }
      }
    }
    assertThat(seen).containsExactlyInAnyOrder(Error.values());
  }

  @Test
  void everyWordingIsReadAsItIsMeant() {
    SplittableRandom random = new SplittableRandom(1);
    Dictation dictation = new Dictation(random);
    for (int i = 0; i < 2000; i++) {
      Finding finding = PhantomGenerator.draw(FindingType.values()[i % 8], random);
      PhantomSentence said = dictation.say(new Statement(finding, i % 3 == 0));
      List<Claim> claims = Claim.in(said.text(), Language.ENGLISH);
      assertThat(claims).as(said.text()).hasSize(1);
      Claim claim = claims.get(0);
      assertThat(claim.finding().code()).isEqualToIgnoringCase(finding.type().name());
      assertThat(claim.side().name()).isEqualTo(finding.side().name());
      assertThat(claim.denied()).as(said.text()).isEqualTo(i % 3 == 0);
      assertThat(claim.zone() == null ? "NONE" : claim.zone().name())
          .isEqualTo(finding.zone().name());
    }
  }

  private static boolean holds(String sentence, Phantom phantom) {
    Claim claim = Claim.in(sentence, Language.ENGLISH).get(0);
    boolean shown =
        phantom.findings().stream()
            .map(Phantom.Located::finding)
            .anyMatch(
                f ->
                    f.type().name().equalsIgnoreCase(claim.finding().code())
                        && (claim.side() == Side.NONE || claim.side().name().equals(side(f)))
                        && (claim.zone() == null || claim.zone().name().equals(f.zone().name())));
    return shown != claim.denied();
  }

  private static String side(Finding finding) {
    return finding.side() == PhantomSide.NONE ? "" : finding.side().name();
  }
}
