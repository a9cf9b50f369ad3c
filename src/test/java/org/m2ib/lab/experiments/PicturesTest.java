package org.m2ib.lab.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.Preprocessor;
import org.m2ib.lab.datasets.Dataset;
import org.m2ib.lab.datasets.Example;
import org.m2ib.lab.statistics.Scored;

class PicturesTest {
  private static final Preprocessor PREPROCESSOR = preprocessor();

  private final Made data = new Made();

  @Test
  void theExamplesOfAPictureAreAskedTogether() {
    data.add("a", "nodule", "A nodule.").add("a", "effusion", "Fluid.").add("b", "nodule", "One.");
    Pictures pictures = new Pictures(data, PREPROCESSOR, 9);
    assertThat(pictures.size()).isEqualTo(2);
    List<String> asked = new ArrayList<>();
    ScoredAnswers answers =
        pictures.ask(
            70,
            0,
            (example, picture, input) -> {
              asked.add(example.sentence());
              return List.of(
                  new Scored(example.id(), example.image(), example.category(), "m", Map.of()));
            });
    assertThat(asked).containsExactly("A nodule.", "Fluid.");
    assertThat(answers.number()).isEqualTo(70);
    assertThat(answers.scored()).hasSize(2);
    assertThat(new Pictures(data, PREPROCESSOR, 1).size()).isEqualTo(1);
  }

  @Test
  void whatCannotBeAskedIsSaidAndTheOthersGoOn() {
    data.add("a", "nodule", "A nodule.").add("a", "effusion", "Fluid.");
    ScoredAnswers answers =
        new Pictures(data, PREPROCESSOR, 9)
            .ask(
                0,
                0,
                (example, picture, input) -> {
                  if (example.id().equals("0")) {
                    throw new IOException("no mask");
                  }
                  return List.of(new Scored("1", "a", "effusion", "m", Map.of()));
                });
    assertThat(answers.failures()).containsExactly("0: no mask");
    assertThat(answers.scored()).hasSize(1);
  }

  @Test
  void anotherSentenceIsTheNextAboutAnotherFinding() {
    data.add("a", "nodule", "A nodule.")
        .add("b", "nodule", "Another nodule.")
        .add("c", "effusion", "Fluid.");
    Pictures pictures = new Pictures(data, PREPROCESSOR, 1); // the others may lie beyond
    assertThat(pictures.otherSentence(data.example(0))).contains("Fluid.");
    assertThat(pictures.otherSentence(data.example(2)))
        .as("after the last the first")
        .contains("A nodule.");
  }

  @Test
  void ofOneFindingItIsTheNextInOtherWordsAndOfOneSentenceThereIsNone() {
    data.add("a", "nodule", "A nodule.").add("b", "nodule", "A nodule.");
    assertThat(new Pictures(data, PREPROCESSOR, 9).otherSentence(data.example(0))).isEmpty();
    data.add("c", "nodule", "Another nodule.");
    assertThat(new Pictures(data, PREPROCESSOR, 9).otherSentence(data.example(0)))
        .contains("Another nodule.");
  }

  private static Preprocessor preprocessor() {
    try (ClipModel model = ClipModel.builtIn()) {
      return model.preprocessor();
    }
  }

  /** Examples in the order in which they were added, on a grey picture. */
  private static final class Made implements Dataset {
    private final List<Example> examples = new ArrayList<>();

    Made add(String image, String category, String sentence) {
      examples.add(
          new Example(
              String.valueOf(examples.size()),
              image,
              category,
              sentence,
              () -> new DisplayImage(32, 32, 1, new float[32 * 32]),
              (rows, columns) -> new boolean[rows * columns]));
      return this;
    }

    @Override
    public String name() {
      return "made";
    }

    @Override
    public String identity() {
      return "made";
    }

    @Override
    public List<Example> examples() {
      return examples;
    }
  }
}
