package org.m2ib.pipeline;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.m2ib.attribution.ConstantImageException;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.Case;
import org.m2ib.cases.ReceivedReport;
import org.m2ib.cases.ResultStore;
import org.m2ib.config.M2ibConfig;
import org.m2ib.dicom.DicomException;
import org.m2ib.models.LoadedModel;
import org.m2ib.report.ReadReport;
import org.m2ib.report.Sentence;
import org.m2ib.results.SentenceResult;
import org.m2ib.results.capture.SecondaryCapture;

/** Computes and stores the map of every sentence on every image of a case. */
public final class SentenceMaps {
  private final LoadedModel model;
  private final ResultPictures pictures;
  private final ResultStore results;
  private final CaseDiscordances discordances;
  private final Clock clock;
  private final int together;

  /**
   * @param form size of the pictures, and whether the results of an image share one capture
   * @param together maximum number of images whose sentences share a batch, at least 1
   */
  public SentenceMaps(
      LoadedModel model,
      SecondaryCapture captures,
      M2ibConfig.Results form,
      Blobs blobs,
      ResultStore results,
      CaseDiscordances discordances,
      Clock clock,
      int together) {
    this.discordances = discordances;
    this.model = model;
    this.pictures = new ResultPictures(captures, form, blobs);
    this.results = results;
    this.clock = clock;
    this.together = together;
  }

  /**
   * @param results number of results of the case now
   * @param withdrawn number of earlier results that are no longer valid
   * @param failures what could not be done, by image; no patient data
   * @param notes remarks, by image; no patient data
   * @param alarm whether an image that looks complete was uniform to the model
   */
  record Made(
      int results, int withdrawn, List<String> failures, List<String> notes, boolean alarm) {}

  /**
   * Computes what is missing; each result is durable as soon as it is ready.
   *
   * @param turn is checked before each piece of work
   * @throws PausedException if the turn is over; finished results are kept
   * @throws OutdatedCaseException if the case has changed; nothing more is kept
   */
  Made make(
      Case c, ReceivedReport report, ReadReport read, StudyImages.Chosen images, Turns.Turn turn)
      throws IOException {
    List<Sentence> sentences = read.attributed();
    SentenceResult.Report reported = SentenceResult.Report.of(report.reportId(), report.text());
    Set<UUID> current = new HashSet<>();
    List<String> failures = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    boolean alarm = false;
    int position = 0;
    CaseDiscordances.Collector collector = discordances.of(c, read, model.clip());
    Deque<ImageResults> open = new ArrayDeque<>();
    try {
      while (!open.isEmpty() || images.peek().isPresent()) {
        while (open.size() < together && images.peek().isPresent()) {
          open.add(
              new ImageResults(
                  c,
                  reported,
                  sentences,
                  read.language(),
                  images.next(),
                  position,
                  model,
                  pictures,
                  results,
                  clock));
          position += sentences.size();
        }
        try (ImageResults one = open.remove()) {
          StudyImage image = one.image();
          try {
            one.make(open, turn, current, failures);
            collector.add(one);
            pictures
                .notes(image.object())
                .forEach(note -> notes.add("image " + image.number() + ": " + note));
          } catch (DicomException | IllegalArgumentException e) {
            alarm |= e instanceof ConstantImageException;
            failures.add("image " + image.number() + ": " + e.getMessage());
          }
        }
      }
    } finally {
      open.forEach(ImageResults::close);
    }
    collector.save();
    int withdrawn = results.withdrawOthers(c, current);
    return new Made(current.size(), withdrawn, failures, notes, alarm);
  }
}
