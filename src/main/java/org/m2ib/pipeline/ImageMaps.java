package org.m2ib.pipeline;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.Interactions;
import org.m2ib.attribution.Interruption;
import org.m2ib.attribution.PreparedImage;
import org.m2ib.audit.Auditor;
import org.m2ib.base.Traces;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.DisplayPipeline;
import org.m2ib.imaging.ModelInput;
import org.m2ib.models.LoadedModel;
import org.m2ib.report.Language;
import org.m2ib.results.Audit;
import org.m2ib.results.MapLocation;
import org.m2ib.results.SentenceResult;

/**
 * Computes the maps of one image with one model. Pixels are decoded and the model's image tower is
 * run when the first map is requested. Holds engine memory until closed.
 */
final class ImageMaps implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ImageMaps.class);

  private final UUID caseId;
  private final LoadedModel model;
  private final StudyImage image;
  private final Language language;
  private final List<PreparedImage> prepared = new ArrayList<>(); // the delivered method's first
  private final Queue<List<Attribution>> ahead = new ArrayDeque<>(); // of its next sentences
  private DisplayImage display;
  private ModelInput input;
  private Auditor.OneImage audit;

  /**
   * @param language of the report
   */
  ImageMaps(UUID caseId, LoadedModel model, StudyImage image, Language language) {
    this.caseId = caseId;
    this.model = model;
    this.image = image;
    this.language = language;
  }

  /**
   * The maps of one sentence.
   *
   * @param maps of the delivered method and of the additional ones
   * @param interactions null if they are off or failed
   * @param audit null if it failed
   */
  record Made(
      SentenceResult.Image image,
      List<Attribution> maps,
      Interactions interactions,
      MapLocation place,
      Audit audit) {
    Attribution delivered() {
      return maps.get(0);
    }
  }

  /** Decodes the pixels and runs the image tower; does nothing the second time. */
  void prepare() {
    if (input == null) {
      display = DisplayPipeline.display(image.object(), image.frame());
      ModelInput made = model.clip().preprocessor().apply(display);
      model.methods().all().forEach(method -> prepared.add(method.prepare(made)));
      input = made;
    }
  }

  /** Embedding of the image, as the model's tower gives it. */
  float[] embedding() {
    prepare();
    return prepared.get(0).embedding();
  }

  /** The image as displayed. */
  DisplayImage display() {
    prepare();
    return display;
  }

  /**
   * Call after {@link #prepare}.
   *
   * @throws IllegalArgumentException if the sentence has no token of its own
   */
  void requireTokens(String sentence) {
    prepared.get(0).tokens(sentence);
  }

  /** Number of its next sentences whose maps were computed with another image's. */
  int ahead() {
    return ahead.size();
  }

  /** Sentences whose maps are computed together with those of another image. */
  record Together(ImageMaps image, List<String> sentences) {}

  /**
   * The maps of each sentence by each method, in order.
   *
   * @param others next sentences of other images, whose maps are computed in the same pass and kept
   *     there until they are asked for
   */
  List<Made> of(List<String> sentences, List<Together> others) {
    if (sentences.isEmpty()) {
      return List.of();
    }
    prepare();
    SentenceResult.Image described = image.described(input.geometry());
    List<Together> all = new ArrayList<>();
    all.add(
        new Together(
            this, sentences.subList(Math.min(ahead(), sentences.size()), sentences.size())));
    all.addAll(others);
    compute(all);
    List<List<Attribution>> maps = sentences.stream().map(sentence -> ahead.remove()).toList();
    List<MapLocation> places =
        maps.stream()
            .map(made -> made.get(0).scaled())
            .map(
                map ->
                    MapLocation.of(
                        map,
                        input.geometry(),
                        described.patientOrientation(),
                        described.modality()))
            .toList();
    List<Audit> audits = audits(sentences, maps, places);
    return IntStream.range(0, sentences.size())
        .mapToObj(
            i ->
                new Made(
                    described,
                    maps.get(i),
                    interactions(sentences.get(i)),
                    places.get(i),
                    audits.get(i)))
        .toList();
  }

  private static void compute(List<Together> all) {
    List<ImageMaps> images = new ArrayList<>();
    List<String> sentences = new ArrayList<>();
    for (Together one : all) {
      images.addAll(Collections.nCopies(one.sentences().size(), one.image()));
      sentences.addAll(one.sentences());
    }
    if (images.isEmpty()) {
      return;
    }
    List<List<Attribution>> byMethod =
        IntStream.range(0, images.get(0).prepared.size())
            .mapToObj(m -> images.stream().map(image -> image.prepared.get(m)).toList())
            .map(each -> PreparedImage.attribute(each, sentences))
            .toList();
    for (int i = 0; i < images.size(); i++) {
      int pair = i;
      images.get(i).ahead.add(byMethod.stream().map(made -> made.get(pair)).toList());
    }
  }

  /** An addition: if it fails, the map is kept without it. */
  private Interactions interactions(String sentence) {
    if (!model.methods().interactions()) {
      return null;
    }
    Interruption.check();
    try {
      return prepared.get(0).interactions(sentence).rounded();
    } catch (RuntimeException e) {
      LOG.warnf(Traces.withoutMessages(e), "case %s: a map without interactions", caseId);
      return null;
    }
  }

  /** Figures only: if they fail, the maps are kept without them. */
  private List<Audit> audits(
      List<String> sentences, List<List<Attribution>> maps, List<MapLocation> places) {
    try {
      if (audit == null) {
        audit = model.auditor().prepare(display, input, prepared.get(0), language);
      }
      return audit.of(sentences, maps, places);
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.warnf(Traces.withoutMessages(e), "case %s: maps without an audit", caseId);
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
