package org.m2ib.pipeline;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.jboss.logging.Logger;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.ConstantImageException;
import org.m2ib.attribution.PreparedImage;
import org.m2ib.audit.Auditor;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.ReceivedReport;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.config.M2ibConfig;
import org.m2ib.dicom.DicomException;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.PixelHash;
import org.m2ib.dicom.Tags;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.DisplayPipeline;
import org.m2ib.imaging.ImageFile;
import org.m2ib.imaging.ModelInput;
import org.m2ib.models.LoadedModel;
import org.m2ib.report.Sentence;
import org.m2ib.results.Audit;
import org.m2ib.results.MapLocation;
import org.m2ib.results.ResultJson;
import org.m2ib.results.ResultKey;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.capture.Caption;
import org.m2ib.results.capture.HeatmapRenderer;
import org.m2ib.results.capture.Png;
import org.m2ib.results.capture.SecondaryCapture;

/** Makes and keeps the map of every sentence on every image of a case. */
public final class SentenceMaps {
  private static final Logger LOG = Logger.getLogger(SentenceMaps.class);

  private final LoadedModel model;
  private final SecondaryCapture captures;
  private final M2ibConfig.Results form;
  private final Blobs blobs;
  private final ResultStore results;
  private final Clock clock;

  /**
   * @param form size of the pictures, and whether an image's share one capture
   */
  public SentenceMaps(
      LoadedModel model,
      SecondaryCapture captures,
      M2ibConfig.Results form,
      Blobs blobs,
      ResultStore results,
      Clock clock) {
    this.model = model;
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
   * @param notes what was done with a reservation, by image; no patient data
   * @param alarm whether an image that looks whole had nothing to see for the model
   */
  record Made(
      int results, int withdrawn, List<String> failures, List<String> notes, boolean alarm) {}

  /**
   * Makes what is missing; each result is durable as soon as it is made.
   *
   * @param turn is asked before each piece of work
   * @throws PausedException when the turn is over; what was made is kept
   * @throws OutdatedCaseException when the case has changed; nothing more is kept
   */
  Made make(
      Case c,
      ReceivedReport report,
      List<Sentence> sentences,
      List<StudyImages.Instance> images,
      Turns.Turn turn)
      throws IOException {
    Set<UUID> current = new HashSet<>();
    List<String> failures = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    boolean alarm = false;
    for (int i = 0; i < images.size(); i++) {
      try {
        OneImage image = new OneImage(c, report, images.get(i), i * sentences.size(), turn);
        image.make(sentences, current, failures);
        captures
            .notes(image.object)
            .forEach(note -> notes.add("image " + image.instance.number() + ": " + note));
      } catch (DicomException | IllegalArgumentException e) {
        alarm |= e instanceof ConstantImageException;
        failures.add("image " + images.get(i).number() + ": " + e.getMessage());
      }
    }
    int withdrawn = 0;
    for (StoredResult stored : results.of(c.id())) {
      if (!current.contains(stored.id())) {
        withdrawn++;
        if (!stored.withdrawn()) {
          results.save(c, stored.withdraw());
        }
      }
    }
    return new Made(current.size(), withdrawn, failures, notes, alarm);
  }

  /** One image of the case and all its sentences. */
  private final class OneImage {
    private final Case c;
    private final SentenceResult.Report report;
    private final StudyImages.Instance instance;
    private final DicomObject object;
    private final String pixelHash;
    private final int firstPosition;
    private final Turns.Turn turn;

    OneImage(
        Case c,
        ReceivedReport report,
        StudyImages.Instance instance,
        int firstPosition,
        Turns.Turn turn)
        throws IOException {
      this.c = c;
      this.report = SentenceResult.Report.of(report.reportId(), report.text());
      this.instance = instance;
      this.object = DicomObject.read(blobs.path(instance.blob()));
      this.pixelHash = PixelHash.of(object);
      this.firstPosition = firstPosition;
      this.turn = turn;
    }

    /** As many sentences as run together are kept together; a process that dies loses no more. */
    void make(List<Sentence> sentences, Set<UUID> made, List<String> failures) throws IOException {
      List<Item> items = items(sentences);
      List<StoredResult> all = new ArrayList<>();
      try (Lazy lazy = new Lazy()) {
        int together = model.methods().delivered().together();
        for (int from = 0; from < items.size(); from += together) {
          int to = Math.min(items.size(), from + together);
          List<Item> batch = items.subList(from, to);
          if (batch.stream().anyMatch(item -> item.before() == null) && !turn.goesOn()) {
            failures.add(
                "image %d: stopped after %s (m2ib.attribution.time-limit) with %d of %d sentences"
                    .formatted(instance.number(), turn.limit(), from, items.size()));
            break;
          }
          for (StoredResult result : together(batch, lazy, failures)) {
            results.save(c, result);
            all.add(result);
            made.add(result.id());
          }
        }
      }
      if (form.multiFrame() && !all.isEmpty()) {
        inOneCapture(all);
      }
    }

    private List<Item> items(List<Sentence> sentences) {
      Map<String, Integer> occurrences = new HashMap<>();
      List<Item> items = new ArrayList<>();
      for (Sentence sentence : sentences) {
        int occurrence = occurrences.merge(sentence.text(), 1, Integer::sum);
        StoredResult before =
            results
                .find(key(sentence, occurrence).id())
                .filter(r -> r.imageBlob().equals(instance.blob()))
                .orElse(null);
        items.add(new Item(sentence, occurrence, firstPosition + items.size(), before));
      }
      return items;
    }

    private List<StoredResult> together(List<Item> items, Lazy lazy, List<String> failures)
        throws IOException {
      List<Item> good = new ArrayList<>();
      List<String> missing = new ArrayList<>();
      for (Item item : items) {
        PreparedImage asked = item.before() == null ? lazy.shown().delivered() : null;
        try {
          if (asked != null) {
            asked.tokens(item.sentence().text());
            missing.add(item.sentence().text());
          }
          good.add(item);
        } catch (IllegalArgumentException e) {
          failures.add("sentence " + (item.sentence().index() + 1) + ": " + e.getMessage());
        }
      }
      Iterator<Found> found =
          missing.isEmpty() ? Collections.emptyIterator() : found(missing, lazy).iterator();
      List<StoredResult> made = new ArrayList<>();
      for (Item item : good) {
        made.add(item.before() != null ? again(item) : first(lazy.shown(), item, found.next()));
      }
      return made;
    }

    private List<Found> found(List<String> sentences, Lazy lazy) throws IOException {
      Shown shown = lazy.shown();
      SentenceResult.Image image = image(shown);
      List<List<Attribution>> maps = shown.attribute(sentences);
      List<MapLocation> places =
          maps.stream()
              .map(made -> made.get(0).scaled())
              .map(map -> MapLocation.of(map, image.geometry(), image.patientOrientation()))
              .toList();
      List<Audit> audits = lazy.audits(sentences, maps, places);
      List<Found> found = new ArrayList<>();
      for (int i = 0; i < maps.size(); i++) {
        found.add(new Found(image, maps.get(i), places.get(i), audits.get(i)));
      }
      return found;
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
        results.save(c, stored(frames.get(i), result.position(), capture, result.pictureBlob()));
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
          pixelHash,
          instance.frame(),
          sentence.text(),
          occurrence,
          model.clip().card().hash(),
          model.methods().delivered().method(),
          model.methods().delivered().settings());
    }

    /** The map is there; the sentence may stand elsewhere in the report by now. */
    private StoredResult again(Item item) throws IOException {
      StoredResult before = item.before();
      SentenceResult old = ResultJson.read(before.body());
      SentenceResult now =
          new SentenceResult(
              c.study(),
              report,
              old.image(),
              item.sentence(),
              item.occurrence(),
              old.attribution(),
              old.beside(),
              old.place(),
              old.audit(),
              old.model(),
              old.computed(),
              null);
      boolean shown = old.capture().equals(now.capture()) && !before.captureBlob().isEmpty();
      String capture = before.captureBlob();
      if (!shown && !form.multiFrame()) {
        DicomObject source = DicomObject.readHeader(blobs.path(instance.blob()));
        capture = alone(now, source, item.at(), picture(before));
      }
      return stored(now, item.at(), capture, before.pictureBlob());
    }

    private String alone(SentenceResult result, DicomObject source, int at, BufferedImage picture)
        throws IOException {
      return blobs.put(out -> captures.of(result, source, at + 1, picture).write(out));
    }

    private StoredResult first(Shown shown, Item item, Found found) throws IOException {
      SentenceResult result =
          new SentenceResult(
              c.study(),
              report,
              found.image(),
              item.sentence(),
              item.occurrence(),
              found.delivered(),
              found.maps().subList(1, found.maps().size()),
              found.place(),
              found.audit(),
              model.clip().card(),
              clock.instant().truncatedTo(ChronoUnit.MILLIS),
              null);
      Caption caption =
          new Caption(
              item.sentence().text(), model.clip().card().name(), model.clip().card().warning());
      BufferedImage picture =
          HeatmapRenderer.of(
              shown.image(), found.image().geometry(), found.delivered(), caption, form.longSide());
      // one capture of all sentences follows when all are made
      String capture = form.multiFrame() ? "" : alone(result, shown.object(), item.at(), picture);
      return stored(result, item.at(), capture, blobs.put(Png.of(picture)));
    }

    private StoredResult stored(SentenceResult result, int at, String capture, String picture) {
      return new StoredResult(
          result.key().id(),
          c.id(),
          at,
          instance.blob(),
          ResultJson.write(result),
          result.attribution().similarity(),
          result.alarm(),
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
          instance.blob(),
          pixelHash);
    }

    /** The pixels are decoded, and the model's front part run, when the first missing map asks. */
    private final class Lazy implements AutoCloseable {
      private final List<PreparedImage> prepared = new ArrayList<>();
      private Shown shown;
      private Auditor.OneImage audit;

      Shown shown() throws IOException {
        if (shown == null) {
          DisplayImage image = DisplayPipeline.display(object, instance.frame());
          ModelInput input = model.clip().preprocessor().apply(image);
          model.methods().all().forEach(method -> prepared.add(method.prepare(input)));
          shown = new Shown(object, image, input, prepared);
        }
        return shown;
      }

      /** Figures only: where they fail, the maps are kept without. */
      List<Audit> audits(
          List<String> sentences, List<List<Attribution>> maps, List<MapLocation> places) {
        try {
          if (audit == null) {
            audit = model.auditor().prepare(shown.image(), shown.input(), shown.delivered());
          }
          return audit.of(sentences, maps, places);
        } catch (CancellationException e) {
          throw e;
        } catch (RuntimeException e) { // whose message may quote what it worked on
          LOG.warnf("case %s: maps without an audit: %s", c.id(), e.getClass().getSimpleName());
          return Collections.nCopies(maps.size(), null);
        }
      }

      @Override
      public void close() {
        if (audit != null) {
          audit.close();
        }
        prepared.forEach(PreparedImage::close);
      }
    }
  }

  /**
   * A sentence and its place.
   *
   * @param occurrence counted from 1: which of the sentences with this very text
   * @param at in the case, from 0
   * @param before its result, where there is one
   */
  private record Item(Sentence sentence, int occurrence, int at, StoredResult before) {}

  /**
   * What was made of a sentence.
   *
   * @param maps of the delivered method and of those beside it
   * @param audit null where it failed
   */
  private record Found(
      SentenceResult.Image image, List<Attribution> maps, MapLocation place, Audit audit) {
    Attribution delivered() {
      return maps.get(0);
    }
  }

  /**
   * @param prepared for each method, the delivered one first
   */
  private record Shown(
      DicomObject object, DisplayImage image, ModelInput input, List<PreparedImage> prepared) {

    PreparedImage delivered() {
      return prepared.get(0);
    }

    /** Of each sentence what each method makes of it. */
    List<List<Attribution>> attribute(List<String> sentences) {
      List<List<Attribution>> byMethod =
          prepared.stream().map(image -> image.attribute(sentences)).toList();
      return IntStream.range(0, sentences.size())
          .mapToObj(i -> byMethod.stream().map(made -> made.get(i)).toList())
          .toList();
    }
  }
}
