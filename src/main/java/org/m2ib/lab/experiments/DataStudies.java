package org.m2ib.lab.experiments;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.m2ib.clip.loading.ClipModel;
import org.m2ib.discordance.Claim;
import org.m2ib.lab.datasets.Dataset;
import org.m2ib.lab.datasets.Example;
import org.m2ib.report.Language;

/** The studies of a data set as a model embeds them, with made errors in their sentences. */
final class DataStudies {
  private final ImageSentences sentences;
  private final List<JudgedStudy> studies = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private int images;
  private int said;
  private int without;

  /**
   * @param data its sentences count as true of their images
   * @param each is called after each study
   * @throws IOException if fewer than two studies have a sentence that can carry an error
   */
  DataStudies(ClipModel model, Dataset data, Runnable each) throws IOException {
    this.sentences = new ImageSentences(model);
    for (Map<String, List<Example>> study : byStudy(data)) {
      read(study);
      each.run();
    }
    if (studies.size() < 2) {
      throw new IOException(
          ("%s: made errors need two studies or more with an English sentence that names a finding"
                  + " of the list in docs/discordance.md; %d of its %d sentences do, and %d images"
                  + " could not be read%s")
              .formatted(
                  data.name(),
                  said - without,
                  said,
                  failures.size(),
                  failures.isEmpty() ? "" : ", the first: " + failures.get(0)));
    }
  }

  /** For each study its examples by image, in the data set's order. */
  static List<Map<String, List<Example>>> byStudy(Dataset data) {
    Map<String, Map<String, List<Example>>> all = new LinkedHashMap<>();
    data.examples()
        .forEach(
            example ->
                all.computeIfAbsent(example.study(), s -> new LinkedHashMap<>())
                    .computeIfAbsent(example.image(), i -> new ArrayList<>())
                    .add(example));
    return List.copyOf(all.values());
  }

  /** Of each study with a claim the sentences of images that can be read. */
  private void read(Map<String, List<Example>> byImage) {
    List<float[]> embeddings = new ArrayList<>();
    List<SentenceErrors.Said> all = new ArrayList<>();
    for (List<Example> ofImage : byImage.values()) {
      try {
        embeddings.add(sentences.embed(ofImage.get(0).picture().load()));
        ofImage.forEach(e -> all.add(new SentenceErrors.Said(e.sentence(), embeddings.size() - 1)));
        images++;
      } catch (IOException | RuntimeException e) {
        failures.add(e.getMessage());
      }
    }
    List<SentenceErrors.Said> once = new ArrayList<>();
    for (SentenceErrors.Said one : all) {
      if (once.stream().noneMatch(other -> other.sentence().equals(one.sentence()))) {
        once.add(one);
        said++;
        without += Claim.in(one.sentence(), Language.ENGLISH).isEmpty() ? 1 : 0;
      }
    }
    List<MadeErrors.Made> made = SentenceErrors.of(once);
    if (!made.isEmpty()) {
      studies.add(new JudgedStudy(SentenceErrors.text(once), false, made, embeddings));
    }
  }

  ImageSentences sentences() {
    return sentences;
  }

  /** Those in whose sentences an error can be made. */
  List<JudgedStudy> studies() {
    return studies;
  }

  /** One line for each image that could not be read. */
  List<String> failures() {
    return failures;
  }

  /** What was read, for the head of a table. */
  String counts() {
    return "%d images and %d sentences, %d of them without a finding of the list; errors can be made in those of %d studies"
        .formatted(images, said, without, studies.size());
  }
}
