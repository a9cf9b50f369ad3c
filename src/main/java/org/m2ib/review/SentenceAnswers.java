package org.m2ib.review;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.M2ibSettings;
import org.m2ib.attribution.MethodCard;
import org.m2ib.attribution.TokenScore;
import org.m2ib.attribution.methods.Methods;
import org.m2ib.cases.StoredResult;
import org.m2ib.clip.ModelCard;
import org.m2ib.imaging.Geometry;
import org.m2ib.judging.Judgement;
import org.m2ib.judging.Viewer;
import org.m2ib.report.Language;
import org.m2ib.report.Negation;
import org.m2ib.results.Audit;
import org.m2ib.results.MapLocation;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SentenceResult;

/** Sentences and maps in {@code /api/cases}. Scripts read these names, so they do not change. */
final class SentenceAnswers {
  private SentenceAnswers() {}

  /**
   * @param n position in the case, from 0
   * @param id of the result
   * @param denies whether the sentence is a denial; null if that is not known, or not of all of it
   * @param start offset in the report's text, in UTF-16 units
   * @param probability that image and sentence match; null for a model without a sigmoid
   * @param beside results of additional methods for the same image and sentence
   * @param cut the words that the model did not read; empty if it read all
   * @param audit null if it failed
   * @param alarms codes, see {@link Audit.Alarm}
   * @param forced see {@link Audit#forced}; null if unknown
   * @param remark what is to be said of its image; empty if nothing is
   */
  record SentenceDetails(
      int n,
      UUID id,
      String text,
      String section,
      Boolean denies,
      int start,
      int end,
      SentenceImage image,
      double similarity,
      Double probability,
      @JsonUnwrapped MethodScores scores,
      List<MethodScores> beside,
      boolean truncated,
      String cut,
      MapLocation place,
      Audit audit,
      List<String> alarms,
      Boolean forced,
      String remark,
      ModelCard model,
      M2ibSettings settings,
      Instant computedAt,
      SentenceCapture capture,
      List<JudgementAnswers.JudgementDetails> judgements,
      SentenceLinks links) {

    /**
     * @param latestFirst all judgements of its case
     * @param viewer who asks; they see those that they may see
     */
    static SentenceDetails of(StoredResult stored, List<Judgement> latestFirst, Viewer viewer) {
      SentenceResult result = ResultJson.read(stored.body());
      Attribution a = result.attribution();
      Audit audit = result.audit();
      return new SentenceDetails(
          stored.position(),
          stored.id(),
          result.sentence().text(),
          result.sentence().section(),
          isDenial(result),
          result.sentence().start(),
          result.sentence().end(),
          new SentenceImage(result.image()),
          a.similarity(),
          a.probability(),
          new MethodScores(a),
          result.additional().stream().map(MethodScores::new).toList(),
          a.truncated(),
          a.cutWords(result.sentence().text()),
          result.place(),
          audit,
          audit == null ? List.of() : audit.alarms().stream().map(Audit.Alarm::code).toList(),
          audit == null ? null : audit.forced(),
          result.remark(),
          result.model(),
          a.settings(),
          result.computed(),
          new SentenceCapture(result),
          JudgementAnswers.of(stored, latestFirst, viewer),
          new SentenceLinks(stored, result));
    }
  }

  private static Boolean isDenial(SentenceResult result) {
    Audit audit = result.audit();
    Language language = audit == null ? Language.UNDETERMINED : Language.ofCode(audit.language());
    return Negation.denies(result.sentence().text(), language).orElse(null);
  }

  record SentenceImage(String sopInstanceUid, String seriesInstanceUid, int frame) {
    SentenceImage(SentenceResult.Image image) {
      this(image.sopInstanceUid(), image.seriesInstanceUid(), image.frame());
    }
  }

  record SentenceCapture(String sopInstanceUid, int frame, String seriesInstanceUid) {
    SentenceCapture(SentenceResult result) {
      this(
          result.capture().sopInstanceUid(),
          result.capture().frame(),
          result.key().captureSeriesInstanceUid());
    }
  }

  /**
   * @param interactions null if there are none
   */
  record SentenceLinks(
      String frame,
      String judgements,
      String map,
      String otherModels,
      String interactions,
      String capture,
      String observation) {
    SentenceLinks(StoredResult stored, SentenceResult result) {
      this(
          CaseAnswers.framePath(
              stored.caseId(), result.image().sopInstanceUid(), result.image().frame()),
          path(stored) + "/judgements?of=" + stored.id(),
          path(stored) + "/map",
          path(stored) + "/other-models",
          result.interactions() == null ? null : path(stored) + "/interactions",
          path(stored) + "/capture",
          "/fhir/Observation/" + stored.id());
    }

    private static String path(StoredResult stored) {
      return CaseAnswers.path(stored.caseId()) + "/sentences/" + stored.position();
    }
  }

