package org.m2ib.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A minute of training, tiny, must beat chance on pictures it has not seen. */
class TrainerIT {
  /** Chance is 0.5. */
  private static final double MARGIN = 0.06;

  @Test
  void aMinuteOfTrainingBeatsChanceOnUnseenPictures(@TempDir Path folder) throws IOException {
    Trainer.Plan plan = new Trainer.Plan(folder, 1, 1, 32, 2000, 2e-3, 128, 1000);
    try (Trainer trainer = new Trainer(plan, false, new PhantomClip(64, 2, 64))) {
      Trainer.Progress last = trainer.run(progress -> {});
      assertThat(last.heldOut().pairAuc()).isGreaterThan(0.5 + MARGIN);
    }
  }
}
