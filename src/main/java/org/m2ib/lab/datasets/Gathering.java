package org.m2ib.lab.datasets;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.m2ib.base.Digests;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.FrameChoice;
import org.m2ib.imaging.ImageFile;
import org.m2ib.imaging.ImageSelection;
import org.m2ib.results.capture.SecondaryCapture;

/** Collects the rows of an annotation file into examples: one per image and sentence. */
final class Gathering {
  /** Patient and study in a path: "p100/s1/" of MIMIC-CXR, "patient64741/study1/" of CheXpert. */
  private static final Pattern STUDY = Pattern.compile("(?:p\\d+/s|patient\\d+/study)\\d+(?=/)");

  private final Path file;
  private final Path root;
  private final Map<String, Subject> subjects = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private final Map<String, Integer> leftOut = new LinkedHashMap<>();

  /** An image: its file as named by the first row, and its regions by sentence. */
  private record Subject(
      String hint, String study, boolean dicomOnly, Map<String, Question> questions) {}

  private record Question(String category, String where, List<Example.Region> regions) {}

  /**
   * @param file being read
   * @param root folder of the images
   */
  Gathering(Path file, Path root) {
    this.file = file;
    this.root = root;
  }

  Path root() {
    return root;
  }

  /** Processes one row. */
  @FunctionalInterface
  interface Attempt {
    void run() throws BadRow;
  }

  /** Records a bad row as a problem. */
  void attempt(Attempt attempt) {
    try {
      attempt.run();
    } catch (BadRow e) {
      problems.add(e.getMessage());
    }
  }

  void leaveOut(String reason) {
    leftOut.merge(reason, 1, Integer::sum);
  }

  /**
   * Unites regions of the same image and sentence.
   *
   * @param picture its identifier
   * @param hint its file's path or name, with or without extension
   * @param dicomOnly whether the region is in pixels of the DICOM object, of unknown size
   */
  void add(
      Row row,
      String picture,
      String hint,
      boolean dicomOnly,
      String category,
      String sentence,
      Example.Region region) {
    subjects
        .computeIfAbsent(
            picture, p -> new Subject(hint, study(row, hint, p), dicomOnly, new LinkedHashMap<>()))
        .questions
        .computeIfAbsent(sentence, s -> new Question(category, row.where(), new ArrayList<>()))
        .regions
        .add(region);
  }

  /** Adds an image and a sentence without ground truth. */
  void addUnlabelled(Row row, String picture, String category, String sentence) {
    subjects
        .computeIfAbsent(
            picture, p -> new Subject(p, study(row, p, p), false, new LinkedHashMap<>()))
        .questions
        .putIfAbsent(sentence, new Question(category, row.where(), List.of()));
  }

  /** Of the row, else of the folder's name as in MIMIC-CXR or CheXpert; else the image itself. */
  private static String study(Row row, String hint, String picture) {
    Matcher folder = STUDY.matcher(hint);
    return row.text("study", folder.find() ? folder.group() : picture);
  }

  /**
   * @throws IOException if no example is left
   */
  Dataset finish(String name) throws IOException {
    Map<String, String> hints = new LinkedHashMap<>();
    subjects.forEach((picture, subject) -> hints.put(picture, subject.hint));
    Map<String, Path> files = PictureFinder.find(root, hints, problems);
    List<Example> examples = new ArrayList<>();
    files.forEach(
        (picture, path) -> {
          Subject subject = subjects.get(picture);
          if (subject.dicomOnly && !PictureFinder.mayBeDicom(path)) {
            problems.add(
                path
                    + ": the boxes are in pixels of the DICOM image; give that, or add columns"
                    + " image_width and image_height to "
                    + file);
          } else {
            addTo(examples, picture, subject, () -> load(path));
          }
        });
    if (examples.isEmpty()) {
      throw new IOException(
          problems.isEmpty()
              ? file + ": no row that names a finding and where it is"
              : "%s: no row can be used; %d problems, the first: %s"
                  .formatted(file, problems.size(), problems.get(0)));
    }
    return new ListedDataset(name, identity(), examples, problems, leftOut);
  }

  /** Depends on annotations and sentences only: images added later do not change it. */
  private String identity() throws IOException {
    MessageDigest digest = Digests.sha256();
    digest.update(Files.readAllBytes(file));
    subjects.forEach(
        (picture, subject) ->
            digest.update((picture + subject.questions.keySet()).getBytes(StandardCharsets.UTF_8)));
    return Digests.hex(digest);
  }

  private static void addTo(
      List<Example> examples, String picture, Subject subject, Example.Picture loader) {
    int number = 0;
    for (Map.Entry<String, Question> entry : subject.questions.entrySet()) {
      Question question = entry.getValue();
      examples.add(
          new Example(
              picture + "/" + ++number,
              picture,
              subject.study,
              question.category,
              entry.getKey(),
              loader,
              question.regions.isEmpty()
                  ? null
                  : (rows, columns) -> mask(question, rows, columns)));
    }
  }

  private static boolean[] mask(Question question, int rows, int columns) throws IOException {
    boolean[] mask = new Votes(question.regions, 1).mask(rows, columns);
    for (boolean inside : mask) {
      if (inside) {
        return mask;
      }
    }
    throw new IOException(
        "%s: covers no pixel of a picture of %d x %d; leave it out, or give a larger picture"
            .formatted(question.where, columns, rows));
  }

  private static DisplayImage load(Path path) throws IOException {
    try {
      return ImageFile.read(path, ImageSelection.all(FrameChoice.FIRST, SecondaryCapture::isOne))
          .image();
    } catch (IOException | RuntimeException e) {
      throw new IOException(path + ": " + e.getMessage(), e);
    }
  }

  private record ListedDataset(
      String name,
      String identity,
      List<Example> examples,
      List<String> problems,
      Map<String, Integer> leftOut)
      implements Dataset {}
}