  /** Scores of one method without its map; see {@link Attribution}. */
  record MethodScores(
      MethodCard method,
      double confidenceDrop,
      double confidenceIncrease,
      double removedConfidenceDrop,
      double removedConfidenceIncrease,
      double textConfidenceDrop,
      double textConfidenceIncrease,
      Double publishedTextConfidenceDrop,
      Double publishedTextConfidenceIncrease,
      List<TokenScore> tokens) {
    MethodScores(Attribution a) {
      this(
          Methods.card(a.method()),
          a.confidenceDrop(),
          a.confidenceIncrease(),
          a.removedConfidenceDrop(),
          a.removedConfidenceIncrease(),
          a.textConfidenceDrop(),
          a.textConfidenceIncrease(),
          a.publishedTextConfidenceDrop(),
          a.publishedTextConfidenceIncrease(),
          a.tokens());
    }
  }

  /**
   * The maps of one sentence in numbers.
   *
   * @param size of the image, in pixels
   * @param geometry the model's square in it
   */
  record SentenceMap(
      int n,
      UUID id,
      String text,
      MethodCard method,
      MapGrid grid,
      List<MethodGrid> beside,
      ImageSize size,
      Geometry geometry,
      List<TokenScore> tokens,
      double similarity,
      ModelCard model,
      M2ibSettings settings) {
    static SentenceMap of(StoredResult stored) {
      SentenceResult result = ResultJson.read(stored.body());
      Attribution a = result.attribution();
      Geometry geometry = result.image().geometry();
      return new SentenceMap(
          stored.position(),
          stored.id(),
          result.sentence().text(),
          Methods.card(a.method()),
          new MapGrid(a),
          result.additional().stream().map(MethodGrid::new).toList(),
          new ImageSize(geometry.sourceRows(), geometry.sourceColumns()),
          geometry,
          a.tokens(),
          a.similarity(),
          result.model(),
          a.settings());
    }
  }

  /** Maps of the same sentence and image by other models. */
  record OtherModels(List<OtherModelMap> maps) {}

  /**
   * A result that another model made before; it is no longer valid.
   *
   * @param size of the image, in pixels
   * @param geometry the model's square in it
   */
  record OtherModelMap(
      UUID id,
      ModelCard model,
      Instant computedAt,
      double similarity,
      MethodCard method,
      MapGrid grid,
      ImageSize size,
      Geometry geometry) {
    static OtherModelMap of(UUID id, SentenceResult result) {
      Attribution a = result.attribution();
      Geometry geometry = result.image().geometry();
      return new OtherModelMap(
          id,
          result.model(),
          result.computed(),
          a.similarity(),
          Methods.card(a.method()),
          new MapGrid(a),
          new ImageSize(geometry.sourceRows(), geometry.sourceColumns()),
          geometry);
    }
  }

  /**
   * What other models made of a sentence before the case was attributed again: of each model the
   * latest.
   *
   * @param all results of its case, also withdrawn ones
   */
  static OtherModels others(StoredResult stored, List<StoredResult> all) {
    SentenceResult own = ResultJson.read(stored.body());
    Map<String, OtherModelMap> latest = new TreeMap<>();
    for (StoredResult each : all) {
      if (each.withdrawn() && each.imageBlob().equals(stored.imageBlob())) {
        SentenceResult other = ResultJson.read(each.body());
        boolean same =
            other.sentence().text().equals(own.sentence().text())
                && other.image().frame() == own.image().frame();
        String hash = other.model().hash();
        if (same && !hash.equals(own.model().hash())) {
          latest.merge(
              hash,
              OtherModelMap.of(each.id(), other),
              (a, b) -> a.computedAt().isBefore(b.computedAt()) ? b : a);
        }
      }
    }
    return new OtherModels(
        latest.values().stream()
            .sorted(Comparator.comparing(OtherModelMap::computedAt).reversed())
            .toList());
  }

  record ImageSize(int rows, int columns) {}

  record MethodGrid(MethodCard method, MapGrid grid) {
    MethodGrid(Attribution a) {
      this(Methods.card(a.method()), new MapGrid(a));
    }
  }

  /**
   * @param bits [rows][columns] in the method's unit; the name dates from when M2IB was the only
   *     method
   * @param scaled the same in [0, 1]
   */
  record MapGrid(int rows, int columns, double[][] bits, double[][] scaled) {
    MapGrid(Attribution a) {
      this(a.rows(), a.columns(), a.map(), a.scaled());
    }
  }
}
