package org.m2ib.lab.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.clip.loading.ClipModel;

class TrainerTest {
  private static final PhantomClip TINY = new PhantomClip(16, 2, 8);

  @TempDir Path folder;

  @Test
  void theSameSeedStartsTheSameAndAnotherDoesNot() throws IOException {
    double[] losses = new double[3];
    for (int i = 0; i < 3; i++) {
      try (Trainer trainer =
          new Trainer(plan(folder.resolve("" + i), i < 2 ? 1 : 2), false, "cpu", TINY)) {
        trainer.step(0);
        losses[i] = trainer.step(0.5)[0];
      }
    }
    assertThat(losses[1]).isCloseTo(losses[0], within(1e-4));
    assertThat(Math.abs(losses[2] - losses[0])).isGreaterThan(1e-3);
  }

  @Test
  void aResumedTrainingGoesOnAsAnUninterruptedOneWould() throws IOException {
    double uninterrupted;
    try (Trainer trainer = new Trainer(plan(folder, 1), false, "cpu", TINY)) {
      trainer.step(0);
      trainer.step(0.5);
      trainer.save();
      uninterrupted = trainer.step(0.5)[0];
    }
    try (Trainer trainer = new Trainer(plan(folder, 1), true, "cpu", TINY)) {
      assertThat(trainer.step(0.5)[0]).isCloseTo(uninterrupted, within(1e-4));
    }
  }

  @Test
  void theFolderLoadsAsAModelAndSaysWhatItIs() throws IOException {
    try (Trainer trainer = new Trainer(plan(folder, 1), false, "cpu", TINY)) {
      trainer.step(0);
      trainer.save();
    }
    try (ClipModel model = ClipModel.load(folder)) {
      assertThat(model.image().width(0)).isEqualTo(16);
      assertThat(model.card().warning()).contains("Phantom model, for demonstration");
      assertThat(model.tokenizer().encode("No acute pneumothorax.").ids()).doesNotContain(1);
    }
  }

  @Test
  void lossFallsWhenTheSameStepsAreTakenOnTheSamePictures() throws IOException {
    try (Trainer trainer = new Trainer(plan(folder, 1), false, "cpu", TINY)) {
      double first = trainer.step(0)[0];
      double last = 0;
      for (int i = 0; i < 30; i++) {
        last = trainer.step(0.1)[0];
      }
      assertThat(last).isLessThan(0.8 * first);
    }
  }

  @Test
  void whatCannotBeResumedIsRefusedByName() throws IOException {
    assertThatThrownBy(() -> new Trainer(plan(folder, 1), true, "cpu", TINY))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("checkpoint.safetensors is not there");
    try (Trainer trainer = new Trainer(plan(folder, 1), false, "cpu", TINY)) {
      trainer.save();
    }
    assertThatThrownBy(() -> new Trainer(plan(folder, 2), true, "cpu", TINY))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("was begun with --seed 1");
  }

  private static Trainer.Plan plan(Path out, long seed) {
    return new Trainer.Plan(out, seed, 1, 0, 4, 16, 1e-2, 8, 10);
  }
}
