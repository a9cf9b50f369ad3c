package org.m2ib.app;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.imageio.ImageIO;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.M2ib;
import org.m2ib.attribution.PreparedImage;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.ReceivedReport;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.Sentence;
import org.m2ib.cases.StoredResult;
import org.m2ib.clip.ClipModel;
import org.m2ib.dicom.DicomException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.DisplayPipeline;
import org.m2ib.imaging.ImageFile;
import org.m2ib.imaging.ModelInput;
import org.m2ib.imaging.StudyImages;
import org.m2ib.results.Caption;
import org.m2ib.results.Overlay;
import org.m2ib.results.Place;
import org.m2ib.results.Png;
import org.m2ib.results.ResultJson;
import org.m2ib.results.ResultKey;
import org.m2ib.results.SecondaryCapture;
import org.m2ib.results.SentenceResult;

/** Makes and keeps the map of every sentence on every image of a case. */
final class SentenceMaps {
  private final ClipModel model;
  private final M2ib m2ib;
  private final SecondaryCapture captures;
  private final M2ibConfig.Results form;
  private final Blobs blobs;
  private final ResultStore results;
  private final Clock clock;

  /**
   * @param form size of the pictures, and whether an image's share one capture
   */
  SentenceMaps(
      ClipModel model,
      M2ib m2ib,
      SecondaryCapture captures,
      M2ibConfig.Results form,
      Blobs blobs,
      ResultStore results,
      Clock clock) {
    this.model = model;
    this.m2ib = m2ib;
    this.captures = captures;
    this.form = form;
    this.blobs = blobs;
    this.results = results;
    this.clock = clock;
  }

  /**
   * @param results how many the case has now
   * @param withdrawn how many earlier ones no longer hold
   * @param failures what could not be done, by image; no patient data
   */
  record Made(int results, int withdrawn, List<String> failures) {}

