package org.m2ib.pipeline;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.m2ib.cases.Case;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.dicom.DicomException;
import org.m2ib.dicom.Uids;
import org.m2ib.models.LoadedModel;
import org.m2ib.report.Language;
import org.m2ib.report.Sentence;
import org.m2ib.results.ResultJson;
import org.m2ib.results.ResultKey;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.capture.Caption;
import org.m2ib.results.capture.SecondaryCapture;

/**
 * The results of one image of a case. Results of an earlier run are reused, missing ones are
 * computed; each is durable as soon as it is ready. Holds engine memory until closed.
 */
final class ImageResults implements AutoCloseable {
  private final Case c;
  private final SentenceResult.Report report;
  private final List<Sentence> sentences;
  private final StudyImage image;
  private final int firstPosition;
  private final LoadedModel model;
  private final ResultPictures pictures;
  private final ResultStore results;
  private final Clock clock;
  private final ImageMaps maps;
  private final List<CaseDiscordances.Measured> measured = new ArrayList<>();
  private List<Item> items;

  /**
   * @param sentences that are attributed
   * @param language of the report
   * @param firstPosition of the image's first sentence in the case, from 0
   */
  ImageResults(
      Case c,
      SentenceResult.Report report,
      List<Sentence> sentences,
      Language language,
      StudyImage image,
      int firstPosition,
      LoadedModel model,
      ResultPictures pictures,
      ResultStore results,
      Clock clock) {
    this.c = c;
    this.report = report;
    this.sentences = sentences;
    this.image = image;
    this.firstPosition = firstPosition;
    this.model = model;
    this.pictures = pictures;
    this.results = results;
    this.clock = clock;
    this.maps = new ImageMaps(c.id(), model, image, language);
  }

  StudyImage image() {
    return image;
  }

  /** What {@link #make} has measured of its sentences. */
  List<CaseDiscordances.Measured> measured() {
    return measured;
  }

  /** See {@link ImageMaps#embedding}; runs the image tower unless a map was missing. */
  float[] embedding() {
    return maps.embedding();
  }

  /**
   * A sentence and its position.
   *
   * @param occurrence counted from 1: which of the sentences with this very text
   * @param position in the case, from 0
   * @param before its earlier result on the same file, if any
   * @param earlier capture of its earlier result, if any
   * @param rejected whether an archive must not show that any more
   */
  private record Item(
      Sentence sentence,
      int occurrence,
      int position,
      StoredResult before,
      SentenceResult.Capture earlier,
      boolean rejected) {}

  /**
   * @param picture null if an earlier run drew it and it is not needed again
   */
  private record Kept(
      Item item,
      SentenceResult result,
      String captureBlob,
      String pictureBlob,
      BufferedImage picture) {}

  /**
   * Computes what is missing. Sentences of one batch are stored together, so a process that dies
   * loses at most one batch.
   *
   * @param others images that follow; their sentences fill a batch up
   * @param made receives the results' identifiers
   * @param failures receives what could not be done; no patient data
   */
  void make(Collection<ImageResults> others, Turns.Turn turn, Set<UUID> made, List<String> failures)
      throws IOException {
    List<Kept> all = new ArrayList<>();
    int batchSize = model.methods().delivered().batchSize();
    for (int from = 0; from < items().size(); from += batchSize) {
      List<Item> batch = items().subList(from, Math.min(items().size(), from + batchSize));
      if (batch.stream().anyMatch(item -> item.before() == null) && !turn.goesOn()) {
        failures.add(
            "image %d: stopped after %s (m2ib.attribution.time-limit) with %d of %d sentences"
                .formatted(image.number(), turn.limit(), from, items().size()));
        break;
      }
      for (Kept kept : attributeBatch(batch, others, failures)) {
        if (!pictures.multiFrame() || kept.item().before() == null) {
          results.save(c, stored(kept, kept.result(), kept.captureBlob()));
        }
        all.add(kept);
        made.add(kept.result().key().id());
        measured.add(new CaseDiscordances.Measured(kept.result(), kept.item().position()));
      }
    }
    if (pictures.multiFrame() && !all.isEmpty()) {
      inOneCapture(all);
    }
  }

