package org.m2ib.lab.experiments;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.ModelInput;
import org.m2ib.imaging.Preprocessor;
import org.m2ib.lab.datasets.Dataset;
import org.m2ib.lab.datasets.Example;
import org.m2ib.lab.statistics.Scored;

/** Processes a data set image by image. Thread-safe. */
final class Pictures {
  private final Dataset data;
  private final Preprocessor preprocessor;
  private final List<List<Example>> pictures = new ArrayList<>();

  /** Evaluates one example. */
  interface Ask {
    List<Scored> of(Example example, DisplayImage picture, ModelInput input) throws IOException;
  }

  /**
   * @param maxPictures maximum number of images
   */
  Pictures(Dataset data, Preprocessor preprocessor, int maxPictures) {
    this.data = data;
    this.preprocessor = preprocessor;
    String last = null;
    for (int i = 0; i < data.size(); i++) {
      Example example = data.example(i);
      if (!example.image().equals(last)) {
        if (pictures.size() == maxPictures) {
          break;
        }
        pictures.add(new ArrayList<>());
        last = example.image();
      }
      pictures.get(pictures.size() - 1).add(example);
    }
  }

  /**
   * @return the same
   * @throws IllegalArgumentException if it has no ground truth
   */
  static Dataset withTruth(Dataset data) {
    if (data.example(0).region() == null) {
      throw new IllegalArgumentException(
          "the data set has sentences and no truth; ./m2ib models tune takes such");
    }
    return data;
  }

  int size() {
    return pictures.size();
  }

  /** All examples of an image; a failing one does not end the run. */
  ScoredAnswers ask(long number, int picture, Ask ask) {
    List<Example> examples = pictures.get(picture);
    List<Scored> scored = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    try {
      DisplayImage image = examples.get(0).picture().load();
      ModelInput input = preprocessor.apply(image);
      for (Example example : examples) {
        try {
          scored.addAll(ask.of(example, image, input));
        } catch (IOException | IllegalArgumentException e) {
          failures.add(example.id() + ": " + e.getMessage());
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      failures.add(examples.get(0).image() + ": " + e.getMessage());
    }
    return new ScoredAnswers(number, scored, failures);
  }

  /**
   * The next sentence about another finding, wrapping around; if there is only one finding, its
   * next wording.
   */
  Optional<String> otherSentence(Example example) {
    Predicate<Example> otherSentence = other -> !other.sentence().equals(example.sentence());
    return following(
            example, otherSentence.and(other -> !other.category().equals(example.category())))
        .or(() -> following(example, otherSentence));
  }

  private Optional<String> following(Example example, Predicate<Example> wanted) {
    int size = data.size();
    int position =
        IntStream.range(0, size)
            .filter(i -> data.example(i).id().equals(example.id()))
            .findFirst()
            .orElseThrow();
    return IntStream.range(position + 1, position + size)
        .mapToObj(i -> data.example(i % size))
        .filter(wanted)
        .findFirst()
        .map(Example::sentence);
  }
}
