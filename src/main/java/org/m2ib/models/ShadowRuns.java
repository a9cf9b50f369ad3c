package org.m2ib.models;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.m2ib.attribution.Attribution;
import org.m2ib.attribution.PreparedImage;
import org.m2ib.attribution.Upsampling;
import org.m2ib.base.Traces;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.ResultStore;
import org.m2ib.cases.ShadowFigure;
import org.m2ib.cases.ShadowStore;
import org.m2ib.cases.StoredResult;
import org.m2ib.dicom.DicomObject;
import org.m2ib.imaging.DisplayImage;
import org.m2ib.imaging.DisplayPipeline;
import org.m2ib.imaging.Geometry;
import org.m2ib.imaging.ModelInput;
import org.m2ib.metrics.RankCorrelation;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SentenceResult;

/**
 * Runs shadow models on a case after its results are complete. Only figures are stored, and a
 * failing shadow model does not affect the case.
 */
public final class ShadowRuns {
  private static final Logger LOG = Logger.getLogger(ShadowRuns.class);

  private final ModelRegistry models;
  private final Blobs blobs;
  private final ResultStore results;
  private final ShadowStore figures;

  public ShadowRuns(ModelRegistry models, Blobs blobs, ResultStore results, ShadowStore figures) {
    this.models = models;
    this.blobs = blobs;
    this.results = results;
    this.figures = figures;
  }

  /** Runs every shadow model for this study, one after the other on each of its images. */
  public void run(UUID caseId, ModelRule.Study study) {
    List<String> names = new ArrayList<>(models.shadows(study));
    if (names.isEmpty()) {
      return;
    }
    Pictures pictures = new Pictures();
    try {
      results.of(caseId).stream()
          .filter(result -> !result.withdrawn())
          .map(StoredResult::body)
          .map(ResultJson::read)
          .collect(
              Collectors.groupingBy(
                  r -> new FrameOf(r.image().blob(), r.image().frame()),
                  TreeMap::new,
                  Collectors.toList()))
          .forEach((of, made) -> names.removeIf(name -> !run(caseId, name, pictures, of, made)));
    } catch (RuntimeException e) {
      LOG.warnf(Traces.withoutMessages(e), "case %s: no results to run in shadow", caseId);
    }
  }

  /** Returns whether the model did its work. */
  private boolean run(
      UUID caseId, String name, Pictures pictures, FrameOf of, List<SentenceResult> made) {
    try (ModelPool.InUse shadow = models.open(name)) {
      String hash = shadow.model().clip().card().hash();
      Set<UUID> done = figures.done(caseId, hash);
      List<SentenceResult> missing =
          made.stream()
              .filter(result -> !done.contains(result.key().id()))
              .filter(result -> !result.model().hash().equals(hash)) // a case redone with it
              .toList();
      if (!missing.isEmpty()) {
        run(caseId, shadow.model(), pictures.read(of), missing);
      }
      return true;
    } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
      LOG.warnf(Traces.withoutMessages(e), "case %s: %s failed in shadow", caseId, name);
      return false;
    }
  }

  /**
   * @param blob SHA-256 of the stored file
   * @param frame frame number, starting at 1
   */
  private record FrameOf(String blob, int frame) implements Comparable<FrameOf> {
    @Override
    public int compareTo(FrameOf other) {
      return Comparator.comparing(FrameOf::blob).thenComparing(FrameOf::frame).compare(this, other);
    }
  }

  /** Reads a file once for all its frames, and a frame once for all models. */
  private final class Pictures {
    private String blob;
    private DicomObject object;
    private FrameOf frame;
    private DisplayImage picture;

    DisplayImage read(FrameOf of) throws IOException {
      if (!of.equals(frame)) {
        if (!of.blob().equals(blob)) {
          object = DicomObject.read(blobs.path(of.blob()));
          blob = of.blob();
        }
        picture = DisplayPipeline.display(object, of.frame());
        frame = of;
      }
      return picture;
    }
  }

  private void run(
      UUID caseId, LoadedModel shadow, DisplayImage picture, List<SentenceResult> active) {
    ModelInput input = shadow.clip().preprocessor().apply(picture);
    try (PreparedImage prepared = shadow.methods().delivered().prepare(input)) {
      List<Attribution> made =
          prepared.attribute(active.stream().map(result -> result.sentence().text()).toList());
      for (int i = 0; i < made.size(); i++) {
        SentenceResult result = active.get(i);
        figures.save(
            new ShadowFigure(
                result.key().id(),
                caseId,
                shadow.name(),
                shadow.clip().card().hash(),
                figures(made.get(i)),
                figures(result.attribution()),
                agreement(
                    result.attribution().map(),
                    result.image().geometry(),
                    made.get(i).map(),
                    input.geometry())));
      }
    }
  }

  private static ShadowFigure.Figures figures(Attribution a) {
    return new ShadowFigure.Figures(a.similarity(), a.confidenceDrop(), a.confidenceIncrease());
  }

  /**
   * Returns the rank correlation of two models' maps of one image, over the patches of the first
   * whose centres the second has seen, with the second interpolated between its patches.
   *
   * @return in [-1, 1]; NaN if either map is flat or they share no patches
   */
  static double agreement(double[][] map, Geometry cut, double[][] other, Geometry otherCut) {
    List<Double> values = new ArrayList<>();
    List<Double> others = new ArrayList<>();
    for (int row = 0; row < map.length; row++) {
      double inputY = (row + 0.5) / map.length * cut.inputRows();
      double y = otherCut.inputY(cut.sourceY(inputY)) / otherCut.inputRows();
      for (int column = 0; column < map[0].length; column++) {
        double inputX = (column + 0.5) / map[0].length * cut.inputColumns();
        double x = otherCut.inputX(cut.sourceX(inputX)) / otherCut.inputColumns();
        if (y >= 0 && y < 1 && x >= 0 && x < 1) {
          values.add(map[row][column]);
          others.add(Upsampling.at(other, y, x));
        }
      }
    }
    return values.isEmpty() ? Double.NaN : RankCorrelation.spearman(array(values), array(others));
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