  private List<Item> items() {
    if (items == null) {
      items = readItems();
    }
    return items;
  }

  private List<Item> readItems() {
    Map<String, Integer> occurrences = new HashMap<>();
    List<Item> all = new ArrayList<>();
    for (Sentence sentence : sentences) {
      int occurrence = occurrences.merge(sentence.text(), 1, Integer::sum);
      Optional<StoredResult> earlier = results.find(key(sentence, occurrence).id());
      StoredResult before =
          earlier.filter(r -> r.imageBlob().equals(image.received().blob())).orElse(null);
      all.add(
          new Item(
              sentence,
              occurrence,
              firstPosition + all.size(),
              before,
              earlier.map(r -> ResultJson.read(r.body()).capture()).orElse(null),
              earlier.filter(this::isRejected).isPresent()));
    }
    return all;
  }

  /** Whether an archive must not show an earlier result: it was withdrawn, or has another form. */
  private boolean isRejected(StoredResult earlier) {
    boolean single =
        ResultJson.read(earlier.body()).capture().sopClassUid().equals(Uids.SECONDARY_CAPTURE);
    boolean otherForm = !earlier.captureBlob().isEmpty() && single == pictures.multiFrame();
    return earlier.withdrawn() || otherForm;
  }

  private ResultKey key(Sentence sentence, int occurrence) {
    return new ResultKey(
        c.study().studyInstanceUid(),
        report.id(),
        image.received().sopInstanceUid(),
        image.pixelHash(),
        image.frame(),
        sentence.text(),
        occurrence,
        model.clip().card().hash(),
        model.methods().delivered().method(),
        model.methods().delivered().settings());
  }

  private List<Kept> attributeBatch(
      List<Item> items, Collection<ImageResults> others, List<String> failures) throws IOException {
    List<Item> good = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    if (items.stream().anyMatch(item -> item.before() == null)) {
      maps.prepare();
    }
    for (Item item : items) {
      try {
        if (item.before() == null) {
          maps.requireTokens(item.sentence().text());
          missing.add(item.sentence().text());
        }
        good.add(item);
      } catch (IllegalArgumentException e) {
        failures.add("sentence " + (item.sentence().index() + 1) + ": " + e.getMessage());
      }
    }
    Iterator<ImageMaps.Made> made =
        maps.of(missing, fill(missing.size() - maps.ahead(), others)).iterator();
    List<Kept> kept = new ArrayList<>();
    for (Item item : good) {
      kept.add(item.before() != null ? reuse(item) : keep(item, made.next()));
    }
    return kept;
  }

  /** Sentences of images that follow, as many as a batch with these has room for. */
  private List<ImageMaps.Together> fill(int own, Collection<ImageResults> others) {
    List<ImageMaps.Together> all = new ArrayList<>();
    int room = own > 0 ? model.methods().delivered().batchSize() - own : 0;
    for (ImageResults other : others) {
      if (room <= 0) {
        break;
      }
      List<String> next = other.next(room);
      all.add(new ImageMaps.Together(other.maps, next));
      room -= next.size();
    }
    return all;
  }

  /** Its next missing sentences; none if the image cannot be used, which {@link #make} reports. */
  private List<String> next(int most) {
    try {
      List<String> next =
          items().stream()
              .filter(item -> item.before() == null)
              .map(item -> item.sentence().text())
              .skip(maps.ahead())
              .limit(most)
              .toList();
      if (!next.isEmpty()) {
        maps.prepare();
        next.forEach(maps::requireTokens);
      }
      return next;
    } catch (DicomException | IllegalArgumentException e) {
      return List.of();
    }
  }