  /** Makes what is missing; each result is durable as soon as it is made. */
  Made make(
      Case c, ReceivedReport report, List<Sentence> sentences, List<StudyImages.Instance> images)
      throws IOException {
    Set<UUID> current = new HashSet<>();
    List<String> failures = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      OneImage image = new OneImage(c, report, images.get(i), i * sentences.size());
      try {
        image.make(sentences, current, failures);
      } catch (DicomException | IllegalArgumentException e) {
        failures.add("image " + images.get(i).number() + ": " + e.getMessage());
      }
    }
    int withdrawn = 0;
    for (StoredResult stored : results.of(c.id())) {
      if (!current.contains(stored.id())) {
        withdrawn++;
        if (!stored.withdrawn()) {
          results.save(stored.withdraw());
        }
      }
    }
    return new Made(current.size(), withdrawn, failures);
  }

  /** One image of the case and all its sentences. */
  private final class OneImage {
    private final Case c;
    private final SentenceResult.Report report;
    private final StudyImages.Instance instance;
    private final int firstPosition;

    OneImage(Case c, ReceivedReport report, StudyImages.Instance instance, int firstPosition) {
      this.c = c;
      this.report = SentenceResult.Report.of(report.reportId(), report.text());
      this.instance = instance;
      this.firstPosition = firstPosition;
    }

    void make(List<Sentence> sentences, Set<UUID> made, List<String> failures) throws IOException {
      Map<String, Integer> occurrences = new HashMap<>();
      List<StoredResult> all = new ArrayList<>();
      try (Lazy lazy = new Lazy()) {
        for (int i = 0; i < sentences.size(); i++) {
          Sentence sentence = sentences.get(i);
          int occurrence = occurrences.merge(sentence.text(), 1, Integer::sum);
          UUID id = key(sentence, occurrence).id();
          Optional<StoredResult> before =
              results.find(id).filter(r -> r.imageBlob().equals(instance.blob()));
          int at = firstPosition + i;
          StoredResult result;
          if (before.isPresent()) {
            result = again(before.get(), sentence, occurrence, at);
          } else {
            Shown shown = lazy.shown();
            try {
              result = first(shown, sentence, occurrence, at);
            } catch (IllegalArgumentException e) {
              failures.add("sentence " + (sentence.index() + 1) + ": " + e.getMessage());
              continue;
            }
          }
          results.save(result);
          all.add(result);
          made.add(id);
        }
      }
      if (form.multiFrame() && !all.isEmpty()) {
        inOneCapture(all);
      }
    }

    private void inOneCapture(List<StoredResult> all) throws IOException {
      List<SentenceResult> frames =
          SecondaryCapture.frames(all.stream().map(r -> ResultJson.read(r.body())).toList());
      List<BufferedImage> pictures = new ArrayList<>();
      for (StoredResult result : all) {
        pictures.add(picture(result));
      }
      DicomObject source = DicomObject.readHeader(blobs.path(instance.blob()));
      String capture =
          blobs.put(out -> captures.ofAll(frames, source, firstPosition + 1, pictures).write(out));
      for (int i = 0; i < all.size(); i++) {
        StoredResult result = all.get(i);
        results.save(stored(frames.get(i), result.position(), capture, result.pictureBlob()));
      }
    }

    private BufferedImage picture(StoredResult result) throws IOException {
      return ImageIO.read(blobs.path(result.pictureBlob()).toFile());
    }

    private ResultKey key(Sentence sentence, int occurrence) {
      return new ResultKey(
          c.study().studyInstanceUid(),
          report.id(),
          instance.sopInstanceUid(),
          instance.frame(),
          sentence.text(),
          occurrence,
          model.card().hash(),
          m2ib.settings());
    }

    /** The map is there; the sentence may stand elsewhere in the report by now. */
    private StoredResult again(StoredResult before, Sentence sentence, int occurrence, int at)
        throws IOException {
      SentenceResult old = ResultJson.read(before.body());
      SentenceResult now =
          new SentenceResult(
              c.study(),
              report,
              old.image(),
              sentence,
              occurrence,
              old.attribution(),
              old.place(),
              old.model(),
              old.computed());
      boolean shown = old.capture().equals(now.capture()) && !before.captureBlob().isEmpty();
      String capture = before.captureBlob();
      if (!shown && !form.multiFrame()) {
        DicomObject source = DicomObject.readHeader(blobs.path(instance.blob()));
        capture = alone(now, source, at, picture(before));
      }
      return stored(now, at, capture, before.pictureBlob());
    }

    private String alone(SentenceResult result, DicomObject source, int at, BufferedImage picture)
        throws IOException {
      return blobs.put(out -> captures.of(result, source, at + 1, picture).write(out));
    }

    private StoredResult first(Shown shown, Sentence sentence, int occurrence, int at)
        throws IOException {
      Attribution attribution = shown.prepared().attribute(sentence.text());
      SentenceResult.Image image = image(shown);
      SentenceResult result =
          new SentenceResult(
              c.study(),
              report,
              image,
              sentence,
              occurrence,
              attribution,
              Place.of(attribution.scaled(), image.geometry(), image.patientOrientation()),
              model.card(),
              clock.instant().truncatedTo(ChronoUnit.MILLIS));
      Caption caption = new Caption(sentence.text(), model.card().name(), model.card().warning());
      BufferedImage picture =
          Overlay.of(shown.image(), image.geometry(), attribution, caption, form.longSide());
      // one capture of all sentences follows when all are made
      String capture = form.multiFrame() ? "" : alone(result, shown.object(), at, picture);
      return stored(result, at, capture, blobs.put(Png.of(picture)));
    }

    private StoredResult stored(SentenceResult result, int at, String capture, String picture) {
      return new StoredResult(
          result.key().id(),
          c.id(),
          at,
          instance.blob(),
          ResultJson.write(result),
          result.attribution().similarity(),
          capture,
          picture,
          false);
    }

    private SentenceResult.Image image(Shown shown) {
      DicomObject object = shown.object();
      return new SentenceResult.Image(
          object.string(Tags.SeriesInstanceUID),
          instance.sopInstanceUid(),
          instance.sopClassUid(),
          instance.frame(),
          instance.frames(),
          object.string(Tags.Modality),
          object.dateTime(Tags.StudyDate, Tags.StudyTime),
          ImageFile.patientOrientation(object),
          shown.input().geometry(),
          instance.blob());
    }

    /** The image is read, and the model's front part run, when the first missing map asks. */
    private final class Lazy implements AutoCloseable {
      private Shown shown;

      Shown shown() throws IOException {
        if (shown == null) {
          DicomObject object = DicomObject.read(blobs.path(instance.blob()));
          DisplayImage image = DisplayPipeline.display(object, instance.frame());
          ModelInput input = model.preprocessor().apply(image);
          shown = new Shown(object, image, input, m2ib.prepare(input));
        }
        return shown;
      }

      @Override
      public void close() {
        if (shown != null) {
          shown.prepared().close();
        }
      }
    }
  }

  private record Shown(
      DicomObject object, DisplayImage image, ModelInput input, PreparedImage prepared) {}
}
