package org.m2ib.lab.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.lab.collage.Collage;
import org.m2ib.lab.collage.Photograph;

class TrainerTest {

  @TempDir Path folder;

  @Test
  void theSameSeedStartsTheSameAndAnotherDoesNot() throws IOException {
    double[] losses = new double[3];
    for (int i = 0; i < 3; i++) {
      try (Trainer trainer = trainer(plan(folder.resolve("" + i), i < 2 ? 1 : 2), false)) {
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
    try (Trainer trainer = trainer(plan(folder, 1), false)) {
      trainer.step(0);
      trainer.step(0.5);
      trainer.save();
      uninterrupted = trainer.step(0.5)[0];
    }
    try (Trainer trainer = trainer(plan(folder, 1), true)) {
      assertThat(trainer.step(0.5)[0]).isCloseTo(uninterrupted, within(1e-4));
    }
  }

  @Test
  void theFolderLoadsAsAModelAndSaysWhatItIs() throws IOException {
    try (Trainer trainer = trainer(plan(folder, 1), false)) {
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
    try (Trainer trainer = trainer(plan(folder, 1), false)) {
      double first = trainer.step(0)[0];
      double last = 0;
      for (int i = 0; i < 30; i++) {
        last = trainer.step(0.1)[0];
      }
      assertThat(last).isLessThan(0.8 * first);
    }
  }

  @Test
  void collagesAreLearntFromTheirSentencesAloneAndStoredInHalfTheBytes() throws IOException {
    Trainer.Plan plan = plan(folder, 1);
    CollageLessons lessons = CollageLessons.of(plan, 16, 2, 8);
    try (Trainer trainer = new Trainer(plan, false, "cpu", lessons)) {
      double[] first = trainer.step(0);
      double last = 0;
      for (int i = 0; i < 40; i++) {
        last = trainer.step(0.3)[0];
      }
      assertThat(first[2] + first[3]).as("neither patches nor features").isZero();
      assertThat(last).isLessThan(0.9 * first[0]);
      trainer.save();
    }
    long values =
        lessons.sizes().shapes().values().stream()
            .mapToLong(shape -> LongStream.of(shape).reduce(1, (a, b) -> a * b))
            .sum();
    assertThat(Files.size(folder.resolve("model.safetensors"))).isBetween(2 * values, 3 * values);
    try (ClipModel model = ClipModel.load(folder)) {
      assertThat(model.image().imageSize()).isEqualTo(128);
      assertThat(model.card().warning()).contains("for measuring methods only");
      assertThat(model.tokenizer().encode("There is stained tissue.").ids()).doesNotContain(1);
    }
  }

  @Test
  void theExamCountsPhotographsThatACollageHasAboveThoseThatItHasNot() {
    CollageExam exam = new CollageExam(6);
    int photographs = exam.sentences().size();
    float[][] right = new float[6][photographs];
    float[][] wrong = new float[6][photographs];
    List<Collage> collages =
        CollageLessons.make(
            LongStream.range(0, 6).map(i -> CollageExam.FIRST + i).toArray(), seed -> 4);
    for (int i = 0; i < 6; i++) {
      for (Photograph tile : collages.get(i).tiles()) {
        right[i][tile.ordinal()] = 1;
        wrong[i][tile.ordinal()] = -1;
      }
    }
    assertThat(exam.figures(right).values()).containsExactly(1.0, 1.0);
    assertThat(exam.figures(wrong).values()).containsExactly(0.0, 0.0);
    assertThat(exam.figures(new float[6][photographs]).values()).containsExactly(0.5, 0.5);
  }

  @Test
  void whatCannotBeResumedIsRefusedByName() throws IOException {
    assertThatThrownBy(() -> trainer(plan(folder, 1), true))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("checkpoint.safetensors is not there");
    try (Trainer trainer = trainer(plan(folder, 1), false)) {
      trainer.save();
    }
    assertThatThrownBy(() -> trainer(plan(folder, 2), true))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("was begun with --seed 1");
  }

  private static Trainer trainer(Trainer.Plan plan, boolean resume) throws IOException {
    return new Trainer(plan, resume, "cpu", PhantomLessons.of(plan, 16, 2, 8));
  }

  private static Trainer.Plan plan(Path out, long seed) {
    return new Trainer.Plan(out, seed, 1, 0, 4, 16, 1e-2, 8, 10);
  }
}
