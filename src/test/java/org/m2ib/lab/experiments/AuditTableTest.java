package org.m2ib.lab.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.m2ib.attribution.Attributor;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.lab.phantom.Phantom;
import org.m2ib.lab.phantom.PhantomGenerator;
import org.m2ib.lab.phantom.PhantomSentence;
import org.m2ib.lab.report.Markdown;
import org.m2ib.results.Audit;

class AuditTableTest {
  @Test
  void whatASentenceIsCalledIsSoOfItsPhantom() {
    for (long seed = 0; seed < 200; seed++) {
      Phantom phantom = new PhantomGenerator().make(seed);
      Map<AuditTable.Kind, List<PhantomSentence>> all = AuditTable.sentences(phantom);
      all.forEach(
          (kind, sentences) ->
              assertThat(sentences)
                  .as("%s of phantom %d", kind, phantom.seed())
                  .allMatch(
                      s ->
                          phantom.shows(s.statement())
                              == (kind == AuditTable.Kind.PRESENT
                                  || kind == AuditTable.Kind.DENIED)));
      assertThat(all.get(AuditTable.Kind.PRESENT)).hasSameSizeAs(phantom.findings());
      assertThat(AuditTable.sentences(phantom)).isEqualTo(all);
    }
  }

  /** By a method whose map is the same for all: only the model's similarities differ. */
  @Test
  void falseSentencesHaveAlarmsFarMoreOftenThanTrueOnes() {
    try (ClipModel model = ClipModel.builtIn();
        Attributor centre = Methods.attributor(model, "centre", M2ibSettings.of(model.chosen()))) {
      AuditTable table = AuditTable.of(model, centre, 0.1, Evaluation.FIRST_SEED, 24, done -> {});
      double present = table.share(AuditTable.Kind.PRESENT, Audit::alarm);
      assertThat(present).isLessThan(0.4);
      assertThat(table.share(AuditTable.Kind.OTHER_SIDE, Audit::alarm))
          .isGreaterThan(present + 0.3);
      assertThat(table.share(AuditTable.Kind.FALSE_DENIAL, Audit::alarm)).isGreaterThan(present);
      assertThat(Markdown.of(table))
          .contains("| false: the finding denied | " + table.count(AuditTable.Kind.FALSE_DENIAL));
    }
  }
}