  /** The map exists; the sentence may have moved within the report. */
  private Kept reuse(Item item) throws IOException {
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
                old.additional(),
                old.interactions(),
                old.place(),
                old.audit(),
                old.model(),
                old.computed(),
                null)
            .after(item.earlier(), item.rejected());
    boolean captured = old.capture().equals(now.capture()) && !before.captureBlob().isEmpty();
    String capture = before.captureBlob();
    if (!captured && !pictures.multiFrame()) {
      capture =
          pictures.capture(
              now, image.object(), item.position(), pictures.kept(before.pictureBlob()));
    }
    return new Kept(item, now, capture, before.pictureBlob(), null);
  }

  private Kept keep(Item item, ImageMaps.Made made) throws IOException {
    SentenceResult result =
        new SentenceResult(
                c.study(),
                report,
                made.image(),
                item.sentence(),
                item.occurrence(),
                made.delivered(),
                made.maps().subList(1, made.maps().size()),
                made.interactions(),
                made.place(),
                made.audit(),
                model.clip().card(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                null)
            .after(item.earlier(), item.rejected());
    Caption caption =
        new Caption(
            item.sentence().text(), model.clip().card().name(), result.warning(), result.forced());
    BufferedImage picture =
        pictures.draw(maps.display(), made.image().geometry(), made.delivered(), caption);
    String png = pictures.keep(picture);
    if (pictures.multiFrame()) { // one capture of all follows when all are ready
      return new Kept(item, result, "", png, picture);
    }
    String capture = pictures.capture(result, image.object(), item.position(), picture);
    return new Kept(item, result, capture, png, null);
  }

  private void inOneCapture(List<Kept> all) throws IOException {
    List<SentenceResult> frames = frames(all);
    if (isThere(all, frames)) {
      return;
    }
    List<BufferedImage> drawn = new ArrayList<>();
    for (Kept kept : all) {
      drawn.add(kept.picture() != null ? kept.picture() : pictures.kept(kept.pictureBlob()));
    }
    String capture = pictures.capture(frames, image.object(), firstPosition, drawn);
    for (int i = 0; i < all.size(); i++) {
      results.save(c, stored(all.get(i), frames.get(i), capture));
    }
  }

  /** The frames of one capture. It replaces an earlier one of other results. */
  private static List<SentenceResult> frames(List<Kept> all) {
    List<SentenceResult> results = all.stream().map(Kept::result).toList();
    String uid = SecondaryCapture.frames(results).get(0).capture().sopInstanceUid();
    List<SentenceResult> renewed = new ArrayList<>();
    for (Kept kept : all) {
      StoredResult before = kept.item().before();
      SentenceResult.Capture old =
          before == null || before.withdrawn() || before.captureBlob().isEmpty()
              ? null
              : ResultJson.read(before.body()).capture();
      boolean replaced =
          old != null
              && !old.sopClassUid().equals(Uids.SECONDARY_CAPTURE)
              && !old.sopInstanceUid().equals(uid);
      renewed.add(replaced ? kept.result().after(old, true) : kept.result());
    }
    return SecondaryCapture.frames(renewed);
  }

  /** Whether an earlier run stored exactly the same. */
  private boolean isThere(List<Kept> all, List<SentenceResult> frames) {
    for (int i = 0; i < all.size(); i++) {
      Kept kept = all.get(i);
      if (kept.captureBlob().isEmpty()
          || !stored(kept, frames.get(i), kept.captureBlob()).equals(kept.item().before())) {
        return false;
      }
    }
    return true;
  }

  private StoredResult stored(Kept kept, SentenceResult result, String captureBlob) {
    return new StoredResult(
        result.key().id(),
        c.id(),
        kept.item().position(),
        image.received().blob(),
        ResultJson.write(result),
        result.attribution().similarity(),
        result.alarm(),
        captureBlob,
        kept.pictureBlob(),
        false);
  }

  @Override
  public void close() {
    maps.close();
  }
}
